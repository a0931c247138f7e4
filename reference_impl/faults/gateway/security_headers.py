"""Ways to leave browsers and caches without the word that keeps them careful."""

from __future__ import annotations

from http import HTTPStatus

from reference_impl.faults import fault
from reference_impl.gateway.cors import CrossOrigin
from reference_impl.gateway.headers import SecurityHeaders
from reference_impl.oauth.pages import Pages
from reference_impl.oauth.server import TokenEndpoint
from reference_impl.views.sessions import SessionViews


@fault("SEC-NOSNIFF")
class RefusalsMayBeSniffed(SecurityHeaders):
    """Only what succeeds says nosniff."""

    def apply(self, response, operation):
        super().apply(response, operation)
        if response.status_code >= 400:
            del response.headers["X-Content-Type-Options"]


@fault("SEC-SECRETS-NOT-STORED", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class SecretsMayBeCached(SecurityHeaders):
    """Answers for one principal may be stored by that principal's cache, secrets among them."""

    def apply(self, response, operation):
        super().apply(response, operation)
        response.headers["Cache-Control"] = "private, max-age=60"


@fault("SEC-SECRETS-NOT-STORED", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TokensMayBeCached(TokenEndpoint):
    """The answer with a token says nothing about caches."""

    def caching(self):
        return "private"


@fault("SEC-SECRETS-NOT-STORED", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class LoginsMayBeCached(SessionViews):
    """The answer to a login may be stored by the browser."""

    def log_in(self, call):
        response = super().log_in(call)
        response.headers["Cache-Control"] = "private"
        return response


@fault("SEC-FRAME-PROTECTION")
class AnybodyMayFrame(Pages):
    """The policy of the pages lets everybody frame them, whatever the older field says."""

    def ancestors(self):
        return "frame-ancestors *"


@fault("SEC-FRAME-PROTECTION")
class OnlyTheFirstPageIsProtected(Pages):
    """The login page may not be framed; the consent page, where the click is worth something, may."""

    def page(self, name, status, redirect_uri="", **known):
        page = super().page(name, status, redirect_uri, **known)
        if name == "consent.html":
            del page.headers["X-Frame-Options"], page.headers["Content-Security-Policy"]
        return page


@fault("SEC-FRAME-PROTECTION")
class ErrorPagesMayBeFramed(Pages):
    """The pages of errors come without the fields of the others."""

    def error(self, told):
        page = super().error(told)
        del page.headers["X-Frame-Options"], page.headers["Content-Security-Policy"]
        return page


@fault("SEC-CORS-LISTED")
class FieldsAreReadByNobody(CrossOrigin):
    """The fields that scripts may read are listed once, and not when fields are added."""

    def __init__(self, contract):
        super().__init__(contract)
        self.exposed = "ETag, Link, Location, X-Request-Id"


@fault("SEC-CORS")
class EveryOriginIsReflected(CrossOrigin):
    """Whatever origin asks is permitted."""

    def permits(self, origin):
        return bool(origin)


@fault("SEC-CORS")
class OriginsEndLikeTheListedOne(CrossOrigin):
    """The end of the origin is compared, so that another host of that ending is permitted too."""

    def permits(self, origin):
        return any(origin.endswith(known.partition("://")[2]) for known in self.origins)


@fault("SEC-CORS")
class OriginsBeginLikeTheListedOne(CrossOrigin):
    """The beginning of the origin is compared."""

    def permits(self, origin):
        return origin.startswith(tuple(self.origins))


@fault("SEC-CORS")
class NullIsPermitted(CrossOrigin):
    """The origin null is permitted, since files on the developer's disk have it."""

    def permits(self, origin):
        return origin == "null" or super().permits(origin)


@fault("SEC-CORS-LISTED")
class PreflightsAreNotAnswered(CrossOrigin):
    """Answers permit the listed origin, but nobody answers the question that comes before."""

    def preflight(self, request):
        return None


@fault("SEC-CORS-LISTED")
class NobodyIsPermitted(CrossOrigin):
    """The list is not looked at: no origin is permitted."""

    def permits(self, origin):
        return False


@fault("SEC-CORS-LISTED")
class RefusalsAreReadByNobody(CrossOrigin):
    """The permission is added to what a view answers, and a refusal comes before it."""

    def apply(self, request, response):
        if response.status_code < HTTPStatus.BAD_REQUEST:
            super().apply(request, response)


@fault("SEC-CORS-LISTED")
class ScriptsCannotNameATag(CrossOrigin):
    """The fields that scripts may send were listed before there were preconditions."""

    def preflight(self, request):
        response = super().preflight(request)
        if response is not None:
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
        return response


@fault("SEC-CORS-AUTHORIZATION")
class PagesArePermittedToo(CrossOrigin):
    """The permission is given on every path, the login page among them."""

    def hidden(self):
        return frozenset()


@fault("SEC-NO-BANNER")
class ThePoweredByIsLeftOn(SecurityHeaders):
    """The framework says what it is, as it does until somebody switches that off."""

    def apply(self, response, operation):
        super().apply(response, operation)
        response.headers["X-Powered-By"] = "Flask/3.1.3"
