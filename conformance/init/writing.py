"""A `conformance.toml` in words: what was found, and what is still wanted and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.doctor.probes import loopback
from conformance.init.events import EVENTS
from conformance.init.existing_objects import existing_objects
from conformance.init.needs import Needs, variable
from conformance.init.wording import comment, enumerated, quoted
from conformance.results.untrusted_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.init.discovery import Discovery

PORT = 8099  # of the suite's receiver, so that the target can be told
VARIABLES = {  # kind of identity → what its environment variable holds
    "client-credentials": "SECRET",
    "password": "PASSWORD",
    "authorization-code": "PASSWORD",
    "basic": "PASSWORD",
    "api-key": "KEY",
    "session": "PASSWORD",
    "token": "TOKEN",
}


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Puts a configuration into words; `contract_path`, `asyncapi_path` and `overlay_path` are relative to the file."""

    discovery: Discovery
    contract: Contract
    contract_path: str
    asyncapi_path: str
    overlay_path: str
    orphans: Sequence[Operation]  # about objects that no reply is known to give
    events_begun: bool = False  # a document of events is written beside the configuration, for a person to go on with
    registering: str = ""  # the operation that seems to register receivers, where the contract does not say

    @property
    def needs(self) -> Needs:
        return Needs(contract=self.contract, url=self.discovery.url)

    @property
    def text(self) -> str:
        """The whole file."""
        objects = existing_objects(self.orphans, self.needs.people)
        parts = (self._target(), *self._identities(), objects, self._issuer(), self._receiver(), self._bounds())
        return "\n".join("\n".join(part) + "\n" for part in parts if part)

    @property
    def variables(self) -> list[str]:
        """The environment variables that it refers to."""
        kinds = [VARIABLES[self.needs.kind]] if self.needs.kind in VARIABLES else []
        kinds = kinds if self.needs.kind != "token" or self.needs.bearer else []
        kinds += [scheme.name for scheme in self.needs.keys]
        return [variable(name, kind) for name in self.needs.people for kind in kinds]

    def _target(self) -> list[str]:
        title = f"{self.contract.title} {self.contract.version}".strip()
        lines = comment(f"How {title} is judged. `conformance docs build` explains every key.")
        lines += ["[target]", f"url = {quoted(self.discovery.url)}", f"contract = {quoted(self.contract_path)}"]
        lines += comment("What the contract does not say, as far as it can be guessed: read it, line by line.")
        lines += [f"overlays = [{quoted(self.overlay_path)}]"]
        if self.asyncapi_path:
            lines += [f"asyncapi = {quoted(self.asyncapi_path)}"]
        elif self.contract.subscription or self.registering:
            known = "is begun beside this file. Take out the sign once it is right:"
            known = known if self.events_begun else "was not found. Name it here:"
            lines += [*comment(f"The AsyncAPI document by which events are judged {known}"), f'# asyncapi = "{EVENTS}"']
        if self.discovery.ready:
            lines += [f"ready = {quoted(self.discovery.ready)}"]
        else:
            lines += comment("Where it says whether it is ready; nothing was found at /readyz, /healthz and the like:")
            lines += ['# ready = "/readyz"']
        return [*lines, *self._never(), *self._open()]

    def _never(self) -> list[str]:
        names = [operation.id for operation in self.needs.dangerous]
        told = (
            "These sound as if they ended more than one object, so they are never called. Take out what is harmless: "
            "what is not called is not judged."
            if names
            else "operationIds that are too dangerous to call; no name sounds so."
        )
        return [*comment(told), f"never-call = [{', '.join(map(quoted, names))}]"]

    def _open(self) -> list[str]:
        names = [operation.id for operation in self.needs.open]
        told = f"The contract leaves open: {enumerated(names)}. " if names else ""
        told += "If the target leaves something open that the contract secures, name it here:"
        return [*comment(told), "# public = []"]

    def _identities(self) -> Iterable[list[str]]:
        if not self.needs.schemes:
            yield comment("The contract asks nobody for credentials, so no identity is needed.")
            return
        if self.needs.unsupported:
            yield comment(
                f"No identity can be given for {', '.join(self.needs.unsupported)}: what needs it is not judged."
            )
        for name, tenant in zip(self.needs.people, ("north", "south"), strict=False):
            why = self._why_two() if name == self.needs.people[0] else []
            yield [*why, *self._identity(name), *self._tenant(tenant), *self._keys(name)]
        yield [*self._scopes(), *self._roles()]

    def _why_two(self) -> list[str]:
        told = "Two people who have nothing in common, each with all rights of a usual user: whether one keeps out of "
        told += "what is the other's is the most fruitful question of all. Use accounts made for this, never real ones."
        return comment(told)

    def _identity(self, name: str) -> list[str]:
        ways = {
            "client-credentials": self._client,
            "password": self._password,
            "authorization-code": self._login,
            "basic": self._basic,
            "api-key": self._key,
            "certificate": self._certificate,
            "session": self._session,
            "token": self._token,
        }
        return [f"[identities.{name}]", f'kind = "{self.needs.kind}"', *ways[self.needs.kind](name)]

    def _client(self, name: str) -> list[str]:
        there = self._said("token_endpoint", "its metadata name {}") + self._grants()
        told = f"A client registered for this person at {self.contract.token_path}{there}."
        given = [f'client-id = "conformance-{name}"', f'client-secret = "env:{variable(name, "SECRET")}"']
        return [*comment(told), *given]

    def _password(self, name: str) -> list[str]:
        told = f"Name and password of this person, for which {self.contract.token_path} grants tokens."
        return [*comment(told), *_named(name), '# client-id = "conformance"', '# client-secret = "env:CLIENT_SECRET"']

    def _basic(self, name: str) -> list[str]:
        return [*comment("Name and password for HTTP Basic, sent with each request."), *_named(name)]

    def _session(self, name: str) -> list[str]:
        return [*comment("Name and password with which this person logs in, and gets a session."), *_named(name)]

    def _key(self, name: str) -> list[str]:
        [scheme] = self.needs.schemes.values()
        sent = f"The API key of this person, sent as {scheme.parameter} ({scheme.place})."
        if scheme.parameter.lower() == "authorization":
            sent += " It is the whole field, with the word before the key if there is one: `Token 9944b09199c6…`."
        return [*comment(sent), f'key = "env:{variable(name, "KEY")}"']

    def _certificate(self, name: str) -> list[str]:
        told = "The certificate that this person shows, and its private key, as PEM files beside this one."
        return [*comment(told), f'certificate = "{name}.pem"', f'private-key = "{name}-key.pem"']

    def _login(self, name: str) -> list[str]:
        told = (
            "A client that is registered for the code flow, with an address to which people are sent back. It is never "
        )
        lines = [*comment(f"{told}called."), 'client-id = "conformance"', '# client-secret = "env:CLIENT_SECRET"']
        lines += ['redirect-uri = "https://conformance.example/callback"']
        lines += comment("Who logs in, by the forms of the pages. If these need scripts, give tokens instead.")
        return [*lines, *_named(name)]

    def _token(self, name: str) -> list[str]:
        if not self.needs.bearer:
            return []
        told = "An access token that lives as long as a run, some minutes."
        return [*comment(told), f'token = "env:{variable(name, "TOKEN")}"']

    def _keys(self, name: str) -> list[str]:
        if not self.needs.keys:
            return []
        lines = [f"[identities.{name}.keys]"]
        for scheme in self.needs.keys:
            basic = scheme.kind == "basic"
            sent = "Name and password for HTTP Basic, with a colon in between." if basic else ""
            lines += comment(sent or f"Sent as {scheme.parameter} ({scheme.place}).")
            lines += [f"{quoted(scheme.name)} = {quoted(f'env:{variable(name, scheme.name)}')}"]
        return lines

    def _tenant(self, example: str) -> list[str]:
        if not self.needs.shared:
            return []
        return [
            *comment("Whose shared things this person uses, if the tokens do not say it:"),
            f'# tenant = "{example}"',
        ]

    def _scopes(self) -> list[str]:
        scopes = sorted(self.contract.scopes)
        if not scopes:
            return []
        told = f"The contract has the scopes {' '.join(scopes)}. Each person needs all of them. "
        if self.needs.kind != "token":
            told += "If a client is registered for less, name what it may ask for under it:"
            return [*comment(told), f"# scopes = [{quoted(scopes[0])}]"]
        told += "Whether one that is missing is missed can be tried with further tokens, one for each set:"
        fewer = ", ".join(map(quoted, scopes[1:]))
        lines = ["# [[identities.alice.tokens]]", f"# scopes = [{fewer}]", '# token = "env:ALICE_WITH_LESS"']
        return [*comment(told), *lines]

    def _roles(self) -> list[str]:
        if not self.contract.roles:
            return []
        names = " ".join(sorted(self.contract.roles))
        told = f"Some operations ask for a role: {names}. Give Alice and Bob all of them, or name whoever has it:"
        asking = next(each for each in self.contract.operations if each.roles)
        lines = ["# [identities.admin]", f'# kind = "{self.needs.kind}"', f"# operations = [{quoted(asking.id)}]"]
        return [*comment(told), *lines]

    def _issuer(self) -> list[str]:
        if not self.needs.bearer:
            return []
        issuer = self._said("issuer", "the target's own issuer is {}")
        told = "With an issuer of its own, which the target must be told to trust, the suite makes every token that an "
        told += f"attacker would make{issuer}. Give alice and bob the kind "
        lines = [*comment(f'{told}"issuer" then.'), "# [issuer]"]
        lines += ['# url = "https://issuer.example.com"', f"# audience = {quoted(self.discovery.url)}"]
        token = self.contract.access_token
        claims = [name for name in ((token.roles, token.tenant) if token else ()) if name]
        if claims:
            lines += comment(f"The contract names the claims {', '.join(claims)}; the suite fills them.")
        return lines

    def _receiver(self) -> list[str]:
        subscription, near = self.contract.subscription, loopback(self.discovery.url)
        operation = subscription.operation if subscription else self.registering
        if not operation:
            return []
        why = f"{operation} registers receivers of events"
        why = f"{why}, so" if subscription else f"If {why} (see {self.overlay_path}), take out the signs:"
        where = (
            "allowed to call at this host and port. Without this table what needs deliveries is not judged."
            if near
            else "able to reach, by a tunnel or a proxy that leads to this port. Take out the signs to have it tried."
        )
        host = 'host = "127.0.0.1"' if near else 'url = "https://receiver.example.com"'
        sign = "" if subscription and near else "# "
        told = comment(f"{why} the suite runs one, which the target must be {where}")
        return [*told, *(f"{sign}{line}" for line in ("[receiver]", host, f"port = {PORT}"))]

    def _bounds(self) -> list[str]:
        if self.contract.subscription is None:
            return []
        told = "What takes long by the contract may be made short for a run, and must be told here, in seconds."
        return [
            *comment(told),
            "[bounds]",
            f"# event = {self.contract.event_bound:g}",
            "# retry-schedule = [0.2, 0.4, 0.8]",
            "# retry-after = 2",
            "# delivery-timeout = 2",
        ]

    def _grants(self) -> str:
        """The grants that the authorization server says it has."""
        listed = self.discovery.metadata.get("grant_types_supported")
        return (
            f", for the grant client_credentials (it has {enumerated(list(map(str, listed)))})"
            if isinstance(listed, list)
            else ""
        )

    def _said(self, member: str, words: str) -> str:
        """A word on what the authorization server says of itself; empty if it does not."""
        value: Any = self.discovery.metadata.get(member)
        return f" ({words.format(one_line(value, 200))})" if isinstance(value, str) else ""


def _named(name: str) -> list[str]:
    return [f'username = "{name}"', f'password = "env:{variable(name, "PASSWORD")}"']
