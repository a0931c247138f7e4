"""One worker: looks at the target, makes its share of the checks, and tells what it finds."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from conformance import fixtures
from conformance.engine.plugin import Plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from conformance.harness import Harness
    from conformance.results.model import Gap, Outcome

QUIET = ("--disable-plugin-autoload", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging")
QUIETER = ("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:junitxml", "-p", "no:faulthandler")
OPTIONS_OF_OTHERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # meant for the tests of whoever runs the suite
COLLECTION_FAILED = {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which clauses are checked, and in which order."""

    chosen: frozenset[str] | None = None
    shuffle: int | None = None


@dataclass(frozen=True)
class Planned:
    """How many outcomes each chapter will have."""

    counts: dict[str, int]


@dataclass(frozen=True)
class Found:
    """One more outcome."""

    chapter: str
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Done:
    """The worker is through; `unanswered`, `misconfigured` or `broken` says why it could not make its checks."""

    requests: int = 0
    checks: dict[str, str]  # clause → docstring of its check
    leftover: dict[str, str]  # clause → why there is no place to try it
    gaps: tuple[Gap, ...] = ()
    unanswered: str = ""
    misconfigured: str = ""
    broken: str = ""


Message = Planned | Found | Done


@dataclass(frozen=True, kw_only=True)
class PreflightResult:
    """What a first look at the target has shown: why no check could say anything, if so."""

    unanswered: str = ""
    misconfigured: str = ""

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.misconfigured)


class KeyboardInterruption:
    """Remembers that a person stopped the run, which pytest reports in the same way as its own stops."""

    seen = False

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.seen = self.seen or excinfo.type is KeyboardInterrupt


def work(
    harness: Harness,
    selection: Selection,
    tell: Callable[[Message], None],
    claims: Callable[[int], Iterable[int]] | None = None,
    look: Callable[[Harness], PreflightResult] | None = None,
    part: Callable[[], None] = lambda: None,
) -> None:
    """Makes the checks that this worker claims, all of them by default, unless a first look finds that none can be.

    `part` is called before its servers end.
    """
    with harness.serving(), contextlib.ExitStack() as stack:
        stack.callback(part)
        if look is None or _seen(harness, look, tell):
            tell(_checked(harness, selection, tell, claims))


def preflight(harness: Harness, look: Callable[[Harness], PreflightResult], tell: Callable[[Message], None]) -> None:
    """The first look alone."""
    with harness.serving():
        _seen(harness, look, tell)


def _seen(harness: Harness, look: Callable[[Harness], PreflightResult], tell: Callable[[Message], None]) -> bool:
    """The first look has found nothing that is in the way of all checks."""
    seen = look(harness)
    if seen:
        told = Done(checks={}, leftover={}, unanswered=seen.unanswered, misconfigured=seen.misconfigured)
        tell(replace(told, requests=harness.client.sent))
    return not seen


def _checked(
    harness: Harness,
    selection: Selection,
    tell: Callable[[Message], None],
    claims: Callable[[int], Iterable[int]] | None,
) -> Done:
    plugin = Plugin(
        harness,
        sink=lambda chapter, outcome: tell(Found(chapter, outcome)),
        planned=lambda counts: tell(Planned(counts)),
        chosen=selection.chosen,
        shuffle=selection.shuffle,
        claims=claims,
    )
    interruption = KeyboardInterruption()
    with as_file(files("conformance") / "checks") as checks:
        arguments = [*_paths(harness, selection, checks), "-c", str(checks / "pytest.ini"), "--rootdir", str(checks)]
        arguments += [*QUIET, *QUIETER]
        with pytest.MonkeyPatch.context() as environment:
            for name in OPTIONS_OF_OTHERS:
                environment.delenv(name, raising=False)
            code = pytest.main(arguments, plugins=[plugin, interruption, *fixtures.modules()])
    if interruption.seen:
        raise KeyboardInterrupt
    told = f"The checks could not be collected. {plugin.uncollected or 'pytest stopped with ' + str(code)}."
    return Done(
        requests=harness.client.sent,
        checks=plugin.checks,
        leftover=plugin.leftover,
        gaps=harness.gaps.found,
        broken=told if code in COLLECTION_FAILED else "",
    )


def _paths(harness: Harness, selection: Selection, checks: Path) -> list[str]:
    """The files of the chapters whose clauses are chosen."""
    if selection.chosen is None:
        return [str(checks)]
    chapters = {clause.chapter for clause in harness.catalogue if clause.id in selection.chosen}
    return sorted(str(path) for path in checks.rglob("*.py") if _chapter(path, checks) in chapters) or [str(checks)]


def _chapter(path: Path, checks: Path) -> str:
    """The chapter that a file of checks is about."""
    return path.relative_to(checks).with_suffix("").as_posix()
