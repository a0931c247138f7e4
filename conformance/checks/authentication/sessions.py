"""People who log in with a browser, and what keeps others out of their sessions."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.fixtures.authentication.sessions import ALTERATIONS, FORGERIES, ORIGINS
from conformance.http.polling import eventually
from conformance.judgement.expectations import accepted, refused, status
from conformance.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.oauth.browser_sessions import cookies
from conformance.observations.reply_difference import differences
from conformance.selection.operations import bearing, both, bound_to_tokens, by_session, changing, reading

changing_by_session = both(changing, by_session)
reading_by_session = both(reading, by_session)


@requirement("SESS-COOKIE-ATTRIBUTES")
def test_the_cookie_is_for_this_host_and_no_script(stay):
    """Somebody logs in; the cookie is HttpOnly, SameSite and without a Domain."""
    assert "httponly" in stay.crumb.attributes
    assert stay.crumb.same_site in {"lax", "strict"}
    assert "domain" not in stay.crumb.attributes


@requirement("SESS-COOKIE-SECURE")
def test_the_cookie_goes_over_tls_alone(secure_crumb):
    """Somebody logs in; the cookie is Secure, and has what the prefix of its name demands."""
    assert "secure" in secure_crumb.attributes
    assert secure_crumb.prefix != "__Host-" or secure_crumb.attributes.get("path") == "/"
    assert secure_crumb.prefix != "__Host-" or "domain" not in secure_crumb.attributes


@requirement("SESS-ID-RENEWED-AT-LOGIN")
def test_a_login_gives_a_new_identifier(entrance, stay):
    """Somebody who is logged in logs in once more; the identifier is another one."""
    again = entrance.again(stay)

    assert again != stay.crumb.value


@requirement("SESS-ID-RENEWED-AT-LOGIN")
def test_two_browsers_have_two_identifiers(entrance, stay):
    """Somebody logs in with a second browser; the identifier is another one."""
    other = entrance.enter()

    assert other.crumb.value != stay.crumb.value


@requirement("SESS-FIXATION")
@for_one_operation(reading_by_session)
def test_a_planted_identifier_stays_worthless(nobody, entrance, visiting, planted):
    """Somebody logs in with a browser in which an identifier was planted; who planted it is refused."""
    entrance.knock(bearing=planted.crumb.value)

    reply = nobody.send(planted.worn(visiting.request))

    assert reply == refused


@requirement("SESS-UNKNOWN-REFUSED")
@for_each_operation(by_session)
def test_an_invented_session_opens_nothing(nobody, visiting, planted):
    """A request that was just accepted is sent with an identifier that nobody gave; it is refused."""
    reply = nobody.send(planted.worn(visiting.request, planted.proof))

    assert reply == refused


@requirement("SESS-UNKNOWN-REFUSED")
@for_one_operation(reading_by_session)
@variants("alter", ALTERATIONS)
def test_an_altered_session_opens_nothing(nobody, visiting, altered):
    """A request that was just accepted is sent with an altered identifier; it is refused."""
    reply = nobody.send(altered.worn(visiting.request))

    assert reply == refused


@requirement("SESS-LOGOUT-INVALIDATES")
@for_each_operation(by_session)
def test_after_the_logout_the_cookie_is_worth_nothing(entrance, stay, visitor, visiting, bounds):
    """A session that was just accepted is logged out; its cookie and proof are refused."""
    entrance.leave(stay)

    reply = eventually(lambda: visitor.send(visiting.request), refused, within=bounds.revocation)

    assert reply == refused


@requirement("SESS-LOGOUT-OWN-ONLY")
@for_one_operation(reading_by_session)
def test_a_logout_ends_no_other_session(nobody, entrance, stay, visiting):
    """Of two sessions of one person the second is logged out; the first is still accepted."""
    entrance.leave(entrance.enter())

    reply = nobody.send(stay.worn(visiting.request))

    assert reply == accepted(visiting.operation)


@requirement("SESS-CSRF")
@for_each_operation(changing_by_session)
@variants("forgery", FORGERIES)
def test_a_forged_change_has_no_effect(nobody, forged, visitors_gain):
    """A change, whose twin was just accepted, is asked for as another site would; it is refused, and nothing done."""
    gained = visitors_gain(nobody, forged)
    reply = nobody.send(forged)

    assert gained == NOTHING
    assert reply == refused


@requirement("SESS-CSRF")
@for_one_operation(reading_by_session)
def test_nobody_is_logged_out_by_another_site(nobody, stay, visiting, forged_logout):
    """A logout without the proof is refused, and the session is still accepted."""
    reply = nobody.send(forged_logout)
    again = nobody.send(stay.worn(visiting.request))

    assert reply == refused
    assert again == accepted(visiting.operation)


@requirement("SESS-CSRF-ORIGIN")
@for_each_operation(changing_by_session)
@variants("origin", ORIGINS)
def test_a_change_from_another_site_has_no_effect(nobody, from_elsewhere, visitors_gain, foreign_status):
    """A change, whose twin was just accepted, comes with the proof and a foreign Origin; nothing happens."""
    gained = visitors_gain(nobody, from_elsewhere)
    reply = nobody.send(from_elsewhere)

    assert gained == NOTHING
    assert reply == status(foreign_status)


@requirement("SESS-LOGIN-GENERIC-FAILURE")
def test_a_wrong_password_is_answered_as_an_unknown_name(entrance):
    """The wrong password of somebody is answered like those of two people who do not exist."""
    wrong = entrance.fails(entrance.username)
    unknown, other = entrance.fails(), entrance.fails()

    assert wrong == refused
    assert differences(wrong, unknown, other) == {}


@requirement("SESS-LOGIN-THROTTLED")
def test_a_name_is_not_guessed_at_for_long(guesses):
    """Logins with an invented name fail until one is answered with 429, which says how long to wait."""
    assert guesses[-1] == status(429)
    assert guesses[-1].header("Retry-After")


@requirement("SESS-COOKIE-NOT-OUTSIDE")
@for_each_operation(bound_to_tokens)
def test_a_session_is_no_token(nobody, ready, known_stay):
    """A request that was just accepted is sent with a sound session in the place of its token; it is refused."""
    reply = nobody.send(known_stay.worn(ready.request, known_stay.proof))

    assert reply == refused


@requirement("SESS-TOKEN-BEGINS-NONE")
@for_each_operation(bearing)
def test_a_token_begins_no_session(ready, cookie_name):
    """A request with a token is accepted; the answer sets no session cookie."""
    assert cookie_name not in {crumb.name for crumb in cookies(ready.control)}
