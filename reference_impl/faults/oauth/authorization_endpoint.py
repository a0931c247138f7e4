"""Ways to get the authorization endpoint wrong."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.clients import Client, Clients
from reference_impl.oauth.grants import Pkce
from reference_impl.oauth.metadata import Metadata
from reference_impl.oauth.server import FormPayload, ResponseIssuer, TokenEndpoint, TokenRequest
from reference_impl.storage.users import Consents


@fault("OAUTH-AUTHZ-STATE")
class StateIsDecodedTwice(Authorization):
    """The state is decoded once more on its way back."""

    def back(self, location):
        head, found, state = location.partition("&state=")
        value, more, rest = state.partition("&")
        return head + found + quote(unquote(unquote(value.replace("+", " "))), safe="") + more + rest


@fault("OAUTH-AUTHZ-STATE")
class ErrorsForgetTheState(Authorization):
    """The state comes back with a code, but not with an error."""

    def back(self, location):
        if "error=" not in location:
            return location
        return "&".join(part for part in location.split("&") if not part.startswith("state="))


@fault("OAUTH-AUTHZ-STATE")
class StateIsInvented(Authorization):
    """A request without a state is answered with one of the server's own."""

    def back(self, location):
        return location if "state=" in location else location + "&state=none"


@fault("OAUTH-AUTHZ-DENIED")
class RefusalIsAServerError(Authorization):
    """Whoever presses the other button is told of as an error of the server."""

    def back(self, location):
        return location.replace("access_denied", "server_error")


@fault("OAUTH-AUTHZ-DENIED")
class BothButtonsConsent(Authorization):
    """The login is taken for the consent, whatever button is pressed."""

    def grant_to(self, visit, grant, user):
        return super().grant_to(visit, grant, user or visit.user)


class Generous(Client):
    def get_allowed_scope(self, scope):
        return scope or self.scope


@fault("OAUTH-AUTHZ-SCOPE")
class AnyScopeIsGranted(Clients):
    """What a client asks a person for is not compared with what it is registered for."""

    def client(self, **columns):
        return Generous(**columns)


@fault("OAUTH-NO-IMPLICIT")
class FragmentHoldsAToken(Authorization):
    """The implicit grant of former days is still answered."""

    def refuse(self, visit, error):
        if "token" in visit.request.args.get("response_type", ""):
            return self.see(
                visit.request.args["redirect_uri"] + "#access_token=eyJhbGciOiJub25lIn0.e30.&token_type=bearer"
            )
        return super().refuse(visit, error)


class Prefixed(Client):
    def check_redirect_uri(self, redirect_uri):
        return any(redirect_uri.startswith(known) for known in self.redirect_uris)


@fault("OAUTH-REDIRECT-URI-EXACT")
class AddressesAreComparedByPrefix(Clients):
    """An address that begins like a registered one will do."""

    def client(self, **columns):
        return Prefixed(**columns)


class SameHost(Client):
    def check_redirect_uri(self, redirect_uri):
        return urlsplit(redirect_uri).hostname in {urlsplit(known).hostname for known in self.redirect_uris}


@fault("OAUTH-REDIRECT-URI-EXACT")
class HostsAreCompared(Clients):
    """Any address on a registered host will do."""

    def client(self, **columns):
        return SameHost(**columns)


class Contained(Client):
    def check_redirect_uri(self, redirect_uri):
        return any(urlsplit(known).netloc in redirect_uri for known in self.redirect_uris)


@fault("OAUTH-REDIRECT-URI-EXACT")
class HostIsLookedForAnywhere(Clients):
    """An address that has the registered host in it, as a user name or a part of another host, will do."""

    def client(self, **columns):
        return Contained(**columns)


