"""All keys as data: a stable id, the keys, the action, a short name for the key bar and a sentence for the help.

The ids are a contract: `config.toml` remaps by them. The letters are the design's; nothing is bound that tmux,
screen or a terminal takes for itself.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

_CLIPBOARD = "to the clipboard of your terminal (and on the status line)"
_NEW = "a new session; first what came of the last one, where nobody has looked yet"


def bind(
    id: str,
    keys: str,
    action: str,
    short: str,
    help: str,
    *,
    show: bool = True,
    shown: str | None = None,
) -> Binding:
    """One key. `shown` is how it is written where that differs from its name."""
    return Binding(keys, action, short, show=show, key_display=shown, tooltip=help, id=id)


EVERYWHERE: list[BindingType] = [
    bind(
        "app.profiles",
        "P",
        "profiles",
        "profiles",
        "the profiles: add, edit, check, sign in, remove",
        show=False,
    ),
    bind(
        "app.log", "L", "log", "log", "the event log: every request of the last hour, every write"
    ),
    bind("app.help", "question_mark", "help", "help", "this help", shown="?"),
    bind("app.quit", "q", "quit", "quit", "leave sessiontop"),
    bind("app.repaint", "ctrl+l", "repaint", "repaint", "paint the whole screen again", show=False),
    bind(
        "app.suspend", "ctrl+z", "suspend_process", "suspend", "suspend; fg comes back", show=False
    ),
]

QUEUE: list[BindingType] = [
    bind("queue.transcript", "t", "transcript", "transcript", "the transcript of this session"),
    bind("queue.create", "n", "app.create", "new", _NEW),
    bind(
        "queue.filter",
        "slash",
        "filter",
        "filter",
        "filter by words, as you type; Esc clears it",
        shown="/",
    ),
    bind(
        "queue.end",
        "x",
        "end",
        "end",
        "end it, or all that is marked, in its vendor's way (close, cancel); asks first",
    ),
    bind(
        "queue.actions",
        "a",
        "actions",
        "actions",
        "all that can be done to it, or to what is marked: extend, delete, ...",
    ),
    bind("queue.mark", "space", "mark", "mark", "mark or unmark, and go down", shown="Space"),
    bind(
        "queue.order",
        "s",
        "next_order",
        "order",
        "the next order: wait, age, status, provider, ...",
    ),
    bind("queue.reverse", "S", "reverse_order", "reverse", "reverse the order", show=False),
    bind("queue.view.live", "1", "view('live')", "live", "view: live sessions", show=False),
    bind("queue.view.waiting", "2", "view('waiting')", "waiting", "view: who waits", show=False),
    bind("queue.view.mine", "3", "view('mine')", "mine", "view: mine", show=False),
    bind("queue.view.ended", "4", "view('ended')", "ended", "view: what has ended", show=False),
    bind("queue.view.all", "5", "view('all')", "all", "view: all", show=False),
    bind(
        "queue.open-id",
        "o",
        "open_by_id",
        "open id",
        "open a session by id or token; it stays on the board",
    ),
    bind(
        "queue.unknown",
        "w",
        "app.unknown",
        "unknown",
        "writes without an answer: what is known of them, and what to do",
        show=False,
    ),
    bind("queue.copy-id", "y", "copy_id", "copy id", f"send the id {_CLIPBOARD}"),
    bind(
        "queue.export",
        "e",
        "export",
        "export",
        "write what is shown, or what is marked, to a file: JSON or CSV",
        show=False,
    ),
    bind(
        "queue.copy-link", "Y", "copy_link", "copy link", f"send the link {_CLIPBOARD}", show=False
    ),
    bind(
        "queue.refresh",
        "r",
        "refresh_now",
        "refresh",
        "ask every profile now, also those whose keys were rejected",
    ),
    bind("queue.pause", "p", "pause", "pause", "stop asking the vendors, or go on"),
    bind(
        "queue.clear-filter",
        "escape",
        "clear_filter",
        "clear",
        "clear the filter; without one, the marks",
        show=False,
        shown="Esc",
    ),
]

DETAIL: list[BindingType] = [
    bind("detail.back", "escape", "leave", "back", "back", shown="Esc"),
    bind(
        "detail.transcript",
        "t,enter",
        "transcript",
        "transcript",
        "the transcript, on the whole screen",
    ),
    bind("detail.create", "n", "app.create", "new", _NEW),
    bind("detail.end", "x", "end", "end", "end it in its vendor's way (close, cancel); asks first"),
    bind("detail.actions", "a", "actions", "actions", "all that can be done to it"),
    bind("detail.export", "e", "export", "export", "write the transcript to a file"),
    bind("detail.copy-id", "y", "copy_id", "copy id", f"send the id {_CLIPBOARD}"),
    bind("detail.copy-link", "Y", "copy_link", "copy link", f"send the link {_CLIPBOARD}"),
    bind(
        "detail.reveal",
        "v",
        "reveal",
        "secrets",
        "show or hide the fields that the vendor calls secret",
    ),
    bind("detail.refresh", "r", "refresh_now", "refresh", "ask this profile now"),
]

TRANSCRIPT: list[BindingType] = [
    bind("transcript.back", "escape", "leave", "back", "end the search, then back", shown="Esc"),
    bind("transcript.find", "slash", "find", "find", "find words, as you type", shown="/"),
    bind("transcript.next-match", "n", "next_match", "next match", "the next match"),
    bind(
        "transcript.previous-match",
        "N",
        "previous_match",
        "match before",
        "the match before",
        show=False,
    ),
    bind(
        "transcript.end",
        "x",
        "end",
        "end",
        "end it in its vendor's way (close, cancel); asks first",
    ),
    bind("transcript.actions", "a", "actions", "actions", "all that can be done to it"),
    bind("transcript.export", "e", "export", "export", "write the transcript to a file"),
    bind("transcript.copy-id", "y", "copy_id", "copy id", f"send the id {_CLIPBOARD}"),
    bind("transcript.refresh", "r", "refresh_now", "refresh", "ask this profile now"),
]

LOG: list[BindingType] = [
    bind("log.back", "escape", "leave", "back", "end the filter, then back", shown="Esc"),
    bind(
        "log.filter",
        "slash",
        "filter",
        "filter",
        "filter by words (write, a profile, a status), as you type",
        shown="/",
    ),
]

OUTCOMES: list[BindingType] = [
    bind(
        "outcomes.back",
        "escape",
        "leave",
        "back",
        "back; nothing on its way is stopped",
        shown="Esc",
    ),
]

HELP: list[BindingType] = [
    bind("help.back", "escape,question_mark", "leave", "back", "back", shown="Esc"),
]

PROFILE_CHOICE: list[BindingType] = [
    bind("choice.take", "enter", "take", "choose", "create with this profile", shown="Enter"),
    bind("choice.down", "down,j", "pick(1)", "next", "the next profile", show=False),
    bind("choice.up", "up,k", "pick(-1)", "before", "the profile before", show=False),
    bind("choice.back", "escape", "leave", "back", "back", shown="Esc"),
]

CREATE: list[BindingType] = [
    bind("create.help", "f1", "app.help", "help", "this help", shown="F1"),
    bind(
        "create.back",
        "escape",
        "leave",
        "back",
        "back; what was typed is kept, and what was sent goes on",
        shown="Esc",
    ),
]

RESULT: list[BindingType] = [
    bind("result.copy", "y", "copy_first", "copy", f"send the first of these {_CLIPBOARD}"),
    bind("result.copy-link", "Y", "copy_link", "copy link", f"send the link {_CLIPBOARD}"),
    bind("result.qr", "Q", "qr", "QR code", "the link as a QR code, for a phone"),
    bind("result.open", "enter", "open", "open", "open the new session", shown="Enter"),
    bind("result.back", "escape", "leave", "back", "back", shown="Esc"),
]

UNKNOWN: list[BindingType] = [
    bind("unknown.open", "enter", "open", "open", "open the session that was found", shown="Enter"),
    bind(
        "unknown.list",
        "w",
        "app.unknown",
        "what it may be",
        "all that is known of it, and what to do",
    ),
    bind("unknown.refresh", "r", "refresh_now", "look now", "ask this profile now"),
    bind("unknown.back", "escape", "leave", "back", "back to the list", shown="Esc"),
]

UNKNOWNS: list[BindingType] = [
    bind("unknowns.open", "enter", "open", "open", "open the session at the cursor", shown="Enter"),
    bind("unknowns.down", "down,j", "pick(1)", "next", "the next line", show=False),
    bind("unknowns.up", "up,k", "pick(-1)", "before", "the line before", show=False),
    bind("unknowns.match", "m", "match", "this is it", "the write made this session; asks first"),
    bind(
        "unknowns.again",
        "s",
        "again",
        "again",
        "send it once more; asks first, and shows what was found",
    ),
    bind(
        "unknowns.drop",
        "d",
        "drop",
        "drop",
        "not wanted in this list any more; asks first, sends nothing",
    ),
    bind(
        "unknowns.refresh",
        "r",
        "refresh_now",
        "look now",
        "ask its profile now, also while paused",
        show=False,
    ),
    bind(
        "unknowns.back",
        "escape",
        "leave",
        "back",
        "back; what is cleared up leaves the list",
        shown="Esc",
    ),
]

QR: list[BindingType] = [
    bind("qr.back", "escape,Q", "leave", "back", "back", shown="Esc"),
]

PROFILES: list[BindingType] = [
    bind("profiles.back", "escape", "leave", "back", "back", shown="Esc"),
    bind("profiles.edit", "enter", "edit", "edit", "change this profile", shown="Enter"),
    bind("profiles.add", "n", "add", "add", "add a profile"),
    bind("profiles.check", "c", "check", "check", "ask the vendor whether its keys work"),
    bind("profiles.remove", "x,d", "remove", "remove", "take it out of the store; asks first"),
    bind(
        "profiles.sign-in", "i", "sign_in", "sign in", "sign in at the vendor, where it is needed"
    ),
    bind("profiles.down", "down,j", "pick(1)", "next", "the next profile", show=False),
    bind("profiles.up", "up,k", "pick(-1)", "before", "the profile before", show=False),
    bind("profiles.more", "pagedown", "scroll(1)", "more", "more of what is told", show=False),
    bind("profiles.less", "pageup", "scroll(-1)", "less", "back up", show=False),
]

PICK: list[BindingType] = [
    bind("pick.take", "enter", "take", "choose", "take this one", shown="Enter"),
    bind("pick.down", "down,j", "pick(1)", "next", "the next one", show=False),
    bind("pick.up", "up,k", "pick(-1)", "before", "the one before", show=False),
    bind("pick.back", "escape", "leave", "back", "back", shown="Esc"),
]

PROFILE_FORM: list[BindingType] = [
    bind("profile-form.help", "f1", "app.help", "help", "this help", shown="F1"),
    bind(
        "profile-form.back", "escape", "leave", "back", "back; what was typed is gone", shown="Esc"
    ),
]

SIGN_IN: list[BindingType] = [
    bind(
        "sign-in.paste", "enter,tab", "type", "type it", "type or paste the answer", shown="Enter"
    ),
    bind("sign-in.copy", "y", "copy", "copy", f"send the address {_CLIPBOARD}"),
    bind("sign-in.qr", "Q", "qr", "QR code", "the address as a QR code, for a phone"),
    bind("sign-in.back", "escape", "leave", "back", "back", shown="Esc"),
]

WELCOME: list[BindingType] = [
    bind("welcome.add", "n", "add", "add", "add the first profile"),
]
