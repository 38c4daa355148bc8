"""What was said in one session: follows its end live, stays put once the reader scrolled up, can be searched."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.model.transcript import EntryKind, Role, Transcript
from tui.widgets.cells import cut
from tui.widgets.cells import width as cells_of
from tui.widgets.frame_view import FrameView, Line, Run
from tui.widgets.glyphs import glyphs
from tui.widgets.transcript_lines import BodyLine, Layout
from tui.widgets.transcript_search import Match, Search

_LOOKS = ("time", "author", "call", "event", "note", "day", "match", "current")
_KEYS = (
    ("down,j", "line_by(1)", "A line down", "down"),
    ("up,k", "line_by(-1)", "A line up", "up"),
    ("home,g", "go_top", "The beginning", "top"),
    ("end,G", "go_end", "The end, and follow it", "bottom"),
    ("ctrl+d", "half_page(1)", "Half a page down", "half-down"),
    ("ctrl+u", "half_page(-1)", "Half a page up", "half-up"),
    ("pagedown", "full_page(1)", "A page down", "page-down"),
    ("pageup", "full_page(-1)", "A page up", "page-up"),
)


class TranscriptView(FrameView):
    """`show` takes the whole transcript each time; only what is new or changed is laid out and painted.

    `zone` is the time zone that times and days are shown in. `new_count` is how many entries came since the
    reader scrolled up, 0 while the end is in sight.
    """

    LOOK_PREFIX = "transcript-view"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"transcript-view--{name}" for name in (*_LOOKS, *(role.value for role in Role))
    }
    DEFAULT_CSS = """
    TranscriptView {
        & > .transcript-view--time { color: $text-muted; }
        & > .transcript-view--author { text-style: bold; }
        & > .transcript-view--customer { color: $text-warning; }
        & > .transcript-view--agent { color: $text-success; }
        & > .transcript-view--system { color: $text-muted; }
        & > .transcript-view--call { color: $text-secondary; }
        & > .transcript-view--event { color: $text-muted; }
        & > .transcript-view--note { color: $text-muted; }
        & > .transcript-view--day { color: $text-muted; }
        & > .transcript-view--match { background: $warning 30%; text-style: underline; }
        & > .transcript-view--current { background: $warning; color: $text; text-style: bold; }
        &:ansi > .transcript-view--time { text-style: dim; }
        &:ansi > .transcript-view--system { text-style: dim; }
        &:ansi > .transcript-view--event { text-style: dim; }
        &:ansi > .transcript-view--note { text-style: dim; }
        &:ansi > .transcript-view--day { text-style: dim; }
        &:ansi > .transcript-view--match { background: $background; text-style: underline; }
        &:ansi > .transcript-view--current { background: $background; color: $text; text-style: reverse bold; }
        &:nocolor > .transcript-view--match { background: $background; text-style: underline; }
        &:nocolor > .transcript-view--current { background: $background; color: $text; text-style: reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, words, tooltip=words, show=False, id=f"transcript.{name}")
        for keys, action, words, name in _KEYS
    ]

    new_count: reactive[int] = reactive(0, repaint=False, init=False)

    class NewBelow(Message):
        """How many entries wait below the screen now; 0 when the end is in sight again."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(
        self, *, zone: tzinfo = UTC, ascii_only: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._signs = glyphs(ascii_only=ascii_only)
        self._layout_of = Layout(zone, self._signs)
        self._search = Search()
        self._search_from: tuple[int, int] | None = None
        self._following = True

    # --- entries ----------------------------------------------------------------------------------------

    @property
    def has_entries(self) -> bool:
        """Whether there is anything to read."""
        return bool(self._layout_of.entries)

    @property
    def following(self) -> bool:
        """Whether the view stays at the end when entries come."""
        return self._following

    def show(self, transcript: Transcript) -> None:
        """The transcript as it is now; the same one again paints nothing."""
        laid = self._layout_of
        if transcript.entries == laid.entries:
            return
        old, held = laid.entries, self._search.match
        self._lay(transcript)
        if held is not None:
            held = held._replace(entry=laid.number_of(old[held.entry], held.entry))
        self._search.run(laid.bodies, held)
        if not self._following:
            self.new_count += max(0, len(laid.entries) - len(old))
        self.sync()

    def _lay(self, transcript: Transcript | None = None) -> None:
        """Lays out anew, with the same line on top, or the end in sight while it is followed."""
        laid, top = self._layout_of, self.scroll_offset.y
        held = laid.lines[top] if top < len(laid.lines) else None
        old = laid.entries
        laid.lay(old if transcript is None else transcript.entries, self.view_size.width or 80)
        self.set_lines(len(laid.lines))
        if self._following or held is None or not laid.entries:
            self.jump(self._last_top)
        else:
            number = laid.number_of(old[held.entry], held.entry)
            place = Match(number, held.start, held.end)
            self.jump(self._line_of(place) - (held.day is not None))

    @property
    def _last_top(self) -> int:
        return max(0, len(self._layout_of.lines) - self.view_size.height)

    # --- search -----------------------------------------------------------------------------------------

    def find(self, text: str) -> int:
        """Marks every occurrence, whatever its case, goes to the nearest and returns how many there are."""
        search, laid = self._search, self._layout_of
        if self._search_from is None:
            top = self.scroll_offset.y
            line = laid.lines[top] if top < len(laid.lines) else BodyLine(0, 0, 0)
            self._search_from = (line.entry, line.start)
        search.look_for(text)
        search.run(laid.bodies)
        search.start_at(*self._search_from)
        self._show_match()
        return len(search.matches)

    def next_match(self) -> int:
        """Goes to the next occurrence and returns its number from 1 on; 0 without any."""
        return self._step(1)

    def previous_match(self) -> int:
        """Goes to the occurrence before and returns its number from 1 on; 0 without any."""
        return self._step(-1)

    def clear_find(self) -> None:
        """Ends the search; the view stays where it is."""
        self._search.look_for("")
        self._search_from = None
        self.sync()

    @property
    def match_number(self) -> int:
        """The current occurrence's number from 1 on; 0 without any."""
        return self._search.current + 1

    @property
    def match_count(self) -> int:
        """How many occurrences there are."""
        return len(self._search.matches)

    def _step(self, by: int) -> int:
        self._search.step(by)
        self._show_match()
        return self.match_number

    def _show_match(self) -> None:
        match = self._search.match
        if match is not None:
            line, top, height = self._line_of(match), self.scroll_offset.y, self.view_size.height
            if not top <= line < top + height:
                self.jump(max(0, min(line - height // 2, self._last_top)))
        self.sync()

    def _line_of(self, place: Match) -> int:
        """The number of the line that holds a place in an entry's body."""
        lines, line = self._layout_of.lines, self._layout_of.starts[place.entry]
        while not lines[line].last and lines[line].end <= place.start:
            line += 1
        return line

    # --- painting ---------------------------------------------------------------------------------------

    def frame(self, width: int, height: int) -> list[Line]:
        top = self.scroll_offset.y
        shown = self._layout_of.lines[top : top + height]
        lines = [self._line(line, width) for line in shown]
        return lines + [(Run(" " * width),)] * (height - len(lines))

    def _line(self, line: BodyLine, width: int) -> Line:
        laid = self._layout_of
        if line.day is not None:
            return laid.day_line(line.day)
        runs = laid.before_text(line)
        kind = laid.entries[line.entry].kind
        look = "event" if laid.is_event(line) else "call" if kind is EntryKind.CALL else ""
        text = laid.bodies[line.entry][line.start : line.end]
        if look == "event":
            text = cut(text, width - laid.shape.indent - 1, ellipsis=self._signs.ellipsis)
        runs += self._marked(text, line, look)
        runs.append(Run(laid.note(line), "note"))
        used = sum(cells_of(run.text) for run in runs)
        return (*(run for run in runs if run.text), Run(" " * (width - used)))

    def _marked(self, text: str, line: BodyLine, look: str) -> list[Run]:
        """The text in runs, the matches in their own look."""
        runs, at = [], 0
        for match, current in self._search.in_entry(line.entry):
            start = max(at, match.start - line.start)
            end = min(len(text), match.end - line.start)
            if start < end:
                runs.append(Run(text[at:start], look))
                runs.append(Run(text[start:end], "current" if current else "match"))
                at = end
        return [*runs, Run(text[at:], look)]

    # --- keys and screen --------------------------------------------------------------------------------

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._following = round(new_value) >= self._last_top
        if self._following:
            self.new_count = 0
        super().watch_scroll_y(old_value, new_value)

    def watch_new_count(self, count: int) -> None:
        self.post_message(self.NewBelow(count))

    def on_resize(self) -> None:
        self._lay()
        self.sync()

    def action_line_by(self, lines: int) -> None:
        self.jump(max(0, min(self.scroll_offset.y + lines, self._last_top)))

    def action_half_page(self, sign: int) -> None:
        self.action_line_by(sign * max(1, self.view_size.height // 2))

    def action_full_page(self, sign: int) -> None:
        self.action_line_by(sign * max(1, self.view_size.height - 1))

    def action_go_top(self) -> None:
        self.jump(0)

    def action_go_end(self) -> None:
        self.jump(self._last_top)