@fault("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
class ErrorsGoWhereverIsAsked(Authorization):
    """Errors are told at the address that the request names, before anybody looks whether it is registered."""

    def may_lead_back(self, request, error):
        error.redirect_uri = request.args.get("redirect_uri", "")
        return bool(error.redirect_uri)


@fault("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
class UnknownClientsAreSentBack(Authorization):
    """A client that nobody registered is told so at the address that it names."""

    def may_lead_back(self, request, error):
        if self.server.query_client(request.args.get("client_id", "")) is None:
            error.redirect_uri = request.args.get("redirect_uri", "")
            return True
        return super().may_lead_back(request, error)


@fault("OAUTH-ISS-PARAMETER")
class OnlyCodesNameTheIssuer(ResponseIssuer):
    """The issuer stands beside a code, and not beside an error."""

    def add_issuer_parameter(self, authorization_server, response):
        if "error=" not in response.location:
            super().add_issuer_parameter(authorization_server, response)


@fault("OAUTH-ISS-PARAMETER")
class IssuerIsAHost(ResponseIssuer):
    """The host alone is named, without the scheme."""

    def get_issuer(self):
        return urlsplit(super().get_issuer()).netloc


@fault("OAUTH-ISS-PARAMETER")
class IssuerIsForgotten(ResponseIssuer):
    """The metadata promise the issuer, the answers have none."""

    def get_issuer(self):
        return ""


@fault("OAUTH-PKCE-REQUIRED")
class ChallengeIsOptional(Pkce):
    """A challenge is used if there is one."""

    def is_required(self, client):
        return False


@fault("OAUTH-PKCE-S256-ONLY")
class PlainIsKnownToo(Pkce):
    """The other method of the RFC is offered too, and is meant where none is named."""

    def __init__(self):
        super().__init__()
        self.SUPPORTED_CODE_CHALLENGE_METHOD = ["S256", "plain"]

    def is_offered(self, method):
        return method in {"S256", "plain", None}


@fault("OAUTH-PKCE-S256-ONLY")
class CaseOfTheMethodDoesNotCount(Pkce):
    """The method is compared without regard to case."""

    def __init__(self):
        super().__init__()
        self.SUPPORTED_CODE_CHALLENGE_METHOD = ["S256", "s256"]

    def is_offered(self, method):
        return str(method).upper() == "S256"


@fault("OAUTH-PKCE-METADATA")
class MethodsAreNotListed(Metadata):
    """The methods are left out of the metadata, which means that there is no PKCE."""

    def server(self):
        return {name: value for name, value in super().server().items() if name != "code_challenge_methods_supported"}


@fault("OAUTH-PKCE-METADATA")
class PlainIsListed(Metadata):
    """The metadata offer plain, as a library's default has it."""

    def challenge_methods(self):
        return ["plain", "S256"]


@fault("OAUTH-NO-307")
class FormsAreSentOn(Authorization):
    """Redirects have the status 307, which keeps the method, and with it the password."""

    def redirect_status(self):
        return 307


@fault("OAUTH-CONSENT-OF-THIS-BROWSER")
class AnyFormWillDo(Authorization):
    """Whoever sends the form is taken for the one who logged in last."""

    def is_ours(self, visit):
        return True

    def visit(self, request):
        made = super().visit(request)
        if made.user is None and request.form.get("action") == "approve":
            made.user = self.users.named("carol")
        return made


@fault("OAUTH-AUTHZ-STATE")
class StateFitsItsColumn(TokenEndpoint):
    """The column for the state has 255 characters."""

    def authorization_request(self, request):
        kept = {name: value[:255] if name == "state" else value for name, value in request.args.items()}
        return TokenRequest(request.method, None, FormPayload(kept))


@fault("OAUTH-AUTHZ-STATE")
class EarlyErrorsForgetTheState(Authorization):
    """The state is kept with the login, which an early error comes before."""

    def refuse(self, visit, error):
        response = super().refuse(visit, error)
        if "Location" in response.headers:
            response.headers["Location"] = re.sub(r"&state=[^&]*", "", response.headers["Location"])
        return response


@fault("OAUTH-ISS-PARAMETER")
class EarlyErrorsNameNoIssuer(Authorization):
    """The issuer is added where codes are given."""

    def refuse(self, visit, error):
        response = super().refuse(visit, error)
        if "Location" in response.headers:
            response.headers["Location"] = re.sub(r"&iss=[^&]*", "", response.headers["Location"])
        return response


class AnyCaseOfHost(Client):
    def check_redirect_uri(self, redirect_uri):
        parts = urlsplit(redirect_uri)
        return parts._replace(netloc=parts.netloc.lower()).geturl() in self.redirect_uris


@fault("OAUTH-REDIRECT-URI-EXACT")
class HostsAreComparedInAnyCase(Clients):
    """Addresses are brought into their normal form before they are compared."""

    def client(self, **columns):
        return AnyCaseOfHost(**columns)


@fault("OAUTH-REDIRECT-URI-EACH")
class AnswersAtTheFirstAddress(Authorization):
    """Leads back to the address that was registered first."""

    def back(self, location):
        return location.replace("/elsewhere?", "/callback?")


@fault("OAUTH-CONSENT-EACH-SCOPE")
class OneConsentIsEnough(Consents):
    """Who has consented to anything once is not asked again."""

    def covers(self, user_id, client_id, scopes):
        return bool(self._granted(user_id, client_id))
