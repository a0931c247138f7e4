"""Ways to let others into a session, or to keep it when it is over."""

from __future__ import annotations

from sqlalchemy import delete

from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.sessions import ForgeryDefence, SessionAuthentication
from reference_impl.oauth.browsers import SessionCookie, WebSessions
from reference_impl.oauth.clients import digest
from reference_impl.storage.sessions import BrowserSessions
from reference_impl.storage.tables import BROWSER_SESSIONS


@fault("SESS-COOKIE-ATTRIBUTES")
class ScriptsReadTheCookie(SessionCookie):
    """The cookie is not HttpOnly, since a script shows who is logged in."""

    def attributes(self):
        return super().attributes() | {"httponly": False}


@fault("SESS-COOKIE-ATTRIBUTES")
class OtherSitesSendTheCookie(SessionCookie):
    """The cookie is SameSite=None, so that it works in a frame."""

    def attributes(self):
        return super().attributes() | {"samesite": "None"}


@fault("SESS-COOKIE-ATTRIBUTES")
class TheCookieIsForTheDomain(SessionCookie):
    """The cookie is for all hosts below the domain."""

    def attributes(self):
        return super().attributes() | {"domain": "links.example"}


@fault("SESS-COOKIE-ATTRIBUTES")
class NothingIsSaidOfOtherSites(SessionCookie):
    """The cookie says nothing of other sites and trusts that browsers are careful."""

    def attributes(self):
        return super().attributes() | {"samesite": None}


@fault("SESS-COOKIE-SECURE")
class TheCookieGoesInClear(SessionCookie):
    """The cookie is also sent without TLS."""

    def attributes(self):
        return super().attributes() | {"secure": False}


@fault("SESS-COOKIE-SECURE")
class TheCookieHasAPath(SessionCookie):
    """The cookie is for one path, which its prefix forbids: browsers drop it."""

    def attributes(self):
        return super().attributes() | {"path": "/v1"}


@fault("SESS-ID-RENEWED-AT-LOGIN")
class KeepsTheIdentifier(WebSessions):
    """Who is logged in already keeps the identifier at the next login."""

    def log_in(self, request, response, user):
        session = self.session(request)
        return (self.identifier(request), session) if session else super().log_in(request, response, user)


@fault("SESS-ID-RENEWED-AT-LOGIN")
class MakesTheIdentifierOfTheName(WebSessions):
    """The identifier is a digest of the person, who has the same one in every browser."""

    def log_in(self, request, response, user):
        identifier = digest(self.secret + user.id)
        self.sessions.end(self.key(identifier))
        self.cookie.set(response, identifier)
        return identifier, self.sessions.begin(self.key(identifier), user.id)


@fault("SESS-FIXATION")
class TakesThePlantedIdentifier(WebSessions):
    """An identifier that the browser brings becomes good beside the new one."""

    def log_in(self, request, response, user):
        planted = self.identifier(request)
        made = super().log_in(request, response, user)
        if planted:
            self.sessions.begin(self.key(planted), user.id)
        return made


@fault("SESS-FIXATION", also=("SESS-ID-RENEWED-AT-LOGIN",))
class KeepsWhateverTheBrowserBrings(WebSessions):
    """The login makes an identifier only where the browser brings none."""

    def renewed(self, request):
        return self.identifier(request) or self.new()


@fault("SESS-UNKNOWN-REFUSED")
class OnlyTheBeginningCounts(WebSessions):
    """The column is shorter than the identifier, of which only the beginning counts."""

    def key(self, identifier):
        return digest(identifier[:32])


@fault("SESS-UNKNOWN-REFUSED")
class CaseDoesNotCount(WebSessions):
    """Identifiers are compared without regard to case."""

    def key(self, identifier):
        return digest(identifier.casefold())


@fault("SESS-LOGOUT-INVALIDATES")
class LogoutOnlyClearsTheCookie(WebSessions):
    """The logout takes the cookie from the browser, and whoever kept a copy stays inside."""

    def log_out(self, request):
        """Nothing: the browser forgets."""


