"""Which credentials a contract asks for, and which of its operations are not to be called lightly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.contract.document import follow

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Scheme

DANGEROUS = {"shutdown", "flush", "restart", "reset", "purge", "reboot", "wipe", "truncate"}
PEOPLE = ("alice", "bob")
# Security scheme → kind of identity, where nothing else is asked for.
ALONE = {"basic": "basic", "key": "api-key", "mutualTLS": "certificate"}
SESSION = "session"
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What the operations of a contract ask of those who call them."""

    contract: Contract
    url: str  # of the target

    @property
    def schemes(self) -> dict[str, Scheme]:
        """The security schemes that are needed: those of the first alternative of each operation."""
        return {scheme.name: scheme for each in self.contract.operations for scheme in each.schemes}

    @property
    def bearer(self) -> bool:
        return any(scheme.kind == "bearer" for scheme in self.schemes.values())

    @property
    def keys(self) -> list[Scheme]:
        """The schemes of API keys, and of names with passwords that are no client's, beside what the kind is about."""
        if self.kind in {SESSION, *ALONE.values()}:
            return []
        kinds = {"key"} if self.clients else {"key", "basic"}
        return [scheme for scheme in self.schemes.values() if scheme.kind in kinds]

    @property
    def clients(self) -> bool:
        """Tokens (or Basic credentials) are to be had with client credentials at the contract's tokenUrl."""
        granted = any("clientCredentials" in scheme.get("flows", {}) for scheme in self._declared)
        wanted = self.bearer or any(scheme.kind == "basic" for scheme in self.schemes.values())
        return wanted and granted and bool(self.contract.token_path)

    @property
    def passwords(self) -> bool:
        """Tokens are to be had for the passwords of people, without a page to log in."""
        granted = any("password" in scheme.get("flows", {}) for scheme in self._declared)
        return self.bearer and granted and bool(self.contract.token_path)

    @property
    def logins(self) -> bool:
        """Tokens are to be had by people alone, who log in at pages of the target."""
        flows = [scheme.get("flows", {}).get("authorizationCode", {}) for scheme in self._declared]
        pages = [str(flow["authorizationUrl"]) for flow in flows if "authorizationUrl" in flow]
        return not (self.clients or self.passwords) and any(
            _host(self.url, page) == _host(self.url, "") for page in pages
        )

    @property
    def kind(self) -> str:
        """The kind of identity that suits the contract."""
        session = self.contract.session_rules
        if session and self.schemes.keys() <= {session.scheme, session.proof}:
            return SESSION
        if self.clients:
            return "client-credentials"
        if self.passwords:
            return "password"
        if self.logins:
            return "authorization-code"
        alone = {scheme.kind for scheme in self.schemes.values()}
        return ALONE[alone.pop()] if len(self.schemes) == 1 and alone <= ALONE.keys() else "token"

    @property
    def people(self) -> tuple[str, ...]:
        """The identities that are needed and can be given."""
        return PEOPLE if self.bearer or self.keys or self.clients or self.kind in {SESSION, *ALONE.values()} else ()

    @property
    def unsupported(self) -> list[str]:
        """The schemes for which no identity can be given."""
        known = {"bearer", *ALONE}
        return sorted(name for name, scheme in self.schemes.items() if scheme.kind not in known)

    @property
    def dangerous(self) -> list[Operation]:
        """Operations whose names sound as if they ended more than they should."""
        return [each for each in self.contract.operations if DANGEROUS & words(each)]

    @property
    def open(self) -> list[Operation]:
        return [each for each in self.contract.operations if not each.takes_credentials]

    @property
    def shared(self) -> bool:
        """Some objects belong to a whole tenant."""
        return any(each.ownership.visibility == "tenant" for each in self.contract.operations)

    @property
    def _declared(self) -> list[dict[str, Any]]:
        document = self.contract.document
        schemes = document.get("components", {}).get("securitySchemes", {})
        return [follow(document, schemes[name]) for name in self.schemes]


def _host(base: str, reference: str) -> str:
    """Host and port that the reference leads to; empty if that is no address."""
    try:
        return urlsplit(urljoin(base, reference)).netloc
    except ValueError:
        return ""


def words(operation: Operation) -> set[str]:
    """The words in the id and in the last literal part of the path, in lower case."""
    literal = [part for part in operation.path.split("/") if part and not part.startswith("{")][-1:]
    return {word.lower() for text in (operation.id, *literal) for word in WORD.findall(text)}


def variable(*parts: str) -> str:
    """The name of an environment variable for these parts."""
    return "_".join(re.sub(r"[^A-Za-z0-9]+", "_", part).strip("_").upper() for part in parts)
