"""Accounts that send requests, with credentials as each operation requires them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from conformance.contract.vocabulary import ScopeHierarchy
from conformance.errors import UntestableError
from conformance.http.messages import Request, fill
from conformance.http.redaction import variable
from conformance.identity.credential_sources import NoCredentials, SingleToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Scheme
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.identity.credential_sources import CredentialSource

COLLEAGUE, NEWCOMER = "colleague of {}", "newcomer beside {}"  # how those who are made beside an account are called
ARRANGING = {"arrangement", "control"}  # labels of requests that are not what is judged


def nobody_else(_operation: Operation) -> None:
    """No one is kept for any operation."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A principal that sends requests; its tokens have these scopes.

    `subject` and `tenant` are empty where the suite does not know them. `schemes` names the security schemes whose
    credentials it presents; none of them: those of the first alternative that it has credentials for. `rights` tells in
    words how the scopes or roles differ from all that the identity may have; empty where they do not.
    """

    name: str
    source: CredentialSource
    client: Client
    contract: Contract
    scopes: frozenset[str]
    subject: str = ""
    tenant: str = ""
    schemes: frozenset[str] = frozenset()
    rights: str = ""
    roles: frozenset[str] | None = None  # None where the suite does not know them
    restricted: bool = False  # its tokens may lack more of the scopes than are taken from it, but none that is needed
    stand_in: Callable[[Operation], Account | None] = nobody_else  # who is kept for an operation

    def send(self, request: Request, label: str = "attempt") -> Reply:
        """The reply to a request with this account's credentials, as its operation requires them.

        What only arranges is sent by whoever is kept for its operation, such as an admin.
        """
        other = self._stand_in(request.operation) if label in ARRANGING else None
        if other is not None and other.name != self.name:
            return self.client.send(other.authenticated(request), identity=other.name, label=label)
        return self.client.send(self.authenticated(request), identity=self.name, label=label)

    def kept_for(self, operation: Operation) -> Account:
        """Whoever is kept for the operation, such as an admin; else the same."""
        return self.stand_in(operation) or self

    def _stand_in(self, operation: str) -> Account | None:
        return self.stand_in(self.contract.operation(operation)) if operation else None

    def authenticated(self, request: Request) -> Request:
        """The request with this account's credentials. Raises UntestableError if the account has none of a fit kind."""
        if isinstance(self.source, NoCredentials) or not request.operation:
            return request
        operation = self.contract.operation(request.operation)
        if self.schemes:
            return self._with_schemes(request, tuple(map(self.contract.scheme, sorted(self.schemes))), operation)
        return self._with_first_alternative(request, operation)

    def _with_first_alternative(self, request: Request, operation: Operation) -> Request:
        """The request with the first alternative that there are credentials for, also where they are optional.

        Where they are required and there are none, raises what the first alternative lacks.
        """
        errors: list[UntestableError] = []
        for alternative in filter(None, operation.alternatives):
            try:
                return self._with_schemes(request, tuple(requirement.scheme for requirement in alternative), operation)
            except UntestableError as error:
                errors.append(error)
        if operation.secured:
            raise errors[0]
        return request

    def _with_schemes(self, request: Request, schemes: tuple[Scheme, ...], operation: Operation) -> Request:
        if not any(scheme.kind == "bearer" for scheme in schemes) and not operation.scopes <= self.scopes:
            raise UntestableError(f"only a token can lack scopes, and {self.name} shall not have them all.")
        for scheme in schemes:
            request = self._with_scheme(request, scheme, operation)
        return request

    def _named(self, request: Request, secret: str, kind: str) -> Request:
        """The request, which tells what its secret is called, unless the secret is itself what is under test."""
        words = f"{kind} {self.name} {self.rights}"
        return request.with_credential(secret, variable(words)) if self.source.issued(secret) else request

    def _with_scheme(self, request: Request, scheme: Scheme, operation: Operation) -> Request:
        if scheme.kind == "bearer":
            token = self.source.lesser_token(self.scopes, operation.scopes) if self.restricted else self.token
            return self._named(request.with_bearer_token(token), token, "token")
        if scheme.kind == "basic":
            identifier, secret = self.source.name_and_password(scheme.name)
            return self._named(request.with_basic_auth(identifier, secret), secret, "secret")
        if scheme.kind == "mutualTLS":
            return request.with_certificate(self.source.certificate(scheme.name))
        if scheme.kind != "key":
            raise UntestableError(
                f"The security scheme {scheme.name} is of the kind {scheme.kind}, which is not supported."
            )
        value = self.source.key(scheme.name)
        request = self._named(request, value, "session" if scheme.place == "cookie" else "key")
        if scheme.place == "query":
            return request.with_query(**{scheme.parameter: value})
        if scheme.place == "cookie":
            pairs = (f"{scheme.parameter}={value}", *self.source.companions(scheme.name))
            return reduce(Request.with_cookie, pairs, request)
        return request.with_header(scheme.parameter, value)

    def has_credentials_for(self, operation: Operation) -> bool:
        """The account has credentials of the kinds that the operation requires, whatever their scopes."""
        try:
            self.authenticated(Request(method=operation.method, path=operation.path, operation=operation.id))
        except UntestableError:
            return False
        return True

    def may_use(self, operation: Operation) -> bool:
        """The account has the credentials and scopes that the operation requires, and as far as is known the role."""
        return self._lacks_nothing_else(operation) and not self._lacks_role(operation)

    def lacks_role_alone(self, operation: Operation) -> bool:
        """The account is known not to have the role that the operation requires, and has all else."""
        return self._lacks_nothing_else(operation) and self._lacks_role(operation)

    def _lacks_nothing_else(self, operation: Operation) -> bool:
        held = ScopeHierarchy.of(self.contract.document).with_implied(self.scopes)
        return operation.scopes <= held and self.has_credentials_for(operation)

    def _lacks_role(self, operation: Operation) -> bool:
        return bool(operation.roles) and self.roles is not None and not operation.roles & self.roles

    @property
    def token(self) -> str:
        """A bearer token with the account's scopes."""
        return self.source.token(self.scopes)

    def call(self, operation: str, /, label: str = "attempt", **parameters: str) -> Reply:
        """The reply to an operation with these path parameters and no body."""
        known = self.contract.operation(operation)
        path = fill(known.path, parameters)
        request = Request(method=known.method, path=path, operation=known.id, parameters=tuple(parameters.items()))
        return self.send(request, label)

    def with_scopes(self, *scopes: str) -> Account:
        """The same principal with exactly these scopes; without any, if none are named."""
        rights = f"with {' '.join(sorted(scopes)) or 'no scope'}"
        return replace(self, scopes=frozenset(scopes), rights=rights, stand_in=nobody_else)

    def without_scopes(self, *scopes: str) -> Account:
        """The same principal without these scopes, and without those that imply them."""
        lacking = ScopeHierarchy.of(self.contract.document).implying(frozenset(scopes))
        rights = f"without {' '.join(sorted(scopes))}"
        return replace(self, scopes=self.scopes - lacking, rights=rights, restricted=True, stand_in=nobody_else)

    def presenting(self, *schemes: str) -> Account:
        """The same principal with credentials of these security schemes, and of no other."""
        return replace(self, schemes=frozenset(schemes))

    def without_roles(self) -> Account:
        """The same principal with the same scopes and no role."""
        return replace(
            self, source=self.source.without_roles(), roles=frozenset(), rights="without roles", stand_in=nobody_else
        )

    def with_roles(self, *roles: str) -> Account:
        """The same principal with the same scopes and these roles alone."""
        source = self.source.with_roles(*roles)
        return replace(self, source=source, roles=frozenset(roles), rights="with other roles", stand_in=nobody_else)

    def colleague(self) -> Account:
        """Another user of the same tenant, with the same scopes."""
        return replace(self, name=COLLEAGUE.format(self.name), source=self.source.colleague(), subject="")

    def newcomer(self, *, subject: str = "", tenant: bool = True) -> Account:
        """A new principal with the same scopes, in a tenant of its own, or with tokens that name none."""
        source = self.source.newcomer(subject, tenant=tenant)
        return replace(self, name=NEWCOMER.format(self.name), source=source, subject="", tenant="")

    def with_token(self, token: str) -> Account:
        """The same principal with this bearer token, valid or not."""
        source = SingleToken(name=self.name, keys=self.source.keys, text=token)
        source = replace(source, client_certificate=self.source.client_certificate)
        return replace(self, source=source, stand_in=nobody_else)
