"""What answers tell browsers and caches, so that they do no harm."""

from conformance.judgement.expectations import success
from conformance.marks import for_each_operation, requirement
from conformance.observations.browser_protections import discloses_version, frameable, stays_on_tls
from conformance.selection.operations import any_operation, declaring_no_store, registering_receiver, secured


@requirement("SEC-NOSNIFF")
@for_each_operation(any_operation)
def test_no_answer_leaves_its_type_to_guesses(answers):
    """The operation is made to accept and, for each reason, to refuse; each answer says nosniff."""
    bare = [reply for reply in answers if reply.header("X-Content-Type-Options").lower() != "nosniff"]

    assert bare == []


@requirement("SEC-SECRETS-NOT-STORED")
@for_each_operation(registering_receiver)
def test_a_signing_secret_is_not_stored(ready):
    """A receiver is registered; the answer, which holds its secret, says no-store."""
    assert "no-store" in ready.control.header("Cache-Control").lower()


@requirement("SEC-SECRETS-NOT-STORED")
@for_each_operation(declaring_no_store)
def test_what_is_not_to_be_stored_says_so(ready):
    """The operation accepts a request; its answer, for which the contract declares no-store, says no-store."""
    assert "no-store" in ready.control.header("Cache-Control").lower()


@requirement("SEC-SECRETS-NOT-STORED")
def test_a_token_is_not_stored(grant):
    """A token is granted; the answer says no-store."""
    assert grant == success
    assert "no-store" in grant.header("Cache-Control").lower()


@requirement("SEC-SECRETS-NOT-STORED")
def test_the_proof_of_a_session_is_not_stored(welcome):
    """Somebody logs in; the answer, which holds the proof of the session, says no-store."""
    assert "no-store" in welcome.header("Cache-Control").lower()


@requirement("SEC-FRAME-PROTECTION")
def test_no_page_is_shown_in_a_frame(pages_of_a_login):
    """Somebody logs in and consents, and somebody unknown tries; no page on the way may be framed by another site."""
    assert [page for page in pages_of_a_login if frameable(page)] == []


@requirement("SEC-FRAME-PROTECTION")
def test_no_error_page_is_shown_in_a_frame(error_page):
    """An unknown client sends a browser; the page that says so may not be framed by another site."""
    assert not frameable(error_page)


@requirement("SEC-CORS")
@for_each_operation(secured)
def test_other_origins_may_not_read(crossing, other_origins, ready):
    """A request is sent with the Origin of sites that are not listed; no answer permits one of them to read it."""
    replies = [ready.owner.send(ready.another().with_header("Origin", origin)) for origin in other_origins]

    assert [reply for reply in replies if crossing.permits(reply)] == []


@requirement("SEC-CORS")
@for_each_operation(secured)
def test_other_origins_may_not_ask(crossing, other_origins, nobody, ready):
    """A browser asks beforehand for sites that are not listed; no answer permits one of them to send the request."""
    asked = crossing.preflight(ready.request)
    replies = [nobody.send(asked.with_header("Origin", origin)) for origin in other_origins]

    assert [reply for reply in replies if crossing.permits(reply)] == []


@requirement("SEC-CORS-LISTED")
@for_each_operation(secured)
def test_a_listed_origin_may_ask_and_read(crossing, listed, nobody, ready):
    """A browser asks beforehand for a listed origin, and sends its request; both answers permit it."""
    preflight = nobody.send(crossing.preflight(ready.request).with_header("Origin", listed))
    reply = ready.owner.send(ready.another().with_header("Origin", listed))

    assert crossing.lets_send(preflight, ready.operation.method)
    assert crossing.invites(reply)


@requirement("SEC-CORS-AUTHORIZATION")
def test_nobody_reads_the_pages_of_the_authorization_endpoint(pages_for_scripts):
    """Scripts of a listed and of an unknown site ask for the login page; no answer permits them to read."""
    assert [page.header("Access-Control-Allow-Origin") for page in pages_for_scripts] == ["", "", ""]


@requirement("SEC-HSTS")
@for_each_operation(any_operation)
def test_browsers_are_told_to_stay_on_tls(over_tls, answers):
    """The operation is made to accept and, for each reason, to refuse; each answer holds browsers to TLS for a year."""
    assert over_tls
    assert [reply for reply in answers if not stays_on_tls(reply)] == []


@requirement("SEC-NO-BANNER")
@for_each_operation(any_operation)
def test_no_answer_boasts_of_versions(answers):
    """The operation is made to accept and, for each reason, to refuse; no answer names a version of its software."""
    assert [reply for reply in answers if discloses_version(reply)] == []
