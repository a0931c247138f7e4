"""How each kind of identity of the configuration gets its credentials."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from conformance.contract.name_validation import asked_for
from conformance.errors import ConfigurationError
from conformance.http.connections import ClientCertificate
from conformance.identity.credential_sources import ClientCredentials, CredentialSource, FixedTokens, MintedTokens
from conformance.identity.token_cache import TokenCache
from conformance.identity.token_commands import PrintedTokens
from conformance.oauth.authorization_code import AuthorizationCodeFlow, RegisteredClient
from conformance.oauth.browser_sessions import LoginEndpoint, SessionCredentials
from conformance.oauth.consent import ConsentedTokens
from conformance.oauth.granted_tokens import GrantedTokens
from conformance.oauth.login_pages import ResourceOwner
from conformance.sut.process import Command
from conformance.sut.secret_values import INVENTED, replace_secret, secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.contract.openapi import Contract
    from conformance.http.client import Client
    from conformance.http.redaction import Redaction
    from conformance.oauth.authorization_server import AuthorizationServer
    from conformance.servers.token_issuer import Mint
    from conformance.sut.identities import Identity
    from conformance.sut.process import Placeholders

SCOPES = "{scopes}"  # in the command of an identity


@dataclass(frozen=True, kw_only=True)
class IdentitySources:
    """Makes the source of an identity's credentials; `folder` is where paths of the configuration begin."""

    folder: Path
    client: Client
    contract: Contract
    mint: Mint | None
    authorization_server: AuthorizationServer
    redaction: Redaction
    placeholders: Placeholders
    token_cache: TokenCache = field(default_factory=TokenCache)
    rotated: dict[str, str] = field(default_factory=dict)  # identity → its newest refresh token

    def of(self, identity: Identity, subject: str) -> CredentialSource:
        """The source; `subject` is whom tokens are minted for. Raises ConfigurationError if it cannot be made."""
        makers = {
            "issuer": lambda: self._minted(identity, subject),
            "client-credentials": lambda: self._granted(identity),
            "authorization-code": lambda: self._consented(identity),
            "password": lambda: self._granted_for_password(identity),
            "refresh-token": lambda: self._refreshed(identity),
            "session": lambda: self._logged_in(identity),
            "basic": lambda: self._by_password(identity),
            "api-key": lambda: self._by_key(identity),
            "certificate": lambda: CredentialSource(name=identity.name, keys=self._keys(identity)),
            "command": lambda: self._printed(identity),
            "token": lambda: self._fixed(identity),
        }
        passphrase = self._secret(identity.passphrase, identity, "passphrase") if identity.passphrase else ""
        shown = ClientCertificate.within(self.folder, identity.certificate, identity.private_key, passphrase)
        source = makers[identity.kind]()
        return replace(source, client_certificate=shown) if shown else source

    def scopes_of(self, identity: Identity) -> frozenset[str]:
        """The scopes that the identity may have: those that are named, else all of the contract."""
        return frozenset(identity.scopes) or self.contract.scopes

    def flow(self, identity: Identity) -> AuthorizationCodeFlow:
        """The authorization code flow of an identity of kind authorization-code."""
        return AuthorizationCodeFlow(
            name=identity.name,
            client=self.client,
            authorization_server=self.authorization_server,
            redaction=self.redaction,
            registered_client=self._registered_client(identity),
            redirect_uri=identity.redirect_uri,
            other_redirect_uri=identity.other_redirect_uri,
            resource_owner=ResourceOwner(
                username=self.placeholders(identity.username),
                password=self._secret(identity.password, identity, "password"),
                approve=_button(identity.approve),
                deny=_button(identity.deny),
            ),
            scopes=self.scopes_of(identity),
        )

    def login_endpoint(self, identity: Identity) -> LoginEndpoint:
        """The login endpoint for an identity of kind session."""
        if self.contract.session_rules is None:
            raise ConfigurationError(
                f"[identities.{identity.name}] is of kind session, but the contract does not say how a person logs in. "
                "Add x-session to the operation that does it, by an overlay if the contract is not yours.",
            )
        return LoginEndpoint(
            client=self.client,
            contract=self.contract,
            session_rules=self.contract.session_rules,
            redaction=self.redaction,
            name=identity.name,
            username=self.placeholders(identity.username),
            password=self._secret(identity.password, identity, "password"),
        )

    def _minted(self, identity: Identity, subject: str) -> CredentialSource:
        if self.mint is None:
            raise ConfigurationError(
                f"[identities.{identity.name}] is of kind issuer, but there is no [issuer]. Add one."
            )
        mint = self.mint if identity.roles is None else replace(self.mint, roles=identity.roles)
        return MintedTokens(name=identity.name, keys=self._keys(identity), mint=mint, subject=subject)

    def _granted(self, identity: Identity) -> CredentialSource:
        client = self._registered_client(identity)
        return ClientCredentials(
            name=identity.name,
            keys=self._keys(identity),
            client=self.client,
            token_path=self._token_path(identity, "client credentials"),
            client_id=client.id,
            client_secret=client.secret,
            redaction=self.redaction,
            registered_scopes=self.scopes_of(identity),
            token_cache=self.token_cache,
        )

    def _granted_for_password(self, identity: Identity) -> CredentialSource:
        person, password = self.placeholders(identity.username), self._secret(identity.password, identity, "password")
        form = {"grant_type": "password", "username": person, "password": password}
        return self._granted_tokens(identity, lambda: form, rotated=lambda _: None, person=person)

    def _refreshed(self, identity: Identity) -> CredentialSource:
        first = self._secret(identity.refresh_token, identity, "refresh-token")

        def form() -> dict[str, str]:
            return {"grant_type": "refresh_token", "refresh_token": self.rotated.get(identity.name, first)}

        def keep(following: str) -> None:
            self.rotated[identity.name] = following
            replace_secret(identity.refresh_token, following, self.folder)

        return self._granted_tokens(identity, form, rotated=keep)

    def _granted_tokens(
        self,
        identity: Identity,
        grant: Callable[[], dict[str, str]],
        *,
        rotated: Callable[[str], None],
        person: str = "",
    ) -> CredentialSource:
        return GrantedTokens(
            name=identity.name,
            keys=self._keys(identity),
            client=self.client,
            token_path=self._token_path(identity, "tokens of the token endpoint"),
            registered_client=self._registered_client(identity),
            all_scopes=self.scopes_of(identity),
            grant=grant,
            rotated=rotated,
            redaction=self.redaction,
            token_cache=self.token_cache,
            person=person,
        )

    def _consented(self, identity: Identity) -> CredentialSource:
        keys, flow = self._keys(identity), self.flow(identity)
        return ConsentedTokens(name=identity.name, keys=keys, flow=flow, token_cache=self.token_cache)

    def _logged_in(self, identity: Identity) -> CredentialSource:
        endpoint = self.login_endpoint(identity)
        return SessionCredentials(name=identity.name, keys=self._keys(identity), login_endpoint=endpoint)

    def _by_password(self, identity: Identity) -> CredentialSource:
        """A person's name and password, for every scheme of the contract that takes them."""
        login = f"{self.placeholders(identity.username)}:{self._secret(identity.password, identity, 'password')}"
        keys = dict.fromkeys(self._schemes("basic", identity), login)
        return CredentialSource(name=identity.name, keys={**keys, **self._keys(identity)})

    def _by_key(self, identity: Identity) -> CredentialSource:
        """One API key, for every scheme of the contract that takes one."""
        keys = dict.fromkeys(self._schemes("key", identity), self._secret(identity.key, identity, "key"))
        return CredentialSource(name=identity.name, keys={**keys, **self._keys(identity)})

    def _printed(self, identity: Identity) -> CredentialSource:
        words = tuple(map(self.placeholders, identity.command))

        def printed(scopes: str) -> str:
            filled = tuple(word.replace(SCOPES, scopes) for word in words)
            return Command(arguments=filled, environment={}, folder=self.folder).run()

        return PrintedTokens(
            name=identity.name,
            keys=self._keys(identity),
            printed=printed,
            takes_scopes=any(SCOPES in word for word in words),
            all_scopes=self.scopes_of(identity),
            redaction=self.redaction,
            token_cache=self.token_cache,
        )

    def _fixed(self, identity: Identity) -> CredentialSource:
        tokens = {frozenset(given.scopes): self._secret(given.token, identity, "tokens") for given in identity.tokens}
        if identity.token:
            tokens[self.scopes_of(identity)] = self._secret(identity.token, identity, "token")
        return FixedTokens(name=identity.name, keys=self._keys(identity), tokens=tokens)

    def _registered_client(self, identity: Identity) -> RegisteredClient:
        given = identity.client_secret
        secret_text = self._secret(given, identity, "client-secret") if given else ""
        return RegisteredClient(id=self.placeholders(identity.client_id), secret=secret_text)

    def _token_path(self, identity: Identity, wanted: str) -> str:
        if not self.authorization_server.names("token_endpoint"):
            raise ConfigurationError(
                f"[identities.{identity.name}] wants {wanted}, but the contract names no tokenUrl.",
            )
        return self.authorization_server.path("token_endpoint")

    def _schemes(self, kind: str, identity: Identity) -> list[str]:
        """The names of the contract's security schemes of this kind. Raises ConfigurationError if it has none."""
        names = [scheme.name for scheme in asked_for(self.contract.operations) if scheme.kind == kind]
        if not names:
            raise ConfigurationError(
                f"[identities.{identity.name}] is of kind {identity.kind}, but no operation of the contract asks for "
                "such credentials. Mend the kind."
            )
        return names

    def _keys(self, identity: Identity) -> dict[str, str]:
        found = {scheme: self._secret(value, identity, "keys") for scheme, value in identity.keys.items()}
        basic = {scheme.name for scheme in asked_for(self.contract.operations) if scheme.kind == "basic"}
        for scheme in basic & found.keys():
            self.redaction.learn(found[scheme].partition(":")[2])
        return found

    def expired_token(self, identity: Identity) -> str:
        """The token of an identity that has expired; empty where none is given."""
        return self._secret(identity.expired_token, identity, "expired-token") if identity.expired_token else ""

    def _secret(self, value: str, identity: Identity, key: str) -> str:
        """`{secret:NAME}` is invented for a managed target; any other secret comes from the environment or a file."""
        place = f"[identities.{identity.name}], {key}"
        filled = self.placeholders(value) if value.startswith(INVENTED) else secret(value, place, self.folder)
        self.redaction.learn(quote_plus(filled))  # as it stands in forms
        return self.redaction.learn(filled)


def _button(given: str) -> tuple[str, str] | None:
    """Name and value of a submit button, from NAME=VALUE; None if it is empty."""
    name, _, value = given.partition("=")
    return (name, value) if given else None
