"""[identities.NAME]: who asks, and where the credentials come from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from conformance.errors import ConfigurationError
from conformance.sut.sections import section, shown_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.sut.sections import Secret


@dataclass(frozen=True, kw_only=True)
class FixedToken:
    """One of several tokens of an identity, with its scopes."""

    token: Secret
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The credentials of a principal, and what it may do."""

    name: str
    kind: str
    tenant: str = ""  # where its tokens do not name it
    roles: tuple[str, ...] | None = None  # where its tokens are not the suite's; None where nobody says
    operations: tuple[str, ...] = ()  # operationIds for which it is used in the place of all others
    keys: Mapping[str, Secret] = field(default_factory=dict)  # security scheme → API key, or name:password
    certificate: str = ""  # that it shows, where the contract asks for mutual TLS
    private_key: str = ""
    passphrase: Secret = ""
    subject: str = ""
    client_id: str = ""
    client_secret: Secret = ""
    redirect_uri: str = ""
    other_redirect_uri: str = ""  # registered beside it
    username: str = ""
    password: Secret = ""
    approve: str = ""  # NAME=VALUE of the button that consents, where it is not the first
    deny: str = ""  # NAME=VALUE of the button that refuses
    scopes: tuple[str, ...] = ()
    token: Secret = ""
    tokens: tuple[FixedToken, ...] = ()
    key: Secret = ""
    refresh_token: Secret = ""
    expired_token: Secret = ""  # that was good once, where the suite cannot make one
    command: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The keys that a kind of identity needs, and those that it may have beside those of every kind."""

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


COMMON = (
    *("name", "kind", "tenant", "roles", "operations", "keys", "scopes", "expired_token"),
    *("certificate", "private_key", "passphrase"),
)
KINDS: Mapping[str, Kind] = {
    "issuer": Kind(takes=("subject",)),
    "client-credentials": Kind(needs=("client_id", "client_secret")),
    "authorization-code": Kind(
        needs=("client_id", "redirect_uri", "username", "password"),
        takes=("client_secret", "other_redirect_uri", "approve", "deny"),
    ),
    "password": Kind(needs=("username", "password"), takes=("client_id", "client_secret")),
    "refresh-token": Kind(needs=("refresh_token",), takes=("client_id", "client_secret")),
    "session": Kind(needs=("username", "password")),
    "basic": Kind(needs=("username", "password")),
    "api-key": Kind(needs=("key",)),
    "certificate": Kind(needs=("certificate",)),
    "command": Kind(needs=("command",)),
    "token": Kind(takes=("token", "tokens")),
}


def identity(name: str, value: Any, where: str) -> Identity:
    """The identity in a parsed table; `where` names the file. Raises ConfigurationError if it is wrong."""
    place = f"{where}, [identities.{name}]"
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place} must be a table.")
    listed = value.get("tokens", [])
    if not isinstance(listed, list):
        raise ConfigurationError(f"{place}: tokens must be a list of tables, as in [[identities.{name}.tokens]].")
    tokens = tuple(section(FixedToken, entry, f"{place}, tokens") for entry in listed)
    found = section(Identity, {**value, "name": name, "tokens": tokens}, place)
    kind = KINDS.get(found.kind)
    if kind is None:
        raise ConfigurationError(f"{place} has the kind {found.kind!r}. Use one of {', '.join(KINDS)}.")
    _require_fit(found, kind, place)
    if ":" in found.username and found.kind == "basic":
        raise ConfigurationError(f"{place}: username holds a colon, which ends the name in HTTP Basic. Mend it.")
    if found.kind == "token" and not (found.token or found.tokens or found.keys):
        raise ConfigurationError(
            f'{place} has no token. Add token = "env:NAME", or keys, or [[identities.{name}.tokens]].',
        )
    return found


def _require_fit(found: Identity, kind: Kind, place: str) -> None:
    """Raises ConfigurationError for a key that the kind needs and lacks, or has and makes nothing of."""
    for key in kind.needs:
        if not getattr(found, key):
            raise ConfigurationError(f"{place} lacks {shown_key(key)}, which the kind {found.kind} needs. Add it.")
    known = {*COMMON, *kind.needs, *kind.takes}
    unused = next((each.name for each in fields(found) if each.name not in known and getattr(found, each.name)), "")
    if unused:
        raise ConfigurationError(
            f"{place}: the kind {found.kind} makes nothing of {shown_key(unused)}. Take it out, or mend the kind."
        )
