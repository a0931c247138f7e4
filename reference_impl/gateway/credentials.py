"""Who asks: the bearer token of a request (RFC 6750), and the challenge if there is none that holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reference_impl.domain.entities import Principal
from reference_impl.domain.refusals import RefusalError
from reference_impl.oauth.verifier import SUBJECT_FORM, Claims, InvalidTokenError, TokenVerifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Request

    from reference_impl.oauth.clients import Clients

TOKEN_FORM = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


class Challenges:
    """The WWW-Authenticate field of 401 and 403."""

    def __init__(self, resource_metadata: str) -> None:
        self.resource_metadata = resource_metadata

    def missing(self) -> RefusalError:
        return self.unauthenticated("An access token is required.")

    def invalid(self, reason: str) -> RefusalError:
        return self.unauthenticated(f"The access token is not accepted: {reason}.", error="invalid_token")

    def insufficient(self, required: Iterable[str], lacking: Iterable[str]) -> RefusalError:
        field = self.field(error="insufficient_scope", scope=" ".join(sorted(required)))
        detail = f"The access token lacks {' '.join(sorted(lacking))}."
        return RefusalError("insufficient-scope", detail, headers={"WWW-Authenticate": field})

    def unauthenticated(self, detail: str, **parameters: str) -> RefusalError:
        return RefusalError("unauthenticated", detail, headers={"WWW-Authenticate": self.field(**parameters)})

    def field(self, **parameters: str) -> str:
        parameters |= {"resource_metadata": self.resource_metadata}
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())


class BearerCredentials:
    """Finds the token in the one place where it may be: the Authorization field."""

    scheme = "bearer"

    def __init__(self, challenges: Challenges) -> None:
        self.challenges = challenges

    def extract(self, request: Request) -> str:
        """The token; raises the refusal if there is none, or more than one."""
        field = self.field(request)
        if field is None:
            raise self.challenges.missing()
        scheme, _, token = field.partition(" ")
        if not self.is_bearer(scheme):
            raise self.challenges.missing()
        token = token.strip(" ")
        # Repeated fields arrive joined by a comma, which no token contains.
        if not TOKEN_FORM.fullmatch(token):
            raise self.challenges.invalid("it is malformed")
        return token

    def field(self, request: Request) -> str | None:
        return request.headers.get("Authorization")

    def is_bearer(self, scheme: str) -> bool:
        return scheme.lower() == self.scheme


class Authentication:
    """Turns the token of a request into the principal it speaks for."""

    def __init__(
        self, credentials: BearerCredentials, verifier: TokenVerifier, challenges: Challenges, clients: Clients
    ) -> None:
        self.credentials = credentials
        self.verifier = verifier
        self.challenges = challenges
        self.clients = clients

    def authenticate(self, request: Request) -> Principal:
        token = self.credentials.extract(request)
        try:
            return self.principal(self.verifier.verify(token))
        except InvalidTokenError as reason:
            raise self.refuse(str(reason)) from reason

    def refuse(self, reason: str) -> RefusalError:
        return self.challenges.invalid(reason)

    def principal(self, claims: Claims) -> Principal:
        return Principal(
            issuer=claims["iss"],
            subject=claims["sub"],
            scopes=self.scopes(claims),
            tier=self.clients.tier(claims["iss"], claims["sub"]),
            roles=self.roles(claims),
            tenant=self.tenant(claims),
        )

    def roles(self, claims: Claims) -> frozenset[str]:
        """What the issuer says that the subject is; a claim that is no list of strings says nothing."""
        roles = claims.get("roles")
        return frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()

    def tenant(self, claims: Claims) -> str:
        """The tenant that the issuer names; a claim of another form names none."""
        tenant = claims.get("tenant")
        return tenant if isinstance(tenant, str) and SUBJECT_FORM.fullmatch(tenant) else ""

    def scopes(self, claims: Claims) -> frozenset[str]:
        """The granted scopes; a claim that is absent or no string grants nothing."""
        scope = claims.get("scope")
        return frozenset(scope.split(" ")) - {""} if isinstance(scope, str) else frozenset()
