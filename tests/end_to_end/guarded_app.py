"""A small full-screen program that does with the guard what the real one does; its keys provoke trouble.

i counts, q quits, c crashes in a handler, w in a worker, p with a problem of our own; f floods the terminal;
b blocks the loop. `--beat FD`: writes a dot to that descriptor for each turn of the loop while flooding.
"""

from __future__ import annotations

import os
import sys
import time

from tui.terminal.guard import Guard, refusal, scrub_environment

CANARY = "canary-7f3a"


def main() -> int:
    """As `tui.__main__`: checks, guard, app, and only then what there is to say."""
    reason = refusal(os.environ)
    if reason is not None:
        sys.stderr.write(reason + "\n")
        return 2
    scrub_environment(os.environ)
    beat = int(sys.argv[sys.argv.index("--beat") + 1]) if "--beat" in sys.argv else None
    with Guard() as guard:
        if "--fail-early" in sys.argv:
            return 3
        app = build(guard, beat)
        app.run()
    if app.crash is not None:
        guard.tell(app.crash.text())
    return guard.exit_code(app.return_code)


def build(guard: Guard, beat: int | None):  # type: ignore[no-untyped-def]
    """The app; Textual is imported only here, under the guard."""
    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Static

    from tui.model.problem import Problem
    from tui.terminal.hooks import SafeApp

    class GuardedApp(SafeApp[None]):
        BINDINGS = [  # noqa: RUF012
            ("q", "quit", "quit"),
            ("ctrl+z", "suspend_process", "stop"),
            ("ctrl+l", "repaint", "repaint"),
        ]
        count = 0
        shape = ""

        def compose(self) -> ComposeResult:
            yield Static("", id="state", markup=False)
            yield Static("", id="flood", markup=False)

        def show(self, word: str) -> None:
            self.query_one("#state", Static).update(f"{word} count={self.count} {self.shape} end")

        def on_resize(self, event: events.Resize) -> None:
            self.shape = f"size={event.size.width}x{event.size.height}"
            self.show("READY")

        def key_i(self) -> None:
            self.count += 1
            self.show("COUNTED")

        def key_c(self) -> None:
            held = {"token": CANARY}
            raise KeyError(f"no {held}")

        def key_w(self) -> None:
            self.run_worker(self.fail(CANARY))

        async def fail(self, token: str) -> None:
            raise ValueError(f"bad {token}")

        def key_p(self) -> None:
            raise Problem("the \x1b[31mvendor said no")

        def key_f(self) -> None:
            self.set_interval(0.01, self.flood)

        def flood(self) -> None:
            if beat is not None:
                os.write(beat, b".")
            letter = chr(ord("A") + time.monotonic_ns() // 1_000_000 % 26)
            self.query_one("#flood", Static).update((letter * 79 + "\n") * 20)

        def key_b(self) -> None:
            self.show("BLOCKED")
            self.call_after_refresh(self.block)

        def block(self) -> None:
            while True:
                time.sleep(0.1)

    return GuardedApp(guard=guard)


if __name__ == "__main__":
    sys.exit(main())
