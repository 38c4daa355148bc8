"""The rows of the last run on the disk: what is kept, who could read it, and what a file that was touched does."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import warm
from tui.model.last_known import (
    MAX_AGE,
    MOST_ROWS,
    NAME,
    SIZE_LIMIT,
    LastKnown,
    Row,
    fresh,
    pack,
    unpack,
)
from tui.settings import last_rows

NOW = 1_800_000_000.0


def kept(*rows: Row, stamp: str = "1 2 3") -> LastKnown:
    found = warm.known(rows, stamp)
    found.seen = {one.profile: NOW - 60 for one in rows}
    return found


def texts(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in Row.__slots__}


def test_what_is_kept_comes_back() -> None:
    rows = [warm.row(number, now=NOW) for number in range(5)]
    found = unpack(pack(kept(*rows)))
    assert found is not None
    assert [texts(row) for row in found.rows] == [texts(row) for row in rows]
    assert (found.stamp, found.view, found.seen) == ("1 2 3", "live", {"identity": NOW - 60})
    assert found.looks == kept().looks


def test_it_is_bounded_however_much_there_is() -> None:
    many = [warm.row(number, now=NOW) for number in range(3 * MOST_ROWS)]
    found = unpack(pack(kept(*many)))
    assert found is not None
    assert len(found.rows) == MOST_ROWS
    long = [warm.row(number, now=NOW, subject="本" * 9999) for number in range(MOST_ROWS)]
    data = pack(kept(*long))
    assert len(data) <= SIZE_LIMIT
    assert unpack(data) is not None


def test_an_id_that_is_no_plain_text_is_not_kept_and_no_text_brings_controls() -> None:
    odd = warm.row(1, now=NOW, id="a\tb")
    loud = warm.row(2, now=NOW, customer="\x1b]52;c;eA==\x07\u202eAna\n\x9b2J", agent="a\tb")
    data = pack(kept(odd, loud))
    found = unpack(data)
    assert found is not None
    (row,) = found.rows
    assert row.id == "id-2"
    assert row.customer == "?]52;c;eA==??Ana??2J"
    assert data.decode().replace("\n", "").replace("\t", "").isprintable()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"row\n",
        lambda data: data.replace(b"last rows 1", b"last rows 2"),
        lambda data: data.replace(b"Ana", b"A\x1b[2Ja"),
        lambda data: data.replace(b"Ana", "A\u202ea".encode()),
        lambda data: data.replace(b"Ana", b"\xff"),
        lambda data: data.replace(b"Ana", b"A\ta"),
        lambda data: data.replace(b"look\tstale\t38", b"look\tstale\t38m\x1b["),
        lambda data: data.replace(b"look\tstale\t38", b"look\tstale\tH"),
        lambda data: data.replace(b"seen\tidentity\t1", b"seen\tidentity\tnan"),
        lambda data: data.replace(b"view\t", b"code\t"),
        lambda data: b"\n".join([data] * 2),
        lambda data: b"x" * (SIZE_LIMIT + 1),
        lambda _: b"",
    ],
)
def test_what_is_not_as_it_is_written_is_no_cache(change: Callable[[bytes], bytes]) -> None:
    data = pack(kept(*(warm.row(number, now=NOW) for number in range(3))))
    assert unpack(data) is not None
    assert unpack(change(data)) is None


@given(st.binary(max_size=300))
def test_no_file_makes_it_fail(data: bytes) -> None:
    whole = pack(kept(warm.row(1, now=NOW)))
    unpack(data)
    unpack(whole[:40] + data + whole[40:])


def test_rows_are_shown_for_a_day_at_most_and_not_beyond_what_is_kept_of_them() -> None:
    rows = [warm.row(1, until=NOW + 9e6), warm.row(2, until=NOW + 10), warm.row(3, until=None)]
    known = kept(*rows)
    assert [row.id for row in fresh(known, "1 2 3", NOW)] == ["id-1", "id-2"]
    assert [row.id for row in fresh(known, "1 2 3", NOW + 11)] == ["id-1"]
    assert fresh(known, "1 2 3", NOW - 60 + MAX_AGE) == []
    assert fresh(known, "1 2 3", NOW - 61) == []  # of the future
    assert fresh(known, "1 2 4", NOW) == []  # the store was changed
    assert fresh(known, "", NOW) == []


# --- the file ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> str:
    tmp_path.chmod(0o700)
    assert last_rows.write(str(tmp_path), pack(kept(warm.row(1, now=NOW))))
    return str(tmp_path)


def test_the_file_is_the_users_alone_and_replaced_whole(folder: str) -> None:
    path = Path(folder, NAME)
    assert stat.S_IMODE(path.stat().st_mode) == last_rows.mode(folder) == 0o600
    before = path.stat().st_ino
    path.chmod(0o644)
    assert last_rows.write(folder, pack(kept(warm.row(2, now=NOW))))
    assert (path.stat().st_ino != before, last_rows.mode(folder)) == (True, 0o600)
    assert [name for name in os.listdir(folder) if NAME in name] == [NAME]
    found = last_rows.read(folder)
    assert found is not None
    assert [row.id for row in found.rows] == ["id-2"]
    last_rows.remove(folder)
    last_rows.remove(folder)
    assert (last_rows.read(folder), last_rows.mode(folder)) == (None, None)


def test_the_folder_is_made_for_the_user_alone(tmp_path: Path) -> None:
    state = tmp_path / "new" / "state"
    assert last_rows.write(str(state), pack(kept()))
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def foreign(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    os.chown(path, 1, 1)


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x" * SIZE_LIMIT)


def foldered(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        linked,
        piped,
        foreign,
        longer,
        foldered,
        lambda path: path.chmod(0o640),
        lambda path: path.chmod(0o604),
        lambda path: os.link(path, path.with_name("other")),
        lambda path: path.parent.chmod(0o770),
    ],
)
def test_what_others_could_have_touched_is_not_read(
    folder: str, spoil: Callable[[Path], None]
) -> None:
    assert last_rows.read(folder) is not None
    spoil(Path(folder, NAME))
    assert last_rows.read(folder) is None


def test_nothing_is_written_where_others_can_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert not last_rows.write(str(tmp_path), pack(kept()))
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    assert not last_rows.write(str(link), pack(kept()))
    assert not [name for name in os.listdir(tmp_path) if NAME in name]
