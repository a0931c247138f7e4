"""Observations of replies: media types, caching, disclosed versions, forged hosts, links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.effects.link_headers import link_targets
from conformance.http.messages import Reply, Request
from conformance.identity.forwarded_identity import FORGED_HOST, reflected_host
from conformance.observations.browser_protections import discloses_version
from conformance.observations.caching import is_shareable, is_storable
from conformance.observations.media_types import has_wrong_media_type
from conformance.requests.provoked_errors import titles


def answer(body=b"", status=200, **headers):
    return Reply(
        request=Request(method="GET", path="/things"),
        status=status,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=body,
        url="https://api.example/things?page=1",
        seconds=0,
    )


@pytest.mark.parametrize(
    ("body", "media_type", "wrong"),
    [
        (b"", "", False),
        (b'{"a": 1}', "application/json", False),
        (b'{"a": "\xc3\xa9"}', "application/vnd.shop+json; charset=utf-8", False),
        (b'{"a": "\xe9"}', "application/json", True),
        (b'{"a": 1}', "text/html", True),
        (b"<p>404</p>", "application/problem+json", True),
        (b"<p>404</p>", "text/html; charset=utf-8", False),
        (b"<p>\xe9</p>", "text/html; charset=utf-8", True),
        (b"<p>\xe9</p>", "text/html", False),
        (b'{"a": 1}', "text/plain", False),
        (b"\x89PNG", "image/png", False),
        (b"anything", "", False),
    ],
)
def test_a_wrong_media_type_is_found(body, media_type, wrong):
    assert has_wrong_media_type(answer(body, Content_Type=media_type)) is wrong


@pytest.mark.parametrize(
    ("cache_control", "shared"),
    [
        ("", False),
        ("no-store", False),
        ("private, max-age=60", False),
        ("max-age=60", False),
        ("max-age=0, must-revalidate", False),
        ("public, no-cache", False),
        ("public, max-age=0", False),
        ("s-maxage=0, max-age=60", False),
        ("public", True),
        ("Public, Max-Age=60", True),
        ("max-age=0, s-maxage=60", True),
        ("max-age=60, must-revalidate", True),
        ("private, s-maxage=60", False),
    ],
)
def test_a_reply_for_shared_caches_is_found(cache_control, shared):
    assert is_shareable(answer(Cache_Control=cache_control)) is shared


@pytest.mark.parametrize(
    ("field", "value", "discloses"),
    [
        ("Server", "nginx", False),
        ("Server", "nginx/1.25.3", True),
        ("Server", "Apache/2", True),
        ("X-Powered-By", "Express", False),
        ("X-Powered-By", "PHP/8.3", True),
        ("Via", "1.1 proxy", False),
    ],
)
def test_a_disclosed_version_is_found(field, value, discloses):
    assert discloses_version(answer(**{field.replace("-", "_"): value})) is discloses


@pytest.mark.parametrize(
    ("status", "location", "reflected"),
    [
        (302, f"https://{FORGED_HOST}/login", True),
        (201, "/things/1", False),
        (421, f"https://{FORGED_HOST}/", False),
    ],
)
def test_a_reflected_host_is_found(status, location, reflected):
    shown = reflected_host(answer(status=status, Location=location))
    assert shown == (f"Location: {location}" if reflected else "")


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("", []),
        ('</things?page=2>; rel="next"', ["https://api.example/things?page=2"]),
        ('<?page=2>; rel=next, </a>; rel="prev"', ["https://api.example/things?page=2"]),
        ('<https://docs.example/end>; rel="sunset deprecation"', []),
        ('<https://other.example/2>; rel="last next"; title="on, and on"', ["https://other.example/2"]),
    ],
)
def test_links_are_found_by_their_relation(field, found):
    assert link_targets(answer(Link=field), "next") == found


def test_titles_are_gathered_by_status_and_type():
    bodies = [b'{"type": "/a", "title": "A"}', b'{"type": "/a", "title": ["B"]}', b'{"title": "C"}', b"[]"]
    replies = [answer(body, 400, Content_Type="application/problem+json") for body in bodies]

    assert titles([*replies, answer(b"{}", 404)]) == {(400, "/a"): {"A", "['B']"}, (400, "None"): {"C", "None"}}


@pytest.mark.parametrize(
    ("method", "headers", "storable"),
    [
        ("GET", {"Cache_Control": "max-age=0, private, must-revalidate"}, True),
        ("GET", {"Cache_Control": "no-store"}, False),
        ("POST", {}, False),
        ("POST", {"Cache_Control": "max-age=0, private, must-revalidate"}, False),
        ("POST", {"Cache_Control": "max-age=60"}, False),
        ("POST", {"Cache_Control": "max-age=60", "Content_Location": "/things/1"}, True),
        ("POST", {"Expires": "Thu, 01 Jan 2099 00:00:00 GMT", "Content_Location": "/things/1"}, True),
        ("POST", {"Expires": "0", "Content_Location": "/things/1"}, False),
    ],
)
def test_a_reply_to_post_is_stored_only_where_its_content_can_be_read_and_is_fresh(method, headers, storable):
    reply = answer(**headers)

    assert is_storable(replace(reply, request=replace(reply.request, method=method))) is storable
