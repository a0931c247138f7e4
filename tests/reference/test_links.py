"""Links: made, listed, changed, followed, deleted."""

from __future__ import annotations

import pytest
import requests

from .support import BOUND


def follow(platform, code):
    return requests.get(f"{platform.url}/{code}", allow_redirects=False, timeout=BOUND)


def test_a_redirect_leads_to_the_destination_byte_for_byte_until_the_link_is_deleted(alice, platform):
    destination = "https://Shop.example/%7Ea/./b?x=1&y=%20z+w#part%2F"
    link = alice.link(destination=destination)

    redirect = follow(platform, link["code"])
    assert (redirect.status_code, redirect.headers["Location"]) == (302, destination)

    assert alice.call("DELETE", f"/v1/links/{link['id']}").status_code == 204
    assert follow(platform, link["code"]).status_code == 404
    assert alice.call("DELETE", f"/v1/links/{link['id']}").status_code == 404


@pytest.mark.parametrize("code", ["v1", "healthz%00", "..%2fhealthz", "a b c d", "äöü1"])
def test_what_cannot_be_a_code_is_not_found(platform, code):
    assert follow(platform, code).status_code == 404


def test_pages_hold_each_link_once_newest_first_while_links_are_added(alice):
    made = [alice.link()["id"] for _ in range(7)]
    found, query = [], "?limit=3"
    while query:
        page = alice.call("GET", f"/v1/links{query}").json()
        found += [link["id"] for link in page["items"]]
        alice.link()
        query = page["next"] and f"?limit=3&cursor={page['next']}"

    assert found == made[::-1]


def test_a_cursor_works_only_for_its_owner_and_list(alice, bob):
    for _ in range(2):
        alice.link()
    cursor = alice.call("GET", "/v1/links?limit=1").json()["next"]

    assert alice.call("GET", f"/v1/links?cursor={cursor}").status_code == 200
    assert bob.call("GET", f"/v1/links?cursor={cursor}").status_code == 400
    assert alice.call("GET", f"/v1/webhooks?cursor={cursor}").status_code == 400
    assert alice.call("GET", f"/v1/links?cursor={cursor[:-1]}").status_code == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=", "cursor=%00", "limit=9999999999999999"])
def test_a_wrong_parameter_is_named(alice, query):
    problem = alice.call("GET", f"/v1/links?{query}")

    assert problem.status_code == 400
    assert [error["parameter"] for error in problem.json()["errors"]] == [query.partition("=")[0]]


def test_a_strangers_link_is_answered_as_one_that_nobody_made(alice, bob):
    hers = f"/v1/links/{alice.link()['id']}"
    none = "/v1/links/lnk_" + "0" * 20
    for method, body in (("GET", None), ("PATCH", {"title": "mine"}), ("PATCH", {"wrong": 1}), ("DELETE", None)):
        answers = [bob.call(method, path, body, If_Match='"x"') for path in (hers, none)]
        contents = [answer.content.replace(answer.json()["request_id"].encode(), b"") for answer in answers]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert contents[0] == contents[1]


def test_a_patch_changes_what_it_names_and_nothing_else(alice):
    link = alice.link(title="Spring")
    path = f"/v1/links/{link['id']}"

    assert alice.call("PATCH", path, {"title": None}).json()["title"] is None
    changed = alice.call("PATCH", path, {"destination": "https://shop.example/new"}).json()
    assert (changed["title"], changed["version"]) == (None, 3)
    assert changed == link | {key: changed[key] for key in ("title", "destination", "version", "updated_at")}


def test_preconditions_are_compared_with_the_current_tag(alice):
    path = f"/v1/links/{alice.link()['id']}"
    tag = alice.call("GET", path).headers["ETag"]

    assert alice.call("GET", path, If_None_Match=f'"other", W/{tag}').status_code == 304
    assert alice.call("GET", path, If_None_Match="*").content == b""
    assert alice.call("PATCH", path, {"title": "a"}, If_Match=f"W/{tag}").status_code == 412
    assert alice.call("PATCH", path, {"title": "a"}, If_Match=f'"other", {tag}').status_code == 200
    assert alice.call("PATCH", path, {"title": "b"}, If_Match=tag).status_code == 412
    assert alice.call("DELETE", path, If_Match=tag).status_code == 412
    assert alice.call("GET", path).json()["title"] == "a"
    assert alice.call("DELETE", path, If_Match="*").status_code == 204


def test_of_simultaneous_writes_with_one_tag_one_wins(alice, at_once):
    path = f"/v1/links/{alice.link()['id']}"
    tag = alice.call("GET", path).headers["ETag"]
    statuses = at_once(6, lambda number: alice.call("PATCH", path, {"title": str(number)}, If_Match=tag).status_code)

    assert sorted(statuses) == [200] + [412] * 5
    assert alice.call("GET", path).json()["version"] == 2


def test_of_simultaneous_links_with_one_code_one_is_made(alice, at_once):
    code = alice.link()["code"] + "x"
    body = {"destination": "https://shop.example/", "code": code}
    statuses = at_once(6, lambda _: alice.call("POST", "/v1/links", body).status_code)

    assert sorted(statuses) == [201] + [409] * 5


def test_a_code_that_is_a_path_of_the_platform_is_taken(alice):
    body = {"destination": "https://shop.example/", "code": "healthz"}

    assert alice.call("POST", "/v1/links", body).status_code == 409
