"""Who asks, and whether the credentials suffice."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from dialects.contract.security import key_place
from dialects.operations import requirements
from dialects.server.messages import RefusedError
from dialects.server.people import NOBODY, Caller

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.operations import Operation
    from dialects.server.messages import Request
    from dialects.server.people import People


@dataclass(frozen=True, kw_only=True)
class Door:
    """Admits callers by the security requirements of each operation."""

    dialect: Dialect
    people: People

    def admitted(self, request: Request, operation: Operation) -> Caller:
        """Who asks. Raises RefusedError if no alternative of the operation is fulfilled."""
        alternatives = self.alternatives(operation)
        if not alternatives:
            return NOBODY
        self.insist_on_one(request)
        for alternative in (each for each in alternatives if each):
            if caller := self.fulfilled(request, alternative):
                return self.permitted(caller, operation)
        if {} in alternatives and not self.presented(request):
            return NOBODY
        raise self.unknown(request, operation)

    def alternatives(self, operation: Operation) -> list[dict[str, list[str]]]:
        return requirements(self.dialect, operation)

    def fulfilled(self, request: Request, alternative: dict[str, list[str]]) -> Caller | None:
        """The caller whom all schemes of an alternative name."""
        callers = {self.caller(request, scheme) for scheme in alternative}
        return callers.pop() if len({caller and caller.name for caller in callers}) == 1 else None

    def caller(self, request: Request, scheme: str) -> Caller | None:
        ways = {"key": self.by_key, "login": self.by_password}
        return ways.get(scheme, self.by_token)(request)

    def by_token(self, request: Request) -> Caller | None:
        scheme, _, token = request.header("Authorization").partition(" ")
        return self.people.tokens.get(token.strip(" ")) if scheme.lower() == "bearer" else None

    def by_password(self, request: Request) -> Caller | None:
        """The caller of this name and password (RFC 7617)."""
        scheme, _, encoded = request.header("Authorization").partition(" ")
        try:
            name, _, password = base64.b64decode(encoded.strip(" "), validate=True).decode().partition(":")
        except ValueError:
            return None
        return self.known(name, password) if scheme.lower() == "basic" else None

    def known(self, name: str, password: str) -> Caller | None:
        caller = self.people.keys.get(password)
        return caller if caller and caller.name == name else None

    def by_key(self, request: Request) -> Caller | None:
        return self.people.keys.get(self.key(request))

    def key(self, request: Request) -> str:
        """The API key, empty where there is none."""
        place, name = key_place(self.dialect)
        if place == "query":
            return request.argument(name) or ""
        if place == "header":
            return request.header(name)
        try:
            cookies = SimpleCookie(request.header("Cookie"))
        except CookieError:
            return ""
        return cookies[name].value if name in cookies else ""

    def presented(self, request: Request) -> bool:
        """Some credentials came along, good or bad."""
        return bool(request.header("Authorization") or self.key(request))

    def permitted(self, caller: Caller, operation: Operation) -> Caller:
        """Raises RefusedError where the scopes do not suffice."""
        if self.dialect.credentials == "oauth2" and operation.scope not in caller.scopes:
            challenge = f'Bearer error="insufficient_scope", scope="{operation.scope}"'
            raise RefusedError(403, "the scope does not suffice", WWW_Authenticate=challenge)
        return caller

    def insist_on_one(self, request: Request) -> None:
        """Raises RefusedError where a second token stands in the query (RFC 6750, section 2)."""
        if request.header("Authorization") and request.argument("access_token") is not None:
            raise RefusedError(400, "there are two tokens")

    def unknown(self, request: Request, operation: Operation) -> RefusedError:
        if self.dialect.anonymous == 403:
            return RefusedError(403, "credentials are needed")
        bearer = any({"bearer", "oauth"} & each.keys() for each in self.alternatives(operation))
        error = ', error="invalid_token"' if bearer and request.header("Authorization") else ""
        other = "Basic" if self.dialect.credentials == "basic" else "ApiKey"
        return RefusedError(
            401, "credentials", WWW_Authenticate=f'{"Bearer" if bearer else other} realm="things"{error}'
        )
