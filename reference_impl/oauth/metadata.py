"""Documents that describe the authorization server (RFC 8414) and the protected resource (RFC 9728)."""

from __future__ import annotations

from typing import Any


class Metadata:
    """All addresses derive from the configured public URL, never from a request."""

    def __init__(self, public_url: str, scopes: tuple[str, ...]) -> None:
        self.public_url = public_url
        self.scopes = scopes

    def server(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer(),
            "authorization_endpoint": self.public_url + "/oauth/authorize",
            "token_endpoint": self.public_url + "/oauth/token",
            "revocation_endpoint": self.public_url + "/oauth/revoke",
            "introspection_endpoint": self.public_url + "/oauth/introspect",
            "userinfo_endpoint": self.public_url + "/oauth/userinfo",
            "jwks_uri": self.public_url + "/oauth/jwks",
            "scopes_supported": list(self.scopes),
            "grant_types_supported": self.grants(),
            "response_types_supported": self.response_types(),
            "code_challenge_methods_supported": self.challenge_methods(),
            "authorization_response_iss_parameter_supported": True,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "name", "email", "email_verified"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def issuer(self) -> str:
        return self.public_url

    def grants(self) -> list[str]:
        return ["authorization_code", "client_credentials", "refresh_token"]

    def response_types(self) -> list[str]:
        return ["code"]

    def challenge_methods(self) -> list[str]:
        return ["S256"]

    def resource(self) -> dict[str, Any]:
        return {
            "resource": self.public_url,
            "authorization_servers": [self.issuer()],
            "scopes_supported": list(self.scopes),
            "bearer_methods_supported": ["header"],
        }
