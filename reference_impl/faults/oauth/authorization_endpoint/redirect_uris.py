"""Ways to get redirect URIs wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.clients import Client, Clients


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
