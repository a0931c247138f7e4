"""Without an issuer of the suite's own, what ordinary clients and people show is judged, and the rest explained."""

from __future__ import annotations

import re

import pytest

from conformance.contract.requirements import catalogue
from conformance.results.model import Verdict

CHAPTERS = (
    "authentication/credentials",
    "authentication/issued_tokens",
    "authentication/jwt_claims",
    "authentication/jwt_signatures",
    "authorization/grid",
    "authorization/ownership",
    "authorization/scopes",
    "authorization/tenants",
    "oauth/authorization_codes",
    "oauth/authorization_endpoint",
    "oauth/openid_connect",
    "oauth/refresh_tokens",
    "oauth/revocation",
    "oauth/token_endpoint",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(judge):
    chosen = frozenset(clause.id for clause in catalogue() if clause.chapter in CHAPTERS)
    return judge("reference_impl/ordinary.toml", chosen=chosen, workers=1)


def test_the_reference_is_conformant_for_ordinary_people(report):
    assert report.verdict == "conformant"
    assert report.counts["passed"] >= 100


def test_what_is_not_judged_says_which_line_would_change_that(report):
    untestable = [clause for clause in report.clauses if clause.verdict is Verdict.UNTESTABLE]

    assert untestable
    assert [
        clause.id for clause in untestable if not re.search(r"\[(issuer|identities\.\w+|target)\]", clause.reason)
    ] == []


def test_only_what_needs_forged_tokens_is_left_out(report):
    untestable = {clause.chapter for clause in report.clauses if clause.verdict is Verdict.UNTESTABLE}

    assert untestable <= {
        "authorization/grid",
        "authorization/scopes",
        "authorization/tenants",
        "authentication/jwt_signatures",
        "authentication/jwt_claims",
        "authentication/issued_tokens",
    }
