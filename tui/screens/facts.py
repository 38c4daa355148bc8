"""All that is known of one session, as lines: pure, so that it can be tested without a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from rich.cells import cell_len

from tui.model.age import coarse
from tui.model.retention import Retention, kept
from tui.model.secret import Secret
from tui.model.session import FieldValue, Session, age_seconds, wait_seconds
from tui.model.text import Clean, Opaque, line, shown
from tui.widgets.line_list import Line, Part, wrapped

LABEL_CELLS = 19
_STATUS_LOOKS = {"waiting": "warning", "active": "good", "failed": "bad", "unknown": "warning"}


def facts(
    session: Session,
    now: datetime,
    width: int,
    *,
    zone: tzinfo,
    provider: Clean,
    ascii_only: bool,
    reveal: bool,
    retention: Sequence[Retention] = (),
    expires: str = "",
) -> list[Line]:
    """The session in `width` cells. `zone` is only for showing times; secrets only with `reveal`.

    `retention` is what the vendor keeps of it, `expires` what its `expires_at` is the end of.
    """
    maker = _Facts(now, width, zone, ascii_only)
    return [
        *maker.people(session, provider),
        *maker.times(session, expires),
        *maker.kept(session, retention),
        *maker.links(session),
        *maker.fields(session, reveal=reveal),
    ]


class _Facts:
    def __init__(self, now: datetime, width: int, zone: tzinfo, ascii_only: bool) -> None:
        self._now, self._width, self._zone, self._ascii = now, width, zone, ascii_only

    def people(self, session: Session, provider: Clean) -> Iterator[Line]:
        status = session.status
        words = f"{status.glyph(ascii_only=self._ascii)} {status.value}"
        look = _STATUS_LOOKS.get(status.value, "strong")
        told = [_label("status"), Part(line(words), look)]
        yield _heading("Session")
        if session.provider_status and session.provider_status != status.value:
            vendors = Part(line(f'"{session.provider_status}" at the vendor'), "muted")
            yield from wrapped([*told, Part(line("   "))], vendors, self._width)
        else:
            yield tuple(told)
        yield from self._wait(session)
        yield from self._row("customer", session.customer, "strong")
        yield from self._row("e-mail", session.customer_email)
        yield from self._row("phone", session.customer_phone)
        yield from self._row("subject", session.subject)
        yield from self._row("agent", session.agent)
        yield from self._row("kind", session.kind)
        yield from self._row("profile", line(f"{session.profile} ({provider})"))
        yield from self._row("id", shown(session.id))

    def _wait(self, session: Session) -> Iterator[Line]:
        waited = wait_seconds(session, self._now)
        if waited is not None:
            yield from self._row("waiting for", line(coarse(waited)), "warning")
        if session.estimated_wait_minutes is not None:
            yield from self._row(
                "estimated wait", line(f"~{session.estimated_wait_minutes:g}m, says the vendor")
            )

    def times(self, session: Session, expires: str) -> Iterator[Line]:
        times = (
            ("created", session.created_at),
            ("started", session.started_at),
            ("joined", session.joined_at),
            ("ended", session.ended_at),
            ("updated", session.updated_at),
            (self._expiry(session, expires), session.expires_at),
        )
        yield ()
        yield _heading("Times")
        for name, at in times:
            if at is not None:
                yield (
                    _label(name),
                    Part(self._moment(at)),
                    Part(line(f"   {self._relative(at)}"), "muted"),
                )
        if session.began is None:
            yield from self._row("age", line("the vendor gives no time"), "muted")
        elif session.ended_at is not None and session.status.live is False:
            length = (session.ended_at - session.began).total_seconds()
            yield from self._row("lasted", line(coarse(max(0.0, length))))
        elif session.status.live:
            yield from self._row("age", line(coarse(age_seconds(session, self._now))))

    def _expiry(self, session: Session, what: str) -> str:
        """`expires`, or `expired` where that has passed; of `what`, where it is not the session."""
        at = session.expires_at
        passed = at is not None and at <= self._now
        return f"{what} {'expired' if passed else 'expires'}".lstrip()

    def kept(self, session: Session, retention: Sequence[Retention]) -> Iterator[Line]:
        """What the vendor keeps of an ended session, and until when."""
        told = list(kept(retention, session, self._now, lambda at: str(self._moment(at))[:-3]))
        if told:
            yield ()
            yield _heading("Kept by the vendor")
        for what, words in told:
            yield from self._row(what, words)

    def _moment(self, at: datetime) -> Clean:
        return line(f"{at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}")

    def _relative(self, at: datetime) -> str:
        seconds = (self._now - at).total_seconds()
        return f"{coarse(seconds)} ago" if seconds >= 0 else f"in {coarse(-seconds)}"

    def links(self, session: Session) -> Iterator[Line]:
        links = session.links
        told = (
            ("join", links.join),
            ("start", links.start),
            ("recording", links.recording),
            ("data", links.data),
            ("partner", links.partner),
        )
        if any(link for _, link in told):
            yield ()
            yield _heading("Links")
        for name, link in told:
            if link is not None:
                yield from self._row(name, _shown_link(link))

    def fields(self, session: Session, *, reveal: bool) -> Iterator[Line]:
        if not session.fields:
            return
        yield ()
        yield _heading("The vendor's other fields")
        for name, value in session.fields:
            yield from self._row(name, *_shown_field(value, reveal=reveal))

    def _row(self, label: str, value: Clean | None, look: str = "") -> Iterator[Line]:
        if value:
            yield from wrapped([_label(label)], Part(value, look), self._width)


def _shown_link(link: Opaque) -> Clean:
    return shown(link, 2048)


def _shown_field(value: FieldValue, *, reveal: bool) -> tuple[Clean, str]:
    if isinstance(value, Secret):
        return (
            (line(value.reveal()), "warning") if reveal else (line("***   (v shows it)"), "muted")
        )
    if value is None:
        return line("-"), "muted"
    if isinstance(value, bool):
        return line("yes" if value else "no"), ""
    return line(value, 4096), ""


def _label(name: str) -> Part:
    text = line(name, LABEL_CELLS - 1)
    return Part(line(text + " " * (LABEL_CELLS - cell_len(text))), "muted")


def _heading(name: str) -> Line:
    return (Part(line(name), "title"),)
