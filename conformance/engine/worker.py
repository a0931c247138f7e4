"""One worker: looks at the target, makes its share of the checks, and tells what it finds."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from conformance import fixtures
from conformance.engine.cleanup import clean_up
from conformance.engine.limits import FIRST_FAILURE
from conformance.engine.messages import Done, Found
from conformance.engine.plugin import Plugin
from conformance.engine.processes import new_claims
from conformance.engine.server_errors import server_errors_found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.engine.messages import Message
    from conformance.engine.processes import Claims
    from conformance.engine.selected_checks import Selection
    from conformance.harness import Harness
    from conformance.http.client import Client
    from conformance.results.model import Outcome

QUIET = ("--disable-plugin-autoload", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging")
QUIETER = ("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:junitxml", "-p", "no:faulthandler")
OPTIONS_OF_OTHERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # meant for the tests of whoever runs the suite
COLLECTION_FAILED = {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


@dataclass(frozen=True, kw_only=True)
class PreflightResult:
    """What a first look at the target has shown: why no check could say anything, if so."""

    unanswered: str = ""
    misconfigured: str = ""

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.misconfigured)


class KeyboardInterruption:
    """Remembers that a signal stopped the run, which pytest reports in the same way as its own stops."""

    error: KeyboardInterrupt | None = None

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, KeyboardInterrupt):
            self.error = excinfo.value


@dataclass
class RequestCount:
    """How many requests a client has sent since this was asked before."""

    client: Client
    told: int = 0

    def __call__(self) -> int:
        new, self.told = self.client.sent - self.told, self.client.sent
        return new


def work(
    harness: Harness,
    selection: Selection,
    tell: Callable[[Message], None],
    claims: Claims | None = None,
    look: Callable[[Harness], PreflightResult] | None = None,
    part: Callable[[], None] = lambda: None,
) -> None:
    """Makes the checks that this worker claims, all of them by default, unless a first look finds that none can be.

    `part` is called before its servers end. Raises KeyboardInterrupt after it has told what it knows.
    """
    with harness.serving(), contextlib.ExitStack() as stack:
        stack.callback(part)
        if look is None or _seen(harness, look, tell):
            _check(harness, selection, tell, claims or new_claims())


def preflight(harness: Harness, look: Callable[[Harness], PreflightResult], tell: Callable[[Message], None]) -> None:
    """The first look alone."""
    with harness.serving():
        _seen(harness, look, tell)


def _seen(harness: Harness, look: Callable[[Harness], PreflightResult], tell: Callable[[Message], None]) -> bool:
    """The first look has found nothing that is in the way of all checks."""
    seen = look(harness)
    _tell_server_errors(harness, tell)
    if seen:
        unanswered, misconfigured = map(harness.redaction, (seen.unanswered, seen.misconfigured))
        tell(Done(requests=harness.client.sent, unanswered=unanswered, misconfigured=misconfigured))
    return not seen


def _check(
    harness: Harness,
    selection: Selection,
    tell: Callable[[Message], None],
    claims: Claims,
) -> None:
    count, interruption = RequestCount(harness.client), KeyboardInterruption()

    def found(outcome: Outcome) -> None:
        tell(Found(outcome=outcome, requests=count()))

    plugin = Plugin(
        harness,
        sink=found,
        planned=tell,
        ended=lambda: _tell_server_errors(harness, tell),
        selection=selection,
        claims=claims,
    )
    code = _run_pytest(harness, selection, [plugin, interruption, *fixtures.modules()])
    if interruption.error:
        _clean_up_in_time(harness)
    _tell_server_errors(harness, tell)
    broken = code in COLLECTION_FAILED and not interruption.error
    why = plugin.uncollected or f"pytest stopped with {code}"
    tell(
        Done(
            requests=count(),
            gaps=harness.gaps.found,
            leftovers=tuple(harness.leftovers),
            broken=f"The checks could not be collected. {why}." if broken else "",
            stopped=harness.redaction(harness.client.liveness.gone) or (FIRST_FAILURE if claims.ended else ""),
        )
    )
    if interruption.error:
        raise interruption.error


def _clean_up_in_time(harness: Harness) -> None:
    """Removes what the check that was interrupted has made, unless that is interrupted too."""
    with contextlib.suppress(KeyboardInterrupt):
        clean_up(harness)


def _run_pytest(harness: Harness, selection: Selection, plugins: list[object]) -> int | pytest.ExitCode:
    with as_file(files("conformance") / "checks") as checks:
        arguments = [*_paths(harness, selection, checks), "-c", str(checks / "pytest.ini"), "--rootdir", str(checks)]
        arguments += [*QUIET, *QUIETER]
        with pytest.MonkeyPatch.context() as environment:
            for name in OPTIONS_OF_OTHERS:
                environment.delenv(name, raising=False)
            return pytest.main(arguments, plugins=plugins)


def _tell_server_errors(harness: Harness, tell: Callable[[Message], None]) -> None:
    for message in server_errors_found(harness):
        tell(message)


def _paths(harness: Harness, selection: Selection, checks: Path) -> list[str]:
    """The files of the chapters whose clauses are chosen."""
    if selection.chosen is None:
        return [str(checks)]
    chapters = {clause.chapter for clause in harness.catalogue if clause.id in selection.chosen}
    return sorted(str(path) for path in checks.rglob("*.py") if _chapter(path, checks) in chapters) or [str(checks)]


def _chapter(path: Path, checks: Path) -> str:
    """The chapter that a file of checks is about."""
    return path.relative_to(checks).with_suffix("").as_posix()
