"""Ways to get the state and the issuer of a response wrong."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.server import FormPayload, ResponseIssuer, TokenEndpoint, TokenRequest


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
