"""Measures the program as a person would meet it. Run by hand: `python -m tests.bench [NAME]...`

Without a name: one table of all goals, in some 25 minutes; with `--quick` a shorter one in two.

Figures are ratios within one run on one machine: compare the columns with each other, not with another day.
"""

from __future__ import annotations

import argparse
import sys

from tests.bench import (
    change,
    first_paint,
    goals,
    idle,
    keys,
    peers,
    requests,
    scale,
    soak,
    ssh,
    startup,
    whole,
    wire,
)

BENCHES = {
    "change": change.main,
    "firstpaint": first_paint.main,
    "idle": idle.main,
    "keys": keys.main,
    "peers": peers.main,
    "requests": requests.main,
    "scale": scale.main,
    "soak": soak.main,
    "ssh": ssh.main,
    "startup": startup.main,
    "whole": whole.main,
    "wire": wire.main,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[[], *BENCHES], help="which figures (the goals without a name)"
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="counted runs of each (after one that is not)"
    )
    parser.add_argument("--quick", action="store_true", help="the goals in two minutes")
    parser.add_argument("--write", action="store_true", help="the goals go to RESULTS.md too")
    args = parser.parse_args()
    if not args.names:
        goals.main(args.runs, quick=args.quick, write=args.write)
    for name in args.names:
        BENCHES[name](args.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
