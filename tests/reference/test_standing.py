"""What somebody is beside a subject: of a tenant, and in a role."""

from __future__ import annotations

import pytest

from .support import ALL_SCOPES, Account, fresh
from .test_links import follow


@pytest.fixture
def somebody(platform, issuer):
    """Makes accounts with further claims."""
    return lambda **claims: Account(platform.url, issuer.token(platform.url, **{"sub": fresh("somebody"), **claims}))


@pytest.fixture
def tenant():
    return fresh("tenant")


def test_receivers_are_shared_within_a_tenant_and_hidden_from_others(somebody, tenant, receiver):
    hook = somebody(tenant=tenant).webhook(receiver.url("/shared"))
    colleague, stranger = somebody(tenant=tenant), somebody(tenant=fresh("tenant"))
    path = f"/v1/webhooks/{hook['id']}"

    assert colleague.call("GET", path).status_code == 200
    assert [each["id"] for each in colleague.call("GET", "/v1/webhooks").json()["items"]] == [hook["id"]]
    assert colleague.call("PATCH", path, {"enabled": False}).json()["enabled"] is False
    assert stranger.call("GET", path).status_code == 404
    assert stranger.call("GET", "/v1/webhooks").json()["items"] == []


def test_a_receiver_is_told_of_the_links_of_everybody_of_its_tenant(somebody, tenant, receiver):
    somebody(tenant=tenant).webhook(receiver.url("/told"))
    somebody(tenant=fresh("tenant")).link()
    link = somebody(tenant=tenant).link()

    assert receiver.next().event["data"]["id"] == link["id"]


def test_links_are_private_within_a_tenant(somebody, tenant):
    link = somebody(tenant=tenant).link()
    colleague = somebody(tenant=tenant)

    assert colleague.call("GET", f"/v1/links/{link['id']}").status_code == 404
    assert colleague.call("GET", "/v1/links").json()["items"] == []


@pytest.mark.parametrize("claim", ["", None, 7, ["x"]])
def test_without_a_tenant_everybody_is_alone(somebody, claim, receiver):
    hook = somebody(tenant=claim).webhook(receiver.url("/alone"))

    assert somebody(tenant=claim).call("GET", f"/v1/webhooks/{hook['id']}").status_code == 404


def test_a_subject_cannot_be_named_like_a_tenant(somebody, tenant, issuer, receiver):
    hook = somebody(tenant=tenant).webhook(receiver.url("/named"))

    for name in (tenant, f"|{tenant}", f"{issuer.url}|{tenant}"):
        assert somebody(sub=name).call("GET", f"/v1/webhooks/{hook['id']}").status_code == 404


def test_a_moderator_takes_down_the_link_of_somebody_else(somebody, alice, platform):
    link = alice.link()
    moderator = somebody(scope="links:moderate", roles=["moderator"])

    taken = moderator.call("POST", f"/v1/links/{link['id']}/takedown")

    assert (taken.status_code, taken.json()["taken_down"]) == (200, True)
    assert alice.call("GET", f"/v1/links/{link['id']}").json()["taken_down"] is True
    assert follow(platform, link["code"]).status_code == 451
    assert follow(platform, link["code"]).json()["type"].endswith("/taken-down")


@pytest.mark.parametrize("roles", [None, [], "moderator", ["reader"], {"moderator": True}, [["moderator"]]])
def test_the_scope_without_the_role_takes_nothing_down(somebody, alice, platform, roles):
    link = alice.link()
    other = somebody(scope=f"{ALL_SCOPES} links:moderate", roles=roles)

    refused = other.call("POST", f"/v1/links/{link['id']}/takedown")

    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "insufficient-role")
    assert follow(platform, link["code"]).status_code == 302


def test_the_role_without_the_scope_takes_nothing_down(somebody, alice, platform):
    link = alice.link()

    refused = somebody(roles=["moderator"]).call("POST", f"/v1/links/{link['id']}/takedown")

    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "insufficient-scope")
    assert follow(platform, link["code"]).status_code == 302
