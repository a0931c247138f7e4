"""Sessions of a browser: logging in, what the cookie says, and logging out."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from conformance.contract.document import ContractError, resolve
from conformance.contract.operation import is_json
from conformance.errors import BlockedError
from conformance.http.messages import Request
from conformance.identity.accounts import Account, CredentialSource, unguessable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Scheme
    from conformance.contract.vocabulary import Dialogue
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction

PREFIXES = ("__Host-", "__Secure-")


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie as Set-Cookie gives it; names of attributes in lower case."""

    name: str
    value: str
    attributes: Mapping[str, str]

    @property
    def same_site(self) -> str:
        return self.attributes.get("samesite", "").lower()

    @property
    def prefix(self) -> str:
        """The prefix of the name that browsers know (rfc6265bis, section 4.1.3); empty if it has none."""
        return next((known for known in PREFIXES if self.name.lower().startswith(known.lower())), "")


def cookies(reply: Reply) -> list[Cookie]:
    """The cookies that an answer sets."""
    return [_parsed(value) for name, value in reply.headers if name.lower() == "set-cookie"]


def _parsed(text: str) -> Cookie:
    (name, value), *rest = [tuple(part.strip() for part in each.partition("=")[::2]) for each in text.split(";")]
    return Cookie(name=name, value=value, attributes={key.lower(): given for key, given in rest})


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """A session that has begun: its cookie, and the proof that goes with it (empty if there is none)."""

    crumb: Cookie
    proof: str
    proof_scheme: Scheme | None

    def worn(self, request: Request, proof: str | None = None) -> Request:
        """The request with the cookie and, if one is given, this proof."""
        bearing = request.also_header("Cookie", f"{self.crumb.name}={self.crumb.value}")
        if proof is None or self.proof_scheme is None:
            return bearing
        if self.proof_scheme.place == "query":
            return bearing.with_query(**{self.proof_scheme.parameter: proof})
        return bearing.with_header(self.proof_scheme.parameter, proof)

    def with_value(self, value: str) -> BrowserSession:
        """The same with another id in the cookie."""
        return replace(self, crumb=replace(self.crumb, value=value))


@dataclass(frozen=True, kw_only=True)
class LoginEndpoint:
    """The login and logout of one person."""

    client: Client
    contract: Contract
    dialogue: Dialogue
    redaction: Redaction
    name: str
    username: str
    password: str

    @property
    def cookie(self) -> Scheme:
        return self.contract.scheme(self.dialogue.scheme)

    @property
    def proof_scheme(self) -> Scheme | None:
        return self.contract.scheme(self.dialogue.proof) if self.dialogue.proof else None

    def request(self, username: str, password: str) -> Request:
        """A login, without a cookie."""
        operation = self.contract.operation(self.dialogue.operation)
        members: dict[str, Any] = {}
        _put(members, self.dialogue.username, username)
        _put(members, self.dialogue.password, password)
        body = json.dumps(members) if is_json(operation.media_type) else urlencode(members)
        headers = (("Content-Type", operation.media_type or "application/json"), ("Accept", "*/*"))
        return Request(
            method=operation.method, path=operation.path, headers=headers, body=body.encode(), operation=operation.id
        )

    def knock(self, bearing: str = "") -> Reply:
        """The reply to a login of a browser that has this id already; none, if it is empty."""
        request = self.request(self.username, self.password)
        if bearing:
            request = request.also_header("Cookie", f"{self.cookie.parameter}={bearing}")
        return self.client.send(request, identity=self.name, label="login")

    def enter(self) -> BrowserSession:
        """A new session. Raises BlockedError if there is none."""
        reply = self.admitted()
        crumb = self._crumb(reply)
        if crumb is None:
            raise BlockedError(f"the login of {self.name} got {reply.status}, but no cookie {self.cookie.parameter}.")
        return BrowserSession(crumb=crumb, proof=self._proof(reply), proof_scheme=self.proof_scheme)

    def admitted(self) -> Reply:
        """The reply to a login. Raises BlockedError if it is refused."""
        return self._admitted(self.knock())

    def again(self, stay: BrowserSession) -> str:
        """The id that the browser has after one more login. Raises BlockedError if that is refused."""
        crumb = self._crumb(self._admitted(self.knock(bearing=stay.crumb.value)))
        return crumb.value if crumb else stay.crumb.value

    def _admitted(self, reply: Reply) -> Reply:
        if not (reply.success or 300 <= reply.status < 400):
            raise BlockedError(
                f"the login of {self.name} got {reply.status}. Check username and password of "
                f"[identities.{self.name}].",
                blame="configuration" if reply.status in {401, 403} else "target",
            )
        return reply

    def _crumb(self, reply: Reply) -> Cookie | None:
        """The session cookie that the reply sets."""
        found = [crumb for crumb in cookies(reply) if crumb.name == self.cookie.parameter and crumb.value]
        self.redaction.learn(found[-1].value if found else "")
        return found[-1] if found else None

    def _proof(self, reply: Reply) -> str:
        if not self.dialogue.proof:
            return ""
        try:
            return self.redaction.learn(str(resolve(reply.json, self.dialogue.token)))
        except ContractError:
            raise BlockedError(f"the answer to the login holds no proof at {self.dialogue.token}.") from None

    def fails(self, username: str = "") -> Reply:
        """The reply to a login with a wrong password; of somebody who does not exist, if no name is given."""
        request = self.request(username or unguessable("nobody"), secrets.token_urlsafe(12))
        return self.client.exchange(request, identity="nobody")

    def account(self, stay: BrowserSession) -> Account:
        """The person in this session."""
        keys = {self.dialogue.scheme: stay.crumb.value, self.dialogue.proof: stay.proof}
        source = CredentialSource(name=self.name, keys=keys)
        return Account(
            name=self.name, source=source, client=self.client, contract=self.contract, scopes=self.contract.scopes
        )

    def leave(self, stay: BrowserSession) -> Reply:
        """The reply to a logout. Raises BlockedError if it is refused."""
        reply = self.account(stay).call(self.dialogue.logout, "logout")
        if not self.contract.operation(self.dialogue.logout).succeeded(reply.status):
            raise BlockedError(f"the logout of {self.name} got {reply.status}, so its effect cannot be judged.")
        return reply


@dataclass(frozen=True, kw_only=True)
class LoggedIn(CredentialSource):
    """The session of a person, begun when it is first needed."""

    entrance: LoginEndpoint
    begun: list[BrowserSession] = field(default_factory=list)

    @property
    def principal(self) -> str:
        return f"user {self.entrance.username}"

    def key(self, scheme: str) -> str:
        given = self.entrance.account(self._stay()).source.keys if scheme in self._own else self.keys
        return given[scheme] if scheme in given else super().key(scheme)

    @property
    def _own(self) -> set[str]:
        return {self.entrance.dialogue.scheme, self.entrance.dialogue.proof}

    def _stay(self) -> BrowserSession:
        if not self.begun:
            self.begun.append(self.entrance.enter())
        return self.begun[0]


def _put(members: dict[str, Any], pointer: str, value: str) -> None:
    """Sets a member of nested objects."""
    *outer, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step in outer:
        members = members.setdefault(step, {})
    members[last] = value
