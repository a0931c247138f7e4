"""Security headers: nosniff, no-store, framing, CORS, HSTS, disclosed versions."""

from conformance.judgement.expectations import refused, success
from conformance.marks import for_each_operation, requirement
from conformance.observations.browser_protections import can_be_framed, discloses_version, enforces_tls
from conformance.selection.operations import (
    any_operation,
    bearer_authenticated,
    declaring_no_store,
    registering_receiver,
    secured,
)


@requirement("SEC-NOSNIFF")
@for_each_operation(any_operation)
def test_every_reply_has_nosniff(answers):
    """The operation is made to accept and, for each reason, to refuse; each answer says nosniff."""
    bare = [reply for reply in answers if reply.header("X-Content-Type-Options").lower() != "nosniff"]

    assert bare == []


@requirement("SEC-SECRETS-NOT-STORED")
@for_each_operation(registering_receiver)
def test_a_reply_with_a_signing_secret_is_not_stored(ready, unstored):
    """A receiver is registered; the answer, which holds its secret, is not for caches to store."""
    assert ready.control == unstored


@requirement("SEC-SECRETS-NOT-STORED")
@for_each_operation(declaring_no_store)
def test_a_declared_no_store_is_sent(ready):
    """The operation accepts a request; its answer, for which the contract declares no-store, says no-store."""
    assert "no-store" in ready.control.header("Cache-Control").lower()


@requirement("SEC-SECRETS-NOT-STORED")
def test_a_reply_with_a_token_is_not_stored(token_reply):
    """A token is granted; the answer says no-store."""
    assert token_reply == success
    assert "no-store" in token_reply.header("Cache-Control").lower()


@requirement("SEC-SECRETS-NOT-STORED")
def test_a_reply_with_a_csrf_token_is_not_stored(login_reply, unstored):
    """A user logs in; the answer, which holds the CSRF token of the session, is not for caches to store."""
    assert login_reply == unstored


@requirement("SEC-FRAME-PROTECTION")
def test_no_login_page_can_be_framed(login_pages):
    """A user logs in and consents, and an unknown user tries; no page on the way may be framed by another site."""
    assert [page for page in login_pages if can_be_framed(page)] == []


@requirement("SEC-FRAME-PROTECTION")
def test_no_error_page_can_be_framed(error_page):
    """An unknown client sends a browser; the page that says so may not be framed by another site."""
    assert not can_be_framed(error_page)


@requirement("SEC-CORS")
@for_each_operation(secured)
def test_unlisted_origins_may_not_read(cross_origin_requests, unlisted_origins, ready):
    """A request is sent with the Origin of sites that are not listed; no answer permits one of them to read it."""
    replies = [ready.owner.send(ready.another().with_header("Origin", origin)) for origin in unlisted_origins]

    assert [reply for reply in replies if cross_origin_requests.allows_reading(reply)] == []


@requirement("SEC-CORS")
@for_each_operation(secured)
def test_the_preflight_of_unlisted_origins_is_refused(cross_origin_requests, unlisted_origins, nobody, ready):
    """A browser sends a preflight for sites that are not listed; no answer permits one of them to send the request."""
    asked = cross_origin_requests.preflight(ready.request)
    replies = [nobody.send(asked.with_header("Origin", origin)) for origin in unlisted_origins]

    assert [reply for reply in replies if cross_origin_requests.allows_reading(reply)] == []


@requirement("SEC-CORS-LISTED")
@for_each_operation(secured)
def test_a_listed_origin_may_send_and_read(cross_origin_requests, listed_origin, hidden_fields, nobody, ready):
    """A browser sends a preflight with all fields for a listed origin, and its request; both answers permit it."""
    fields = [parameter.name for parameter in ready.operation.parameters if parameter.place == "header"]
    asked = cross_origin_requests.preflight(ready.request, *fields)
    preflight = nobody.send(asked.with_header("Origin", listed_origin))
    reply = ready.owner.send(ready.another().with_header("Origin", listed_origin))

    assert cross_origin_requests.allows_request(preflight, ready.operation.method, *fields)
    assert cross_origin_requests.allows_listed_origin(reply)
    assert hidden_fields(ready.operation, reply) == []


@requirement("SEC-CORS-LISTED")
@for_each_operation(bearer_authenticated)
def test_a_listed_origin_may_read_a_refusal(cross_origin_requests, listed_origin, owner, ready):
    """A request with a token that is none comes from a listed origin; it is refused, and the origin may read that."""
    reply = owner.with_token("none").send(ready.request.with_header("Origin", listed_origin))

    assert reply == refused
    assert cross_origin_requests.allows_listed_origin(reply)


@requirement("SEC-CORS-AUTHORIZATION")
def test_no_origin_may_read_the_authorization_endpoint(cross_origin_pages):
    """Scripts of a listed and of an unknown site ask for the login page; no answer permits them to read."""
    assert [page.header("Access-Control-Allow-Origin") for page in cross_origin_pages] == ["", "", ""]


@requirement("SEC-HSTS")
@for_each_operation(any_operation)
def test_every_reply_enforces_tls(over_tls, answers):
    """The operation is made to accept and, for each reason, to refuse; each answer holds browsers to TLS for a year."""
    assert over_tls
    assert [reply for reply in answers if not enforces_tls(reply)] == []


@requirement("SEC-NO-BANNER")
@for_each_operation(any_operation)
def test_no_reply_discloses_a_version(answers):
    """The operation is made to accept and, for each reason, to refuse; no answer names a version of its software."""
    assert [reply for reply in answers if discloses_version(reply)] == []
