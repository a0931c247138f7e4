"""Which clause is checked, by what, and proven by which fault."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance import parametrization
from conformance.assembly.documents import catalogue_of
from conformance.assembly.options import Options
from conformance.contract.arazzo.document import CHAPTER
from conformance.proof.faults import Fault, faults_by_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.arazzo.workflow import Step
    from conformance.contract.openapi import Contract
    from conformance.contract.requirements import Catalogue, Clause
    from conformance.sut.configuration import Configuration


CHECKS = "conformance.checks"  # read like data, as pytest reads it: the engine depends on no check


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check as it is written: the clause it names, what it does and sees, where it is made."""

    clause: str
    where: str  # chapter.function
    summary: str
    function: Any = None
    steps: tuple[Step, ...] = ()  # of a journey

    def operations(self, contract: Contract) -> list[str]:
        """The operations of a contract on which the check is made."""
        marks = {mark.name: mark.args for mark in getattr(self.function, "pytestmark", ())}
        for each in parametrization.ALL:
            if each.mark in marks and "operation" in each.fixtures:
                return list(dict.fromkeys(values[0].id for _, values in each.places(contract, *marks[each.mark])))
        return []


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Clauses, checks and faults, joined by clause id."""

    catalogue: Catalogue
    contract: Contract
    checks: dict[str, list[Check]]
    faults: dict[str, list[Fault]]

    @classmethod
    def of(cls, configurations: Sequence[Configuration], contract: Contract, catalogue: Catalogue) -> Trace:
        """The trace of the clauses through the checks to the faulty variants of these targets."""
        faults: dict[str, list[Fault]] = {}
        for configuration, known in faults_by_target(configurations).items():
            foreign = _foreign(configuration, catalogue, known)
            for fault in known:
                if fault.clause not in foreign:
                    faults.setdefault(fault.clause, []).append(fault)
        return cls(catalogue=catalogue, contract=contract, checks=written() | journeys(contract), faults=faults)

    @property
    def counts(self) -> dict[str, int]:
        """How much is checked and proven; all but `faults` count clauses."""
        must = [clause for clause in self.catalogue if clause.level == "MUST"]
        return {
            "clauses": len(list(self.catalogue)),
            "must": len(must),
            "checked": sum(clause.id in self.checks for clause in self.catalogue),
            "untestable": sum(bool(clause.untestable) for clause in must),
            "with_fault": sum(clause.id in self.faults for clause in must),
            "faults": sum(map(len, self.faults.values())),
        }

    @property
    def guesses(self) -> list[str]:
        """MUST clauses that are neither untestable nor checked and proven by a fault."""
        must = (clause for clause in self.catalogue if clause.level == "MUST" and not clause.untestable)
        return [clause.id for clause in must if clause.id not in self.checks or clause.id not in self.faults]

    @property
    def table(self) -> str:
        lines = [f"{'clause':34} {'level':7} {'check':52} faults"]
        for clause in self.catalogue:
            names = ", ".join(check.where for check in self.checks.get(clause.id, [])) or "—"
            proven = ", ".join(fault.id for fault in self.faults.get(clause.id, [])) or _unproven(clause)
            lines.append(f"{clause.id:34} {clause.level:7} {names:52} {proven}")
        counts = Counter(self.counts)
        lines.append("")
        lines.append(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))
        lines += [f"neither proven nor untestable: {identifier}" for identifier in self.guesses]
        return "\n".join(lines) + "\n"


def _foreign(configuration: Configuration, catalogue: Catalogue, faults: Sequence[Fault]) -> set[str]:
    """The clauses of another contract's journeys that these faults break: the catalogue has none of them."""
    unknown = {fault.clause for fault in faults if fault.clause not in catalogue}
    own = catalogue_of(configuration, Options()) if unknown else catalogue
    return {clause for clause in unknown if clause in own}


def _unproven(clause: Clause) -> str:
    return f"untestable: {clause.untestable}" if clause.untestable else "—"


def written() -> dict[str, list[Check]]:
    """The checks of the package, by clause."""
    found: dict[str, list[Check]] = {}
    package = importlib.import_module(CHECKS)
    for found_module in pkgutil.walk_packages(package.__path__, f"{CHECKS}."):
        chapter = found_module.name.removeprefix(f"{CHECKS}.").replace(".", "/")
        module = importlib.import_module(found_module.name)
        for name, function in vars(module).items():
            for mark in getattr(function, "pytestmark", ()) if name.startswith("test_") else ():
                if mark.name == "requirement":
                    summary = " ".join((function.__doc__ or "").split())
                    where = f"{chapter}.{name}"
                    check = Check(clause=mark.args[0], where=where, summary=summary, function=function)
                    found.setdefault(check.clause, []).append(check)
    return found


def journeys(contract: Contract) -> dict[str, list[Check]]:
    """The journeys of a contract, by clause: each is a check that its document has written."""
    found: dict[str, list[Check]] = {}
    for journey in contract.journeys:
        where = f"{CHAPTER}.{journey.id}"
        check = Check(clause=journey.clause, where=where, summary=journey.summary, steps=journey.steps)
        found.setdefault(check.clause, []).append(check)
    return found


def explained(trace: Trace, identifier: str) -> str:
    """All about one clause, in plain text."""
    clause = trace.catalogue[identifier]
    lines = [f"{clause.id}  {clause.level}  chapter {clause.chapter}", "", clause.text, "", f"source   {clause.source}"]
    if clause.untestable:
        lines.append(f"untestable   {clause.untestable}")
    for check in trace.checks.get(identifier, []):
        operations = check.operations(trace.contract)
        lines += ["", f"check    {check.where}", f"         {check.summary}"]
        lines += [f"         {number}. {step.words}" for number, step in enumerate(check.steps, start=1)]
        lines += [f"made on  {', '.join(operations)}"] if operations else []
    for fault in trace.faults.get(identifier, []):
        lines += ["", f"fault    {fault.id} ({fault.where})", f"         {fault.summary}"]
    return "\n".join(lines) + "\n"
