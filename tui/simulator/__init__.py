"""Simulated vendors over one deterministic support desk; loopback only, written from the sheets.

Importing this package loads nothing: `tui.simulator.play` (options, for `--help`) needs the
standard library only, `tui.simulator.server` brings Starlette and uvicorn.
"""
