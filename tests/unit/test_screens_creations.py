"""New sessions on their way: who may create, what an answer changes, what a refusal names, what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tui.live.messages import Grown, Made
from tui.model.problem import Problem, Refused, UnknownOutcome, Unreachable
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.session import Key, Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Created, Told
from tui.providers.registry import SPECS
from tui.screens.creations import Creations, named_field, why_no_create
from tui.screens.telling import Telling
from tui.widgets.big_text import big, grouped
from tui.widgets.form_state import FormState
from tui.widgets.qr_code import encode, fitted

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ROW = Session(
    profile="goto-desk", provider="goto-remote-support", id=Opaque("7"), status=Status.WAITING
)
JOIN = Opaque("https://join.example/7")
LAUNCH = Opaque("https://launch.example/?token=abc")
LAUNCHED = Created(
    (
        Told(line("technician's launch link"), LAUNCH, copies=True),
        Told(line("customer's join link"), line("comes once the launch link was opened")),
    ),
    ref=Opaque("abc"),
)


def profile(provider: str, read_only: bool = False, **secrets: str) -> Profile:
    return Profile(
        "p",
        provider,
        "http://127.0.0.1:1",
        settings={"service_sid": "KS1"} if provider == "twilio-proxy" else {},
        secrets={name: Secret(value) for name, value in secrets.items()},
        read_only=read_only,
    )


class TestWho:
    @pytest.mark.parametrize(
        ("who", "read_only", "reason"),
        [
            (profile("goto-seeit"), False, None),
            (profile("twilio-proxy"), False, None),
            (Profile("p", "twilio-proxy", "x"), False, "no service sid"),
            (profile("goto-seeit"), True, "read-only"),
            (profile("goto-seeit", read_only=True), False, "read-only"),
            (profile("take-control", private_key="x"), False, "no public key"),
            (profile("take-control", public_key="x"), False, None),
        ],
    )
    def test_may_create(self, who: Profile, read_only: bool, reason: str | None) -> None:
        assert why_no_create(who, SPECS[who.provider], read_only=read_only) == reason

    def test_a_vendor_without_a_form(self) -> None:
        assert why_no_create(profile("x"), None, read_only=False) == "the vendor offers no way"

    def test_what_a_spec_needs_is_a_key_that_it_declares(self) -> None:
        for spec in SPECS.values():
            assert set(spec.create_needs) <= {key.name for key in spec.keys}


class TestFlights:
    def test_what_ended_while_nobody_looked_is_offered_first(self) -> None:
        made = Creations()
        flight = made.take_off(1, "goto-desk", NOW)
        assert made.sending("goto-desk") is flight
        flight.watched = False
        assert made.waiting() == [flight]
        assert made.hear([Made(1, LAUNCHED)]) == [flight]
        assert made.unseen() is flight
        made.see(flight)
        made.done(flight)
        assert made.unseen() is None
        assert made.flights == {}

    def test_answers_of_others_are_left_alone(self) -> None:
        assert Creations().hear([Made(9, LAUNCHED), Grown(9, ROW)]) == []

    def test_a_row_that_comes_later_is_offered_again_and_selected_when_seen(self) -> None:
        made = Creations()
        flight = made.take_off(1, "goto-desk", NOW)
        made.hear([Made(1, LAUNCHED)])
        made.see(flight)
        assert made.select == Key("goto-desk", Opaque("abc")), "the row that stands for it"
        made.select = None
        made.done(flight)
        assert made.hear([Grown(1, ROW)]) == [flight]
        assert made.unseen() is flight
        assert made.select is None, "nobody has looked: the cursor stays where it is"
        made.see(flight)
        assert made.select == ROW.key

    def test_a_draft_ends_with_its_session_and_outlives_a_refusal(self) -> None:
        made = Creations()
        for answer, kept in (
            (Made(1, None, problem=Refused("no", 400)), True),
            (Made(2, None, problem=UnknownOutcome("who knows")), True),
            (Made(3, LAUNCHED), False),
        ):
            made.drafts["goto-desk"] = FormState((), lambda _given: {})
            made.take_off(answer.ticket, "goto-desk", NOW)
            made.hear([answer])
            assert ("goto-desk" in made.drafts) is kept

    def test_a_late_row_leaves_the_draft_of_the_next_caller_alone(self) -> None:
        made = Creations()
        made.take_off(1, "goto-desk", NOW)
        made.hear([Made(1, LAUNCHED)])
        made.drafts["goto-desk"] = FormState((), lambda _given: {})
        made.hear([Grown(1, ROW)])
        assert "goto-desk" in made.drafts

    def test_a_doubted_one_that_is_found_ends_its_draft_unless_it_was_sent_again(self) -> None:
        for again in (False, True):
            made = Creations()
            made.drafts["goto-desk"] = FormState((), lambda _given: {})
            made.take_off(1, "goto-desk", NOW)
            made.hear([Made(1, None, problem=UnknownOutcome("who knows"))])
            if again:
                made.take_off(2, "goto-desk", NOW)
            made.hear([Grown(1, ROW)])
            assert ("goto-desk" in made.drafts) is again

    def test_an_unknown_outcome_stays_until_it_is_known(self) -> None:
        made = Creations()
        flight = made.take_off(1, "goto-desk", NOW)
        made.hear([Made(1, None, problem=UnknownOutcome("who knows"))])
        assert flight.unknown
        made.see(flight)
        made.done(flight)
        assert made.flights == {"goto-desk": flight}
        made.hear([Grown(1, ROW)])
        assert not flight.unknown

    def test_an_answer_that_tells_nothing_is_an_unknown_outcome(self) -> None:
        made = Creations()
        flight = made.take_off(1, "goto-desk", NOW)
        made.hear([Made(1, None)])
        assert flight.unknown

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            (None, "a session was created"),
            (Unreachable("no way"), "no session was created: no way"),
            (UnknownOutcome("hm"), "whether the session was created is not known"),
        ],
    )
    def test_one_line_for_the_queue(self, problem: Problem | None, words: str) -> None:
        made = Creations()
        flight = made.take_off(1, "goto-desk", NOW)
        made.hear([Made(1, None if problem else LAUNCHED, problem=problem)])
        assert flight.told() == f"goto-desk: {words}"


@pytest.mark.parametrize(
    ("provider", "message", "name"),
    [
        ("twilio-proxy", "400 80603: Session UniqueName must be unique", "unique_name"),
        ("twilio-proxy", "Invalid TTL", "ttl"),
        ("twilio-proxy", "the time to live is too long", "ttl"),
        ("take-control", "technician_username: no such user", "technician_username"),
        ("take-control", "customer_email is not valid", "customer_email"),
        ("goto-remote-support", "no machine of that UUID is in reach", "machine_uuid"),
        ("twilio-proxy", "something else went wrong", None),
        ("twilio-proxy", "thermostatus", None),
        ("goto-seeit", "licence in use", None),
    ],
)
def test_the_field_that_a_refusal_names(provider: str, message: str, name: str | None) -> None:
    form = SPECS[provider].create
    assert form is not None
    assert named_field(form, message) == name


class TestTelling:
    def text(self, telling: Telling, width: int = 76, *, ascii_only: bool = False) -> str:
        lines = telling.lines(width, NOW, zone=UTC, ascii_only=ascii_only)
        return "\n".join("".join(part.text for part in one) for one in lines)

    def test_the_promise_of_a_join_link_makes_way_for_the_link(self) -> None:
        before = Telling(LAUNCHED, None, late=False)
        assert "comes once the launch link was opened" in self.text(before)
        assert before.link == LAUNCH
        row = msgspec.structs.replace(ROW, links=Links(join=JOIN))
        after = Telling(LAUNCHED, row, late=True)
        assert "comes once" not in self.text(after)
        assert JOIN in self.text(after)
        assert after.link == JOIN
        assert after.first is not None
        assert after.first.text == LAUNCH

    def test_a_link_that_was_told_already_is_not_told_twice(self) -> None:
        created = Created((Told(line("verify link"), JOIN, copies=True),))
        row = msgspec.structs.replace(ROW, links=Links(join=JOIN))
        assert self.text(Telling(created, row, late=False)).count(JOIN) == 1

    def test_a_key_is_big_and_in_groups(self) -> None:
        created = Created((Told(line("support key"), Opaque("482913056"), copies=True),))
        text = self.text(Telling(created, None, late=False))
        assert "482 913 056" in text
        assert "┏━┓" in text
        assert self.text(Telling(created, None, late=False), ascii_only=True).isascii()

    def test_a_secret_is_told_to_whoever_created_it(self) -> None:
        created = Created((Told(line("session token"), Secret("abc-def"), copies=True),))
        assert "abc-def" in self.text(Telling(created, None, late=False))

    def test_when_it_ends(self) -> None:
        row = msgspec.structs.replace(ROW, expires_at=NOW + timedelta(hours=2))
        text = self.text(Telling(LAUNCHED, row, late=False))
        assert "2026-03-14 11:26:53, in 2h" in text

    def test_what_the_vendor_gives_nothing_for(self) -> None:
        told = (
            Told(line("session"), line("created; the vendor tells neither an id nor a link")),
            Told(line("requests waiting"), line("3")),
            Told(line("estimated wait"), line("about 4 min (the vendor's estimate)")),
        )
        telling = Telling(Created(told), None, late=False)
        text = self.text(telling)
        assert telling.link is None
        assert text.index("neither an id") < text.index("requests waiting") < text.index("about 4")

    @pytest.mark.parametrize("width", [40, 76, 110])
    def test_it_is_whole_at_every_width(self, width: int) -> None:
        link = Opaque("https://example.com/" + "x" * 200)
        created = Created((Told(line("start URL"), link, copies=True), *LAUNCHED.told))
        text = self.text(Telling(created, ROW, late=False), width)
        assert max(map(len, text.split("\n"))) <= width
        assert link in text.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("482913056", "482 913 056"),
        ("12345", "123 45"),
        ("1234567", "123 4567"),
        ("1234", "1234"),
        ("+14155550123", "+1 415 555 0123"),
        ("+4915155501", "+49 151 555 01"),
        ("+351912345678", "+351 912 345 678"),
        ("st-7f3a", "st-7f3a"),
        ("messenger:12345", "messenger:12345"),
    ],
)
def test_numbers_are_grouped_for_reading_aloud(text: str, read: str) -> None:
    assert grouped(line(text)) == read
    assert grouped(line(text)).replace(" ", "") == text


def test_big_digits_only_where_they_fit() -> None:
    assert big("482 913 056", 38, ascii_only=False) is None
    rows = big("482 913 056", 39, ascii_only=False)
    assert rows is not None
    assert {len(row) for row in rows} == {39}
    assert big("ABC", 80, ascii_only=False) is None
    drawn = {
        tuple(big(digit, 9, ascii_only=plain) or ())
        for digit in "0123456789"
        for plain in (True, False)
    }
    assert len(drawn) == 20, "no two digits look alike"


class TestQr:
    LINK = Opaque("https://connect.example/verify/0f6a8cfe9f1b4a77a1f56a7e7b1b5f11")

    def test_a_usual_link_fits_the_smallest_terminal(self) -> None:
        code = fitted(encode(self.LINK), 80, 23, ascii_only=False)
        assert code.columns <= 80
        assert code.rows <= 23

    def test_it_is_the_code_with_light_all_around(self) -> None:
        matrix = encode(self.LINK)
        code = fitted(matrix, 200, 100, ascii_only=False)
        inner = [row[4:-4] for row in code.matrix[4 : 4 + len(matrix)]]
        assert inner == [list(row) for row in matrix]
        assert not any(any(row) for row in (*code.matrix[:4], *code.matrix[4 + len(matrix) :]))
        assert not any(row[at] for row in code.matrix for at in (0, 1, 2, 3, -1, -2, -3, -4))

    def test_what_does_not_fit_says_what_it_takes(self) -> None:
        code = fitted(encode(Opaque(self.LINK * 6)), 80, 23, ascii_only=False)
        assert code.rows > 23
        plain = fitted(encode(self.LINK), 80, 23, ascii_only=True)
        assert plain.columns == 2 * plain.rows
