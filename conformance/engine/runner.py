"""Running the checks against one target and putting the report together."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from conformance.engine.collected import Collected
from conformance.engine.limits import TIME_IS_OVER, TimeIsOverError
from conformance.engine.messages import Done
from conformance.engine.processes import new_claims, run_in_processes, worker_barrier
from conformance.engine.worker import preflight, work
from conformance.errors import ConfigurationError, SuiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from conformance.engine.messages import Message
    from conformance.engine.observers import RunObserver
    from conformance.engine.selected_checks import Selection
    from conformance.engine.worker import PreflightResult
    from conformance.harness import Harness
    from conformance.results.model import Report


NO_LIMIT = nullcontext()


class RunInterruptedError(KeyboardInterrupt):
    """A signal stopped the run; `report` holds what was known by then."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.stopped)
        self.report = report


def run(
    harnesses: tuple[Harness, ...],
    selection: Selection,
    seed: int,
    observer: RunObserver,
    look: Callable[[Harness], PreflightResult] | None = None,
    keep: Callable[[Report], object] | None = None,
    limit: AbstractContextManager[None] = NO_LIMIT,
) -> Report:
    """The verdict on each clause, by as many workers as there are harnesses, once `look` has found nothing in the way.

    `keep` gets what is known so far now and then; the checks are made within the `limit` of time. Raises
    RunInterruptedError, ConfigurationError, and SuiteError if the checks cannot be collected, or a worker dies.
    """
    collected = Collected(harness=harnesses[0], selection=selection, seed=seed, observer=observer, keep=keep)
    try:
        with limit:
            _share(harnesses, selection, collected, look)
    except TimeIsOverError as error:
        raise RunInterruptedError(collected.report(TIME_IS_OVER)) from error
    except KeyboardInterrupt as error:
        raise RunInterruptedError(collected.report(f"It was interrupted ({error or 'SIGINT'}).")) from error
    for done in collected.done:
        if done.misconfigured:
            raise ConfigurationError(done.misconfigured)
        if done.broken:
            collected.checkpoint(done.broken)
            raise SuiteError(done.broken)
    return collected.report(next((done.stopped for done in collected.done if done.stopped), ""))


def _share(
    harnesses: tuple[Harness, ...],
    selection: Selection,
    collected: Collected,
    look: Callable[[Harness], PreflightResult] | None,
) -> None:
    """Has every worker make its share; a single one works in this very process."""
    if len(harnesses) == 1:
        work(harnesses[0], selection, collected, look=look)
        return
    if look is not None:  # in a process of its own, since no thread may run before the workers are forked
        _spread([partial(preflight, harnesses[0], look)], collected)
    if not collected.done:
        shared, part = new_claims(), worker_barrier(len(harnesses))
        jobs = [partial(work, harness, selection, claims=shared, part=part) for harness in harnesses]
        _spread(jobs, collected, part.without_the_dead)


def _spread(
    jobs: Sequence[Callable[[Callable[[Message], None]], None]],
    collected: Collected,
    bereaved: Callable[[], None] = lambda: None,
) -> None:
    for code in filter(None, run_in_processes(jobs, collected, bereaved)):
        collected(Done(broken=f"A worker ended with code {code} before it was through."))