@fault("SESS-LOGOUT-INVALIDATES")
class SessionsAreRemembered(WebSessions):
    """A session that was found once is not looked up again."""

    def session(self, request):
        known = self.__dict__.setdefault("known", {})
        identifier = self.identifier(request)
        known[identifier] = known.get(identifier) or super().session(request)
        return known[identifier]


@fault("SESS-LOGOUT-INVALIDATES")
class ChangesOutliveTheLogout(SessionAuthentication):
    """The proof is signed, and taken for enough where there is one."""

    def current(self, request):
        identifier = self.sessions.identifier(request)
        self.__dict__.setdefault("known", {})
        if self.sessions.is_proof(identifier, request.headers.get(self.defence.field, "")) and identifier in self.known:
            return self.known[identifier]
        self.known[identifier] = super().current(request)
        return self.known[identifier]


@fault("SESS-LOGOUT-OWN-ONLY")
class LogoutEndsAllSessions(BrowserSessions):
    """The logout deletes all sessions of the person."""

    def end(self, digest):
        found = self.find(digest)
        if found:
            self.database.change(delete(BROWSER_SESSIONS).where(BROWSER_SESSIONS.c.user_id == found.user_id))


@fault("SESS-CSRF")
class ComparesAProofThatIsThere(ForgeryDefence):
    """The proof is compared only if there is one."""

    def is_proven(self, request):
        return self.field not in request.headers or super().is_proven(request)


@fault("SESS-CSRF")
class AnyProofWillDo(ForgeryDefence):
    """That there is a proof is taken for proof: no form can set a header field."""

    def is_proven(self, request):
        return self.field in request.headers


@fault("SESS-CSRF")
class ProofsAreTheSameForAll(WebSessions):
    """The proof is not bound to the session, so that an attacker's own one will do."""

    def proof(self, identifier):
        return super().proof("")


@fault("SESS-CSRF")
class OnlyCreationNeedsAProof(ForgeryDefence):
    """The proof is asked for where forms can send something: at POST."""

    def guards(self, request, operation):
        return super().guards(request, operation) and request.method == "POST"


@fault("SESS-CSRF", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class SimpleRequestsNeedNoProof(ForgeryDefence):
    """The proof is asked for with JSON, since a body of another type would be refused anyway."""

    def guards(self, request, operation):
        return super().guards(request, operation) and "json" in request.mimetype


@fault("SESS-CSRF")
class AnyAuthorizationIsProof(SessionAuthentication):
    """Requests with an Authorization field come from programs, and need no proof."""

    def brings_other(self, request):
        return not self.sessions.identifier(request)

    def authenticate(self, request, operation):
        if "Authorization" in request.headers:
            return self.principal(self.current(request)[0])
        return super().authenticate(request, operation)


@fault("SESS-CSRF-ORIGIN")
class OriginIsNotLookedAt(ForgeryDefence):
    """Where a request comes from is not looked at."""

    def is_ours(self, origin):
        return True


@fault("SESS-CSRF-ORIGIN")
class OriginBeginsLikeOurs(ForgeryDefence):
    """The beginning of the origin is compared."""

    def is_ours(self, origin):
        return origin.startswith(self.origin)


@fault("SESS-CSRF-ORIGIN")
class NoOriginIsOurs(ForgeryDefence):
    """The Origin null is taken for none, which our own pages send."""

    def is_ours(self, origin):
        return origin == "null" or super().is_ours(origin)


@fault("SESS-COOKIE-NOT-OUTSIDE")
class SessionsOpenEverything(SessionAuthentication):
    """A session is taken wherever a token is."""

    def applies(self, request, operation):
        return not self.brings_other(request) or super().applies(request, operation)


@fault("SESS-TOKEN-BEGINS-NONE")
class TokensBeginSessions(Gateway):
    """Every answer hands out a session cookie, as the framework's middleware does."""

    def handle(self, call, view):
        response = super().handle(call, view)
        sessions = self.parts.sessions.sessions
        sessions.cookie.set(response, sessions.identifier(call.request) or sessions.new())
        return response


@fault("SESS-NO-PROOF-ASKED")
class ReadsNeedAProof(ForgeryDefence):
    """Asks every session for its proof, also where nothing is changed."""

    def guards(self, request, operation):
        return True
