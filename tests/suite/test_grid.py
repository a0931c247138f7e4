"""The authorisation grid: what it expects of three contracts, and that every cell has a verdict or a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.contract import openapi
from conformance.grid.callers import ACCOUNTS
from conformance.grid.cells import CALLERS, cells
from conformance.grid.expected_access import NotApplicable
from conformance.results.grid_matrix import matrix
from conformance.results.model import Due

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    "links": (ROOT / "spec/openapi.yaml", ROOT / "spec/asyncapi.yaml"),
    "clinic": (ROOT / "tests/clinic/openapi.yaml", ROOT / "tests/clinic/asyncapi.yaml"),
    "plain": (ROOT / "tests/plain/openapi.yaml", None),
}
SIGNS = {Due.ADMITTED: "+", Due.REFUSED: "-"}
CONFIGURATIONS = {
    "links": "reference_impl/conformance.toml",
    "clinic": "tests/clinic/conformance.toml",
    "plain": "tests/plain/conformance.toml",
}


def grid(name):
    return cells(openapi.read(*CONTRACTS[name]))


def row(name, wanted):
    """The cells of one row: + admitted, - refused, . not applicable."""
    return "".join(SIGNS.get(cell.expected, ".") for cell in grid(name) if cell.row == wanted)


# anonymous, malformed, one invalid, part, other, issuer, audience, expired, early, revoked | no scope, without, exact |
# owner, colleague, stranger | without role, with role
@pytest.mark.parametrize(
    ("name", "wanted", "signs"),
    [
        ("links", "getLink", "--...-----" + "--+" + "+--" + ".."),
        ("links", "listLinks", "--...-----" + "--+" + "+--" + ".."),
        ("links", "createLink", "--...-----" + "--+" + "+.." + ".."),
        ("links", "takeDownLink", "--...-----" + "--+" + "+++" + "-+"),
        ("links", "followLink", "+........." + "..." + "..." + ".."),
        ("links", "getWebhook", "--...-----" + "--+" + "++-" + ".."),
        ("links", "rotateWebhookSecret", "--...-----" + "---+" + "++-" + ".."),
        ("links", "logIn", ".........." + "..." + "..." + ".."),
        ("links", "issueToken", "--........" + "..." + "+.+" + ".."),
        ("links", "link.clicked", ".........." + "..." + "++-" + ".."),
        ("links", "webhook.ping", ".........." + "..." + "+.-" + ".."),
        ("clinic", "get_appointment", "--........" + "--+" + "+.-" + ".."),
        ("clinic", "get_statistics", "--........" + "..." + "+.+" + ".."),
        ("clinic", "patient.changed", ".........." + "..." + "+.-" + ".."),
        ("plain", "readNote", "--........" + "..." + "+.." + ".."),
    ],
)
def test_expected_access_follows_from_the_contract(name, wanted, signs):
    assert row(name, wanted) == signs


def test_a_cell_that_does_not_apply_says_why():
    expected = {cell.caller.name: cell.expected for cell in grid("plain")}
    told = {name: each.reason for name, each in expected.items() if isinstance(each, NotApplicable)}

    assert told["stranger"] == "the contract does not say whose it is (x-ownership)"
    assert told["expired"] == "the contract does not say what its tokens are made of (x-access-token)"
    assert told["revoked"] == "the contract names no authorization server at which a token could be revoked"


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_row_has_every_caller_and_every_cell_a_name_of_its_own(name):
    contract, found = openapi.read(*CONTRACTS[name]), grid(name)
    rows = {operation.id for operation in contract.operations} | {event.name for event in contract.events}

    assert {cell.row for cell in found} == rows
    assert {(cell.row, cell.caller.name) for cell in found} == {
        (row, caller.name) for row in rows for caller in CALLERS
    }
    assert len({cell.id for cell in found}) == len(found)
    assert [cell.number for cell in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_caller_that_applies_has_an_account(name):
    tried = {cell.caller.name for cell in grid(name) if not isinstance(cell.expected, NotApplicable)}

    assert tried <= set(ACCOUNTS)


@pytest.mark.parametrize("name", [pytest.param("links", marks=pytest.mark.slow), "clinic", "plain"])
def test_every_cell_has_a_verdict_or_a_reason(judge, troubles, name):
    clauses = frozenset({"GRID-REFUSED", "GRID-ADMITTED", "GRID-EVENT-AUDIENCE"})
    report = judge(CONFIGURATIONS[name], chosen=clauses, shuffle=True, seed=5)
    spots = matrix(report).spots

    assert troubles(report) == {}
    assert [spot.cell for spot in spots] == [cell.shown for cell in grid(name)]
    assert [spot.label for spot in spots if spot.verdict != "passed" and not spot.outcome.reason] == []
    assert [spot.label for spot in spots if spot.verdict == "passed" and not spot.exchanges] == []


def test_one_wrong_cell_is_one_wrong_spot(judge):
    report = judge(CONFIGURATIONS["links"], chosen=frozenset({"GRID-REFUSED"}), fault="ColleaguesMayDelete")
    failed = [spot for spot in matrix(report).spots if spot.verdict == "failed"]

    assert report.unanswered == ""
    assert [(spot.cell.row, spot.caller, spot.sign) for spot in failed] == [("deleteLink", "colleague", "✗")]
    assert "its owner is answered 404" in failed[0].label
