"""Ways to get PKCE wrong."""

from __future__ import annotations

from reference_impl.faults import fault
from reference_impl.oauth.grants import Pkce
from reference_impl.oauth.metadata import Metadata


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
