"""Clauses, checks and faults name each other."""

from __future__ import annotations

import ast
import cProfile
import tomllib
from pathlib import Path

import pytest

from conformance import parametrization
from conformance.assembly.documents import catalogue_of, contract_of
from conformance.assembly.options import Options
from conformance.proof.traceability import Trace
from conformance.sut import configuration

ROOT = Path(__file__).parents[2]
CHECKS = sorted((ROOT / "conformance/checks").rglob("[!_]*.py"))


@pytest.fixture(scope="module")
def targets():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["conformance"]["proof"]
    return [configuration.read(ROOT / each) for each in named]


@pytest.fixture(scope="module")
def trace(targets):
    return Trace.of(targets, contract_of(targets[0], Options()), catalogue_of(targets[0], Options()))


def test_the_clauses_are_read_once_for_each_target_and_not_for_each_of_its_faults(targets):
    """Faults of another contract's journeys are left out; to know them, its clauses have to be read."""
    options = Options(contract=ROOT / "tests/plain/openapi.yaml")
    contract, clauses = contract_of(targets[0], options), catalogue_of(targets[0], options)
    with cProfile.Profile() as profile:
        trace = Trace.of(targets, contract, clauses)
    read = [each.callcount for each in profile.getstats() if each.code is catalogue_of.__code__]

    assert 0 < sum(read) <= len(targets)
    assert set(trace.faults) <= {clause.id for clause in clauses}


def test_every_clause_is_checked_or_says_why_not(trace):
    unchecked = {clause.id for clause in trace.catalogue if not clause.untestable} - set(trace.checks)

    assert unchecked == set()


def test_every_check_names_a_clause_of_its_own_chapter(trace):
    strays = {
        check.where
        for clause, checks in trace.checks.items()
        for check in checks
        if clause not in trace.catalogue or trace.catalogue[clause].chapter != check.where.partition(".")[0]
    }

    assert strays == set()


def test_every_must_is_proven_by_a_fault_or_untestable(trace):
    assert trace.guesses == []


def test_every_fault_names_a_clause_and_stands_in_its_chapter(trace):
    strays = {
        fault.id
        for clause, faults in trace.faults.items()
        for fault in faults
        if clause not in trace.catalogue or _elsewhere(fault, trace.catalogue[clause].chapter)
    }

    assert strays == set()


def _elsewhere(fault, chapter):
    """The reference has a file of faults for each chapter, or a folder; the small servers have one file for all."""
    own = f"reference_impl/faults/{chapter}"
    return fault.where.startswith("reference_impl") and not fault.where.startswith((f"{own}.py", f"{own}/"))


def test_every_check_and_every_fault_says_what_it_does(trace):
    told = [check.summary for checks in trace.checks.values() for check in checks]
    told += [fault.summary for faults in trace.faults.values() for fault in faults]

    assert [words for words in told if len(words.split()) < 3] == []


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_the_body_of_a_check_only_acts_and_judges(path):
    branching = (ast.If, ast.For, ast.While, ast.Try, ast.With)
    checks = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]

    assert [node.name for node in checks for inner in ast.walk(node) if isinstance(inner, branching)] == []
    assert [node.name for node in checks if not any(isinstance(inner, ast.Assert) for inner in ast.walk(node))] == []


def test_no_two_chapters_have_a_fixture_of_one_name():
    names = [fixture.name for fixture in fixtures()]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_what_a_check_or_a_fixture_asks_for_is_a_fixture():
    checks = [node for path in CHECKS for node in functions(path) if node.name.startswith("test_")]
    known = {fixture.name for fixture in fixtures()} | parametrized() | {"request"}
    asked = {f"{node.name}({each.arg})": each.arg for node in (*checks, *fixtures()) for each in node.args.args}
    asked |= {f"given({name})": name for name in first_arguments("given")}

    assert [place for place, name in asked.items() if name not in known] == []


def functions(path):
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def fixtures():
    """Fixtures are the only decorated functions of their room."""
    paths = (ROOT / "conformance/fixtures").rglob("*.py")
    return [node for path in paths for node in functions(path) if node.decorator_list]


def parametrized():
    """The parameters that marks give to checks, at places of a contract and by named values."""
    return {name for each in parametrization.ALL for name in each.fixtures} | first_arguments("variants", "parametrize")


def first_arguments(*marks):
    """The first argument of each such mark, where it is a literal."""
    calls = [
        node
        for path in (*CHECKS, ROOT / "conformance/marks.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(marks)
    ]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
