"""The same rows in the framework's own DataTable: what a program that is not built for this costs.

`python -m tests.bench.datatable_app [ROWS]`
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from tests.wire_app import made_up


class Table(App[None]):
    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = made_up(rows)

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("ST", "PROVIDER", "CUSTOMER", "SUBJECT", "AGENT")
        for one in self._rows:
            table.add_row(one.status.value, one.provider, one.customer, one.subject, one.agent)


if __name__ == "__main__":
    Table(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000).run()
