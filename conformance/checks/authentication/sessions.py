"""Cookie sessions of browsers: cookie attributes, fixation, logout, CSRF, login failures."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.fixtures.authentication.sessions import ALTERED_IDS
from conformance.http.polling import eventually
from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, refused, status
from conformance.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.oauth.browser_sessions import cookies
from conformance.observations.reply_difference import differences
from conformance.selection.operations import (
    bearer_authenticated,
    bearer_only,
    both,
    changing,
    cookie_authenticated,
    reading,
)

changing_by_session = both(changing, cookie_authenticated)
reading_by_session = both(reading, cookie_authenticated)


@requirement("SESS-COOKIE-ATTRIBUTES")
def test_the_cookie_is_http_only_same_site_and_host_only(session):
    """A user logs in; the cookie is HttpOnly, SameSite and without a Domain."""
    assert "httponly" in session.cookie.attributes
    assert session.cookie.same_site in {"lax", "strict"}
    assert "domain" not in session.cookie.attributes


@requirement("SESS-COOKIE-SECURE")
def test_the_cookie_is_secure(secure_cookie):
    """A user logs in; the cookie is Secure, and has what the prefix of its name demands."""
    assert "secure" in secure_cookie.attributes
    assert secure_cookie.prefix != "__Host-" or secure_cookie.attributes.get("path") == "/"
    assert secure_cookie.prefix != "__Host-" or "domain" not in secure_cookie.attributes


@requirement("SESS-ID-RENEWED-AT-LOGIN")
def test_a_login_gives_a_new_identifier(login_endpoint, session):
    """A user who is logged in logs in once more; the identifier is another one."""
    again = login_endpoint.renewed_id(session)

    assert again != session.cookie.value


@requirement("SESS-ID-RENEWED-AT-LOGIN")
def test_two_browsers_have_two_identifiers(login_endpoint, session):
    """A user logs in with a second browser; the identifier is another one."""
    other = login_endpoint.new_session()

    assert other.cookie.value != session.cookie.value


@requirement("SESS-FIXATION")
@for_one_operation(reading_by_session)
def test_an_identifier_from_before_the_login_is_refused(nobody, login_endpoint, session_request, unknown_session):
    """A user logs in with a browser in which an attacker set the identifier; the attacker is refused with it."""
    login_endpoint.login(unknown_session.cookie.value)

    reply = nobody.send(unknown_session.authenticated(session_request.request))

    assert reply == refused


@requirement("SESS-UNKNOWN-REFUSED")
@for_each_operation(cookie_authenticated)
def test_an_unknown_session_is_refused(nobody, session_request, unknown_session):
    """A request that was just accepted is sent with an identifier that nobody gave; it is refused."""
    reply = nobody.send(unknown_session.authenticated(session_request.request, unknown_session.csrf_token))

    assert reply == refused


@requirement("SESS-UNKNOWN-REFUSED")
@for_one_operation(reading_by_session)
@variants("alter", ALTERED_IDS)
def test_an_altered_session_is_refused(nobody, session_request, altered_session):
    """A request that was just accepted is sent with an altered identifier; it is refused."""
    reply = nobody.send(altered_session.authenticated(session_request.request))

    assert reply == refused


@requirement("SESS-LOGOUT-INVALIDATES")
@for_each_operation(cookie_authenticated)
def test_after_the_logout_the_session_is_refused(login_endpoint, session, session_user, session_request, bounds):
    """A session that was just accepted is logged out; its cookie and CSRF token are refused."""
    login_endpoint.logout(session)

    reply = eventually(lambda: session_user.send(session_request.request), refused, within=bounds.revocation)

    assert reply == refused


@requirement("SESS-LOGOUT-OWN-ONLY")
@for_one_operation(reading_by_session)
def test_a_logout_ends_no_other_session(nobody, login_endpoint, session, session_request):
    """Of two sessions of one person the second is logged out; the first is still accepted."""
    login_endpoint.logout(login_endpoint.new_session())

    reply = nobody.send(session.authenticated(session_request.request))

    assert reply == accepted(session_request.operation)


@requirement("SESS-NO-PROOF-ASKED")
@for_each_operation(reading_by_session)
def test_a_session_is_enough_where_no_proof_is_declared(refused_without_proof):
    """Something is read with a session alone; it is not refused where it is accepted with the CSRF token beside it."""
    assert refused_without_proof == []


@requirement("SESS-CSRF")
@for_each_operation(changing_by_session)
def test_a_forged_cross_site_change_has_no_effect(nobody, forged_requests, session_access):
    """A change, whose twin was just accepted, is asked for as another site could; it is refused, and nothing done."""
    gained = session_access(nobody, *forged_requests)
    replies = [nobody.send(forged) for forged in forged_requests]

    assert gained == NOTHING
    assert replies == each(refused)


@requirement("SESS-CSRF")
@for_one_operation(reading_by_session)
def test_nobody_is_logged_out_by_another_site(nobody, session, session_request, forged_logout):
    """A logout without the CSRF token is refused, and the session is still accepted."""
    reply = nobody.send(forged_logout)
    again = nobody.send(session.authenticated(session_request.request))

    assert reply == refused
    assert again == accepted(session_request.operation)


@requirement("SESS-CSRF-ORIGIN")
@for_each_operation(changing_by_session)
def test_a_change_from_another_site_has_no_effect(nobody, cross_site_requests, session_access, cross_site_status):
    """A change, whose twin was just accepted, comes with the CSRF token and foreign Origins; nothing happens."""
    gained = session_access(nobody, *cross_site_requests)
    replies = [nobody.send(request) for request in cross_site_requests]

    assert gained == NOTHING
    assert replies == each(status(cross_site_status))


@requirement("SESS-LOGIN-GENERIC-FAILURE")
def test_a_wrong_password_is_answered_like_an_unknown_name(login_endpoint):
    """A wrong password of a user, and one as long as may be, are answered like those of two users who do not exist."""
    wrong = login_endpoint.failed_login(login_endpoint.username)
    longest = login_endpoint.failed_login(password=login_endpoint.longest_password)
    unknown, other = login_endpoint.failed_login(), login_endpoint.failed_login()

    assert wrong == refused
    assert differences(wrong, unknown, other) == {}
    assert differences(longest, unknown, other) == {}


@requirement("SESS-PASSWORD-EXACT")
def test_a_similar_password_is_refused(logins_by_altered_passwords):
    """Somebody who could log in tries with spaces around the password, in the other case, and without its end."""
    assert logins_by_altered_passwords == each(refused)


@requirement("SESS-LOGIN-THROTTLED")
def test_failed_logins_are_throttled(failed_logins):
    """Logins with an invented name fail until one is answered with 429, which says how long to wait."""
    assert failed_logins[-1] == status(429)
    assert failed_logins[-1].header("Retry-After")


@requirement("SESS-COOKIE-NOT-OUTSIDE")
@for_each_operation(bearer_only)
def test_a_session_is_refused_where_a_token_is_required(nobody, ready, accepted_session):
    """A request that was just accepted is sent with a valid session in the place of its token; it is refused."""
    reply = nobody.send(accepted_session.authenticated(ready.request, accepted_session.csrf_token))

    assert reply == refused


@requirement("SESS-TOKEN-BEGINS-NONE")
@for_each_operation(bearer_authenticated)
def test_a_request_with_a_token_starts_no_session(ready, session_cookie_name):
    """A request with a token is accepted; the answer sets no session cookie."""
    assert session_cookie_name not in {cookie.name for cookie in cookies(ready.control)}
