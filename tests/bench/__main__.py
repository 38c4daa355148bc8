"""Measures the program as a person would meet it. Run by hand: `python -m tests.bench [NAME]...`

Figures are ratios within one run on one machine: compare the columns with each other, not with another day.
"""

from __future__ import annotations

import argparse
import sys

from tests.bench import idle, requests, startup, wire

BENCHES = {
    "startup": startup.main,
    "idle": idle.main,
    "requests": requests.main,
    "wire": wire.main,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[[], *BENCHES], help="which figures (all without a name)"
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="counted runs of each (after one that is not)"
    )
    args = parser.parse_args()
    for name in args.names or BENCHES:
        BENCHES[name](args.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
