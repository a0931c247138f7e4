"""Ways to describe the authorization server wrongly."""

from __future__ import annotations

import json

from flask import request as current

from reference_impl.faults import fault
from reference_impl.oauth.metadata import Metadata
from reference_impl.views.identity import IdentityViews


@fault("OAUTH-METADATA")
class MetadataLacksResponseTypes(Metadata):
    """A required member is left out, since there is nothing to put in."""

    def server(self):
        return {name: value for name, value in super().server().items() if name != "response_types_supported"}


@fault("OAUTH-METADATA")
class MetadataIsText(IdentityViews):
    """The document is served as text."""

    def authorization_server(self, _call):
        response = super().authorization_server(_call)
        response.mimetype = "text/plain"
        return response


@fault("OAUTH-METADATA-ISSUER")
class IssuerIsTheHostField(Metadata):
    """The issuer is made of the Host field of the request."""

    def issuer(self):
        return current.host_url.rstrip("/")


@fault("OAUTH-METADATA-ISSUER")
class IssuerHasAnotherSlash(Metadata):
    """The issuer ends in a slash here, and in tokens it does not."""

    def issuer(self):
        return super().issuer() + "/"


@fault("OAUTH-METADATA-ENDPOINTS")
class KeysAreElsewhere(Metadata):
    """The address of the keys is a former one."""

    def server(self):
        return super().server() | {"jwks_uri": self.public_url + "/oauth/keys.json"}


@fault("OAUTH-METADATA-ENDPOINTS")
class TokensAreElsewhere(Metadata):
    """The address of the token endpoint is a former one."""

    def server(self):
        return super().server() | {"token_endpoint": self.public_url + "/token"}


@fault("OAUTH-METADATA-GRANTS")
class ListsGrantsThatAreOff(Metadata):
    """The list of grants is the library's, not the server's."""

    def grants(self):
        return [*super().grants(), "urn:ietf:params:oauth:grant-type:device_code"]


@fault("OAUTH-METADATA-GRANTS")
class LeavesTheGrantsOut(Metadata):
    """The list of grants is left out, which means others than there are."""

    def server(self):
        return {name: value for name, value in super().server().items() if name != "grant_types_supported"}


@fault("OAUTH-METADATA-AUTH-METHODS")
class HidesAWayToAuthenticate(Metadata):
    """The form is taken too, but not listed."""

    def server(self):
        return super().server() | {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}


@fault("OAUTH-METADATA-AGREE")
class DocumentsDiffer(IdentityViews):
    """One document was brought up to date, the other was forgotten."""

    def openid_configuration(self, _call):
        response = super().openid_configuration(_call)
        response.set_data(json.dumps({**json.loads(response.get_data()), "scopes_supported": ["openid"]}))
        return response


@fault("OAUTH-METADATA-NO-EMPTY-LISTS")
class ListsNothing(Metadata):
    """What there is none of is listed as an empty list."""

    def server(self):
        return super().server() | {"claims_supported": []}
