"""Ways to get the token endpoint wrong."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from authlib.oauth2.rfc6749 import InvalidRequestError

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.clients import Client, Clients
from reference_impl.oauth.server import ResourceIndicators, ScopeGrants, TokenEndpoint
from reference_impl.oauth.tokens import AccessTokens


@fault("OAUTH-TOKEN-RESPONSE-SHAPE")
class ExpiryIsText(TokenEndpoint):
    """expires_in is a text."""

    def handle_response(self, status, body, headers):
        changed = {name: str(value) if name == "expires_in" else value for name, value in body.items()}
        return super().handle_response(status, changed, headers)


@fault("OAUTH-TOKEN-RESPONSE-SHAPE")
class TokenIsCreated(TokenEndpoint):
    """A token is answered with 201, as something that was made."""

    def handle_response(self, status, body, headers):
        return super().handle_response(201 if "access_token" in body else status, body, headers)


@fault("OAUTH-TOKEN-RESPONSE-SHAPE")
class TokenHasNoType(TokenEndpoint):
    """The answer does not say how the token is used."""

    def handle_response(self, status, body, headers):
        body.pop("token_type", None)
        return super().handle_response(status, body, headers)


@fault("OAUTH-TOKEN-NO-STORE")
class TokenMayBeCached(TokenEndpoint):
    """The answer with a token is private, but may be stored."""

    def caching(self):
        return "private, max-age=0"


@fault("OAUTH-TOKEN-REQUEST-FORM")
class QueryCountsToo(TokenEndpoint):
    """The framework's merged view of query string and form is read."""

    def parameters(self, request):
        return request.values.to_dict()


@fault("OAUTH-TOKEN-REPEATED-PARAMETER")
class FirstOfTwoValuesCounts(TokenEndpoint):
    """Of a repeated parameter, the first value is taken."""

    def repeated(self, request):
        return False


@fault("OAUTH-TOKEN-REPEATED-PARAMETER")
class LastOfTwoValuesCounts(TokenEndpoint):
    """Of a repeated parameter, the last value is taken."""

    def repeated(self, request):
        return False

    def parameters(self, request):
        return {name: values[-1] for name, values in request.form.lists()}


@fault("OAUTH-TOKEN-EMPTY-PARAMETER")
class EmptyParameterIsRefused(TokenEndpoint):
    """A parameter without a value is an error."""

    def check_form(self, request):
        super().check_form(request)
        if "" in request.form.values():
            raise InvalidRequestError


@fault("OAUTH-TOKEN-UNKNOWN-PARAMETER")
class UnknownParameterIsRefused(TokenEndpoint):
    """A parameter that is not known is an error."""

    def check_form(self, request):
        super().check_form(request)
        if request.form.keys() - {"grant_type", "scope", "client_id", "client_secret"}:
            raise InvalidRequestError


@fault("OAUTH-TOKEN-UNKNOWN-PARAMETER")
class UnknownParameterCrashes(TokenEndpoint):
    """The parameters are handed on as they are, to something that does not expect others."""

    def parameters(self, request):
        return self.known(**super().parameters(request))

    def known(
        self, *, grant_type: str = "", scope: str = "", client_id: str = "", client_secret: str = ""
    ) -> dict[str, str]:
        return {"grant_type": grant_type, "scope": scope, "client_id": client_id, "client_secret": client_secret}


class Trusting(Client):
    def check_client_secret(self, client_secret):
        return True


@fault("OAUTH-CLIENT-AUTH-FAILURE")
class SecretIsNotCompared(Clients):
    """Any secret will do for a client that exists."""

    def client(self, **columns):
        return Trusting(**columns)


@fault("OAUTH-CLIENT-AUTH-FAILURE")
class ClientWithoutSecretIsPublic(TokenEndpoint):
    """A client that brings no secret is taken for one that has none."""

    def authenticate_client(self, request, methods, endpoint="token"):
        if "client_id" in request.form and "client_secret" not in request.form:
            return self.query_client(request.form["client_id"])
        return super().authenticate_client(request, methods, endpoint)


