"""The pytest plugin: parametrises checks over the contract and turns what happens into outcomes."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from conformance import marks, parametrization
from conformance.contract.arazzo.workflow import Workflow
from conformance.contract.operation import Operation
from conformance.engine.cleanup import clean_up
from conformance.engine.evidence.assertion import Assertion, Raised
from conformance.engine.evidence.writer import Evidence, EvidenceWriter
from conformance.engine.messages import Planned
from conformance.engine.verdicts import COMPARED, LONGEST, judged
from conformance.grid import cells
from conformance.harness import HARNESS
from conformance.http.client import Recorder
from conformance.ledger.statement import Effects, Statement
from conformance.results.model import Outcome, Verdict
from conformance.results.untrusted_text import cut
from conformance.results.wording import from_first_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from conformance.engine.processes import Claims
    from conformance.engine.selected_checks import Selection
    from conformance.harness import Harness
    from conformance.results.model import Cell, Line

PHASES = ("setup", "call")
ASKED_ONCE = {"explorer", "provoked_errors"}  # the parts that keep what an operation has answered


class Plugin:
    """Collects the checks of the chosen clauses and reports an outcome for each place where one is tried."""

    def __init__(
        self,
        harness: Harness,
        *,
        sink: Callable[[Outcome], None],
        planned: Callable[[Planned], None],
        ended: Callable[[], None],
        selection: Selection,
        claims: Claims,
    ) -> None:
        self.harness = harness
        self.sink = sink
        self.selection = selection
        self.claims = claims
        self.planned = planned
        self.ended = ended
        self.checks: dict[str, str] = {}  # clause → what its checks do and see
        self.placeless: dict[str, str] = {}  # clause → why there is no place to try it
        self.writer = EvidenceWriter.at(harness)
        self.assertion = Assertion()
        self.statement: tuple[Line, ...] = ()
        self.failed: set[str] = set()
        self.arranging = 0.0  # seconds that the arrangements of the current check took
        self.uncollected = ""  # why a file of checks could not be read

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[HARNESS] = self.harness
        marks.register(config)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for each in parametrization.ALL:
            why = each.parametrize(metafunc, self.harness.contract)
            if why:
                self.placeless[identifier(metafunc.definition)] = why

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.uncollected:
            self.uncollected = f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}"

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept = [item for item in items if not _without_journeys(item) and self._kept(item)]
        for clause, items_of_clause in groupby(sorted(kept, key=identifier), key=identifier):
            self.checks[clause] = " ".join(dict.fromkeys(map(told, items_of_clause)))
        kept = [item for item in kept if "NOTSET" not in item.name]
        items[:] = kept = self.selection.ordered(kept, identifier)
        unreached = tuple(map(unmade, kept))
        self.planned(Planned(outcomes=unreached, checks=self.checks, placeless=self.placeless))

    def _kept(self, item: pytest.Item) -> bool:
        return self.selection.covers(unmade(item))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Runs the items that this process claims; another process may claim the rest."""
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} errors while the checks were collected")
        groups = grouped(session.items)
        claimed = (number for group in self.claims(len(groups)) for number in groups[group])
        current = next(claimed, None)
        while current is not None and not self.claims.ended:
            following = next(claimed, None)
            item = session.items[current]
            next_item = session.items[following] if following is not None else None
            if not (self.harness.fast and identifier(item) in self.failed):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
            current = following
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, Any, Any]:
        self.harness.client.recorder = Recorder()
        self.assertion, self.statement = Assertion(), ()
        result = yield
        self.ended()
        return result

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str]:
        self.assertion.compared(op, left, right)
        if isinstance(left, Statement) and isinstance(right, Effects):
            self.statement = right.lines(left)
        return [COMPARED]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """The report without its traceback: nobody reads it, and to put it into words takes longer than some checks."""
        assert call.when != "collect"
        if call.when == "setup":
            self.arranging = call.duration
        if call.when == "call" or call.excinfo is not None:
            self._report(item, call)
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="passed" if call.excinfo is None else "failed",
            longrepr=None,
            when=call.when,
            duration=call.duration,
            start=call.start,
            stop=call.stop,
        )

    def _report(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        clause = self.harness.catalogue[identifier(item)]
        records, redaction = self.harness.client.recorder.records, self.harness.redaction
        verdict, reason, blame = judged(call, clause.level, exchanged=bool(records))
        amiss = verdict in {Verdict.FAILED, Verdict.WARNED}
        evidence, expected, observed = Evidence(records=records), "", ""
        if amiss:
            self.failed.add(clause.id)
            raised = Raised.by(call.excinfo, told(item))
            found = self.assertion.evidence(raised)
            texts = () if found else self.assertion.texts
            evidence = Evidence(records=records, judged=found, alone=self.assertion.of_one_reply, texts=texts)
            pair = self.assertion.told(raised, evidence.came)
            expected, observed = from_first_difference(*map(redaction, pair))  # lest half a secret be left
        outcome = Outcome(
            clause=clause.id,
            place=place(item),
            operation=operation(item),
            verdict=verdict,
            reason=cut(redaction(reason), LONGEST),
            expected=expected,
            observed=observed,
            blame=blame,
            seconds=call.duration + (self.arranging if call.when == "call" else 0),
            check=told(item),
            exchanges=self.writer.exchanges(evidence, verdict),
            several=evidence.several if amiss else "",
            cell=shown(item),
            statement=tuple(map(self._masked, self.statement)) if amiss else (),
        )
        self.sink(outcome)
        if verdict is Verdict.FAILED and self.selection.fail_fast:
            self.claims.end()

    def _masked(self, line: Line) -> Line:
        return replace(line, seen=self.harness.redaction(line.seen))

    def pytest_runtest_teardown(self) -> None:
        clean_up(self.harness)
        self.harness.principals.token_cache.drop_after(self.harness.client.recorder.records)


def grouped(items: Sequence[pytest.Item]) -> list[list[int]]:
    """The numbers of the items; those that share what is asked once of an operation are made by one worker."""
    groups: dict[object, list[int]] = {}
    for number, item in enumerate(items):
        shares = ASKED_ONCE.intersection(getattr(item, "fixturenames", ()))
        groups.setdefault((shares and operation(item)) or number, []).append(number)
    return list(groups.values())


def identifier(node: Any) -> str:
    """The clause that a check names."""
    mark = node.get_closest_marker("requirement")
    if mark is None:
        raise pytest.UsageError(f"The check {node.name} names no clause. Add @requirement(ID).")
    return str(mark.args[0])


def unmade(item: pytest.Item) -> Outcome:
    """The outcome of a check that the run does not come to."""
    reason = "the run ended before it came to this"
    return Outcome(
        clause=identifier(item), place=place(item), operation=operation(item), verdict=Verdict.BLOCKED, reason=reason
    )


def place(item: pytest.Item) -> str:
    """Where the check is made: its parameters, as pytest joins them."""
    return item.name.partition("[")[2].removesuffix("]")


def operation(item: pytest.Item) -> str:
    """The id of the operation that the place of the check belongs to, if it does to one."""
    cell, found = shown(item), _parameters(item).get("operation")
    if cell is not None and not cell.event:
        return cell.row
    return found.id if isinstance(found, Operation) else ""


def shown(item: pytest.Item) -> Cell | None:
    """Where the check stands in the authorisation grid, if it is about a cell of it."""
    cell = _parameters(item).get("cell")
    return cell.shown if isinstance(cell, cells.Cell) else None


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


def _without_journeys(item: pytest.Item) -> bool:
    """It would walk journeys, but the contract tells none, so that there is no clause either."""
    return item.get_closest_marker(parametrization.JOURNEYS.mark) is not None and "NOTSET" in item.name


def docstring(item: pytest.Item) -> str:
    """What the check does and sees, in one line."""
    return " ".join((getattr(item, "function", item).__doc__ or "").split())


def told(item: pytest.Item) -> str:
    """What the check does and sees at its place: a journey in the words of its document."""
    journey = _parameters(item).get("journey")
    return journey.summary if isinstance(journey, Workflow) else docstring(item)
