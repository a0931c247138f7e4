"""The command line: parses, calls, and turns what happens into an exit code."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import conformance
from conformance.contract.reading.location import location
from conformance.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

DURATION, UNITS = re.compile(r"(\d+(?:\.\d+)?)([smh]?)"), {"": 1, "s": 1, "m": 60, "h": 3600}
EXITS = (
    "exit codes: 0 conformant, 1 not conformant, 2 usage or configuration, 3 error of the suite, "
    "4 target not reachable or nothing tried, 5 stopped before the end"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; errors that users meet are a sentence on stderr."""
    given = parser().parse_args(arguments)
    with contextlib.suppress(ValueError):  # not in the main thread
        _heed_signals()
    try:
        command = importlib.import_module(f"conformance.commands.{given.command}")  # nothing before it is needed
        return int(command.execute(given))
    except ReportedError as error:
        return told(error, error.exit_code)
    except KeyboardInterrupt:
        return told("Interrupted; no verdict.", 5)


def _heed_signals() -> None:
    """SIGINT and SIGTERM end the run in order: what is known is written, and a target that was started is stopped."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(number: int, _frame: object) -> None:
    """Raises KeyboardInterrupt; CI systems send SIGTERM soon after SIGINT, which does not cut the end short."""
    signal.signal(signal.SIGTERM, lambda *_: None)  # SIG_IGN would be complained of where it is pending already
    raise KeyboardInterrupt(signal.Signals(number).name)


def told(message: object, code: int) -> int:
    sys.stderr.write(f"conformance: {message}\n")
    return code


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="conformance", description=conformance.__doc__, epilog=EXITS)
    whole.add_argument("--version", action="version", version=conformance.__version__)
    words = whole.add_subparsers(required=True, metavar="COMMAND")
    _run(words.add_parser("run", help="judge a target", epilog=EXITS))
    _init(words.add_parser("init", help="write a commented configuration from what a URL shows", epilog=EXITS))
    _doctor(words.add_parser("doctor", help="is everything fit for a run? in seconds, before it", epilog=EXITS))
    _prove(words.add_parser("prove", help="run the suite on every faulty variant: can the checks fail?", epilog=EXITS))
    _list(words.add_parser("list", help="the clauses, a line each"))
    _explain(words.add_parser("explain", help="all about one clause"))
    _coverage(words.add_parser("coverage", help="which clause is checked, by what, proven by which fault"))
    _compare(words.add_parser("compare", help="two reports beside each other: what fails anew, what is mended"))
    _docs(words.add_parser("docs", help="build the documentation site"))
    return whole


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, but is {number}")
    return number


def duration(text: str) -> float:
    """Seconds, of `90s`, `5m`, `1h` or a plain number."""
    found = DURATION.fullmatch(text)
    seconds = float(found[1]) * UNITS[found[2]] if found else 0.0
    if seconds < 1:
        raise argparse.ArgumentTypeError(f"must be a time of one second or more, such as 90s, 5m or 1h, but is {text}")
    return seconds


def _run(command: argparse.ArgumentParser) -> None:
    _place(command)
    _target(command)
    command.add_argument("--no-doctor", action="store_true", help="do not look first whether everything is fit for it")
    command.add_argument("--fault", default="", help="start this faulty variant of the configured target")
    _selection(command)
    command.add_argument("--seed", type=int, help="repeats the generated requests (and the order) of an earlier run")
    command.add_argument("--shuffle", action="store_true", help="runs the checks in an order drawn from the seed")
    command.add_argument("--examples", type=positive, default=12, help="generated requests an operation (default: 12)")
    command.add_argument(
        "--workers",
        type=positive,
        help="processes that share the checks (default: 2 where the suite starts the target)",
    )
    command.add_argument("--report-dir", type=Path, default=Path("conformance-report"), help="where the reports go")
    command.add_argument("--baseline", type=Path, help="known failures, which do not fail the run")
    command.add_argument(
        "--at-least", default="", metavar="PERCENT", help="not conformant if less than this of what applies was tried"
    )
    command.add_argument("--quiet", action="store_true", help="print the verdict alone")
    command.set_defaults(command="run")


def _selection(command: argparse.ArgumentParser) -> None:
    for option, metavar, told in (
        ("--only", "ID", "a clause or chapter"),
        ("--operation", "ID", "the checks of this operation"),
        ("--path", "PATH", "the checks of operations on this path; * stands for any text"),
        ("--tag", "TAG", "the checks of operations with this tag"),
    ):
        command.add_argument(option, action="append", default=[], metavar=metavar, help=f"{told}; may be repeated")
    levels = ("MUST", "SHOULD", "MAY")
    command.add_argument(
        "--level", action="append", default=[], type=str.upper, choices=levels, help="clauses of it; may be repeated"
    )
    command.add_argument("--last-failed", action="store_true", help="the places that failed in the report before")
    command.add_argument("--fail-fast", action="store_true", help="end with the first failure")
    command.add_argument(
        "--max-time", type=duration, metavar="TIME", help="end by then with what is known: 90s, 5m, 1h"
    )


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "place",
        type=location,
        metavar="URL_OR_FILE",
        help="where the API is, or its OpenAPI document; nothing else is asked",
    )
    command.add_argument(
        "--contract", type=location, help="OpenAPI document, a file or a URL; without it, one is looked for at the URL"
    )
    command.add_argument(
        "--output", type=Path, default=Path("conformance.toml"), metavar="FILE", help="what is written"
    )
    command.set_defaults(command="init")


def _doctor(command: argparse.ArgumentParser) -> None:
    _place(command)
    _target(command)
    command.set_defaults(command="doctor")


def _place(command: argparse.ArgumentParser) -> None:
    command.add_argument("url", nargs="?", default="", help="judge the target at this URL and start none")
    command.add_argument("--receiver-url", default="", help="public address of the suite's webhook receiver")


def _prove(command: argparse.ArgumentParser) -> None:
    _target(command)
    command.add_argument("--json", type=Path, metavar="FILE", help="write the kill matrix there")
    command.add_argument("--only", action="append", default=[], metavar="ID", help="a fault, clause or chapter")
    command.add_argument("--workers", type=positive, help="variants judged side by side (default: three a core)")
    command.set_defaults(command="prove")


def _list(command: argparse.ArgumentParser) -> None:
    _target(command)
    command.set_defaults(command="list")


def _explain(command: argparse.ArgumentParser) -> None:
    _target(command)
    command.add_argument("id", help="id of a clause")
    command.set_defaults(command="explain")


def _coverage(command: argparse.ArgumentParser) -> None:
    _target(command)
    command.add_argument("--json", action="store_true", help="print the counts as JSON")
    command.set_defaults(command="coverage")


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, help="report.json of an earlier run")
    command.add_argument("new", type=Path, help="report.json of a later one")
    command.set_defaults(command="compare")


def _docs(command: argparse.ArgumentParser) -> None:
    words = command.add_subparsers(required=True, metavar="COMMAND")
    build = words.add_parser("build", help="write the site into a directory")
    _target(build)
    build.add_argument("directory", type=Path)
    build.set_defaults(command="docs")


def _target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, help="conformance.toml of the target")
    command.add_argument(
        "--contract", type=location, help="OpenAPI document, a file or a URL, in the place of the configured one"
    )
    command.add_argument("--asyncapi", type=location, help="AsyncAPI document beside --contract")
    command.add_argument(
        "--overlay", type=Path, action="append", default=[], help="OpenAPI Overlay 1.0; may be repeated"
    )
    command.add_argument("--journeys", type=Path, help="Arazzo document: what is special to the contract")


if __name__ == "__main__":
    sys.exit(main())
