"""What a contract does not promise is no fault, whatever the same server did under a contract that promises it."""

from __future__ import annotations

import pytest

from conformance.results.model import Verdict

PROMISES = {"revocation": "$['x-bounds'].revocation", "normative": "$['x-normative']"}


@pytest.fixture
def without(tmp_path):
    """An overlay that takes one promise from the contract."""

    def written(promise):
        file = tmp_path / "less.overlay.yaml"
        action = f'{{target: "{PROMISES[promise]}", remove: true}}'
        file.write_text(f"overlay: 1.0.0\ninfo: {{title: Less, version: '1'}}\nactions:\n  - {action}\n")
        return file

    return written


@pytest.mark.parametrize(
    ("promise", "fault", "clause"),
    [
        ("revocation", "GrantsAreNotAskedFor", "OAUTH-INTROSPECTION-INACTIVE"),
        ("normative", "OneConsentForAllClients", "OAUTH-CONSENT-EACH-SCOPE"),
        ("normative", "TenantsAreInSmallLetters", "JWT-TENANT-NAMESPACE"),
    ],
)
def test_a_server_is_not_blamed_for_what_was_not_promised(judge, without, promise, fault, clause):
    chosen = frozenset({clause})
    promised = judge("reference_impl/conformance.toml", fault=fault, chosen=chosen)
    unpromised = judge("reference_impl/conformance.toml", fault=fault, chosen=chosen, overlays=(without(promise),))

    assert [each.verdict for each in promised.clauses if each.id == clause] == [Verdict.FAILED]
    assert [each.verdict for each in unpromised.clauses if each.id == clause] != [Verdict.FAILED]
    assert unpromised.verdict != "non-conformant"