@fault("OAUTH-CLIENT-AUTH-FAILURE")
class WrongSecretIsAnInvalidGrant(TokenEndpoint):
    """A client that cannot be authenticated gets invalid_grant."""

    def handle_response(self, status, body, headers):
        changed = {name: "invalid_grant" if value == "invalid_client" else value for name, value in body.items()}
        return super().handle_response(status, changed, headers)


@fault("OAUTH-CLIENT-AUTH-CHALLENGE")
class FailureIs400(TokenEndpoint):
    """All errors of the token endpoint are 400."""

    def invalid_client_status(self):
        return 400


@fault("OAUTH-CLIENT-AUTH-CHALLENGE")
class ChallengeIsMissing(TokenEndpoint):
    """401 comes without a challenge."""

    def handle_error_response(self, _request, error):
        response = super().handle_error_response(_request, error)
        response.headers.pop("WWW-Authenticate", None)
        return response


@fault("OAUTH-CLIENT-NOT-ENUMERABLE")
class UnknownClientIsTold(TokenEndpoint):
    """The description says that there is no such client."""

    def description(self, error):
        return error.description


@fault("OAUTH-UNSUPPORTED-GRANTS")
class PasswordGrantIsLeftOn(TokenEndpoint):
    """The legacy password grant still gives tokens, to a client that may have any."""

    def parameters(self, request):
        found = super().parameters(request)
        return {**found, "grant_type": "client_credentials"} if found.get("grant_type") == "password" else found


@fault("OAUTH-UNSUPPORTED-GRANTS")
class AnyGrantWillDo(TokenEndpoint):
    """The grant type is not looked at."""

    def parameters(self, request):
        return {**super().parameters(request), "grant_type": "client_credentials"}


@fault("OAUTH-CC-NO-REFRESH")
class AllGrantsAreAnsweredAlike(TokenEndpoint):
    """One builder of answers adds a refresh token for every grant."""

    def handle_response(self, status, body, headers):
        more = {"refresh_token": "8xLOxBtZp8"} if "access_token" in body else {}
        return super().handle_response(status, {**body, **more}, headers)


@fault("OAUTH-RESOURCE-INDICATOR")
class ResourceIsIgnored(ResourceIndicators):
    """Whatever resource is asked for, the token is for the API."""

    def check(self, requested):
        pass


@fault("OAUTH-RESOURCE-INDICATOR")
class ResourceIsNotTheAudience(AccessTokens):
    """The token is for the API and for all others of the house."""

    def get_audiences(self, client, user, scope):
        return [self.audience, "https://internal.example"]


@fault("OAUTH-SCOPE-ORDER")
class ScopesComeInTheRegisteredOrder(ScopeGrants):
    """The scopes that are asked for are looked for in those that are registered, as one text."""

    def check(self, requested, registered):
        super().check(requested, registered)
        wanted = (requested or "").split()
        if wanted != [each for each in registered.split() if each in wanted]:
            self.refuse()


@fault("OAUTH-RESOURCE-INDICATOR")
class RefreshesAreForAnyResource(TokenEndpoint):
    """What a token is for is asked when it is given first."""

    def transacted(self, request, make):
        lenient = copy(self)
        if request.form.get("grant_type") == "refresh_token":
            lenient.parts = replace(self.parts, resources=ResourceIndicators(request.form.get("resource")))
        return TokenEndpoint.transacted(lenient, request, make)


@fault("OAUTH-RESOURCE-INDICATOR")
class CodesAreForAnyResource(Authorization):
    """The resource is looked at by the token endpoint alone."""

    def grant(self, visit):
        self.check_once(visit.request)
        return self.server.get_consent_grant(self.server.authorization_request(visit.request), end_user=visit.user)
