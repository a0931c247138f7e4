"""`python -m dialects`: writes a dialect into a folder, judges one, or judges all that are in quarantine."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from dialects.dialect import Dialect, sensible
from dialects.faults import faults
from dialects.folder import write_folder
from dialects.laws import insist_on_blame, insist_on_praise
from dialects.quarantine import QUARANTINE
from dialects.suite import Suite


def main() -> int:
    options = arguments()
    return int(options.act(options))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dialects", description=__doc__)
    words = parser.add_subparsers(required=True, metavar="COMMAND")
    write = words.add_parser("write", help="write document and configuration into a folder, for `conformance run`")
    write.add_argument("folder", type=Path)
    write.set_defaults(act=writing)
    judge = words.add_parser("judge", help="hold the verdict on a dialect against its law")
    judge.set_defaults(act=judging)
    for command in (write, judge):
        command.add_argument("dialect", nargs="?", type=dialect, default=Dialect(), help="JSON: what differs")
        command.add_argument("--fault", default="", choices=faults(), metavar="NAME")
    words.add_parser("quarantine", help="say which entries can be taken off").set_defaults(act=releasing)
    return parser.parse_args()


def dialect(text: str) -> Dialect:
    return sensible(Dialect(**json.loads(text)))


def writing(options: argparse.Namespace) -> int:
    write_folder(options.folder, options.dialect, options.fault)
    return 0


def judging(options: argparse.Namespace) -> int:
    with Suite(folder=Path(tempfile.mkdtemp(prefix="dialect-"))) as suite:
        wrong = broken_law(suite, options.dialect, options.fault)
    sys.stdout.write(f"{wrong or 'It is judged rightly.'}\n")
    return bool(wrong)


def releasing(_options: argparse.Namespace) -> int:
    with Suite(folder=Path(tempfile.mkdtemp(prefix="dialects-"))) as suite:
        for entry in QUARANTINE:
            wrong = broken_law(suite, sensible(Dialect(**entry.deviations)), entry.fault)
            said = "still judged wrongly" if wrong else "CAN BE TAKEN OFF"
            sys.stdout.write(f"{said}: {entry.deviations} {entry.fault}\n  {wrong or entry.shows}\n")
            sys.stdout.flush()
    return 0


def broken_law(suite: Suite, described: Dialect, fault: str) -> str:
    """What is wrong about the verdict; empty if nothing is."""
    try:
        if fault:
            insist_on_blame(suite, described, fault)
        else:
            insist_on_praise(suite, described)
    except AssertionError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
