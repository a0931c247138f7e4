"""Cookie sessions of browsers (`x-session`): login, session cookie, CSRF token, logout."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from conformance.contract.document import ContractError, resolve
from conformance.contract.operation import is_json
from conformance.errors import BlockedError
from conformance.http.messages import Request
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import CredentialSource, unique_name
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Scheme
    from conformance.contract.vocabulary import SessionRules
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction

PREFIXES = ("__Host-", "__Secure-")
LONGEST_PASSWORD = 4096  # characters that are sent


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie of a Set-Cookie field (RFC 6265, section 4.1); attribute names are in lower case."""

    name: str
    value: str
    attributes: Mapping[str, str]

    @property
    def same_site(self) -> str:
        return self.attributes.get("samesite", "").lower()

    @property
    def prefix(self) -> str:
        """`__Host-` or `__Secure-` if the name begins so (rfc6265bis, section 4.1.3), else empty."""
        return next((known for known in PREFIXES if self.name.lower().startswith(known.lower())), "")


def cookies(reply: Reply) -> list[Cookie]:
    """The cookies that a reply sets, in the order of their fields."""
    return [_parsed(value) for name, value in reply.headers if name.lower() == "set-cookie"]


def _parsed(text: str) -> Cookie:
    (name, value), *rest = [tuple(part.strip() for part in each.partition("=")[::2]) for each in text.split(";")]
    return Cookie(name=name, value=value, attributes={key.lower(): given for key, given in rest})


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """A logged-in session: its cookie, and its CSRF token (empty where the contract declares none).

    The login may have set `others` beside it, such as the second half of a double submit.
    """

    cookie: Cookie
    others: tuple[Cookie, ...] = ()
    csrf_token: str
    csrf_scheme: Scheme | None

    def authenticated(self, request: Request, csrf_token: str | None = None) -> Request:
        """The request with the session cookie and, if one is given, this CSRF token."""
        pairs = (f"{self.cookie.name}={self.cookie.value}", *self.companions)
        with_cookie = reduce(Request.with_cookie, pairs, request)
        if csrf_token is None or self.csrf_scheme is None:
            return with_cookie
        if self.csrf_scheme.place == "query":
            return with_cookie.with_query(**{self.csrf_scheme.parameter: csrf_token})
        return with_cookie.with_header(self.csrf_scheme.parameter, csrf_token)

    @property
    def companions(self) -> tuple[str, ...]:
        """The other cookies, each `name=value`."""
        return tuple(f"{each.name}={each.value}" for each in self.others)

    def with_id(self, value: str) -> BrowserSession:
        """The session with another identifier in its cookie."""
        return replace(self, cookie=replace(self.cookie, value=value))


@dataclass(frozen=True, kw_only=True)
class LoginEndpoint:
    """The login and logout operations of the contract, used by one user."""

    client: Client
    contract: Contract
    session_rules: SessionRules
    redaction: Redaction
    name: str
    username: str
    password: str

    @property
    def cookie(self) -> Scheme:
        return self.contract.scheme(self.session_rules.scheme)

    @property
    def csrf_scheme(self) -> Scheme | None:
        return self.contract.scheme(self.session_rules.proof) if self.session_rules.proof else None

    def request(self, username: str, password: str) -> Request:
        """A login request with these credentials, without a cookie."""
        operation = self.contract.operation(self.session_rules.operation)
        members: dict[str, Any] = {}
        _set_member(members, self.session_rules.username, username)
        _set_member(members, self.session_rules.password, password)
        body = json.dumps(members) if is_json(operation.media_type) else urlencode(members)
        headers = (("Content-Type", operation.media_type or "application/json"), ("Accept", "*/*"))
        return Request(
            method=operation.method, path=operation.path, headers=headers, body=body.encode(), operation=operation.id
        )

    def login(self, session_id: str = "") -> Reply:
        """The reply to a login of a browser that already has this session cookie; without a cookie, if it is empty."""
        request = self.request(self.username, self.password)
        if session_id:
            request = request.with_cookie(f"{self.cookie.parameter}={session_id}")
        return self.client.send(request, identity=self.name, label="login")

    def new_session(self) -> BrowserSession:
        """Logs in. Raises BlockedError if the login is refused or sets no session cookie."""
        reply = self.successful_login()
        cookie = self._session_cookie(reply)
        if cookie is None:
            raise BlockedError(f"the login of {self.name} got {reply.status}, but no cookie {self.cookie.parameter}.")
        others = tuple(each for each in cookies(reply) if each.value and each.name != cookie.name)
        for each in others:
            self.redaction.learn(each.value)
        token = self._csrf_token(reply)
        return BrowserSession(cookie=cookie, others=others, csrf_token=token, csrf_scheme=self.csrf_scheme)

    def successful_login(self) -> Reply:
        """The reply to a login. Raises BlockedError if it is refused."""
        return self._require_login(self.login())

    def renewed_id(self, session: BrowserSession) -> str:
        """The session id after the browser logged in once more. Raises BlockedError if that is refused."""
        cookie = self._session_cookie(self._require_login(self.login(session.cookie.value)))
        return cookie.value if cookie else session.cookie.value

    def _require_login(self, reply: Reply) -> Reply:
        if not (reply.success or 300 <= reply.status < 400):
            raise BlockedError(
                f"the login of {self.name} got {reply.status}. Check username and password of "
                f"[identities.{self.name}].",
                blame="configuration" if reply.status in {401, 403} else "target",
            )
        return reply

    def _session_cookie(self, reply: Reply) -> Cookie | None:
        """The session cookie that the reply sets; None if it sets none."""
        found = [cookie for cookie in cookies(reply) if cookie.name == self.cookie.parameter and cookie.value]
        self.redaction.learn(found[-1].value if found else "")
        return found[-1] if found else None

    def _csrf_token(self, reply: Reply) -> str:
        if not self.session_rules.proof:
            return ""
        if self.session_rules.token_cookie:
            return self._proof_in_cookie(reply)
        try:
            return self.redaction.learn(str(resolve(reply.json, self.session_rules.token)))
        except ContractError:
            raise BlockedError(f"the answer to the login holds no proof at {self.session_rules.token}.") from None

    def _proof_in_cookie(self, reply: Reply) -> str:
        wanted = self.session_rules.token_cookie
        found = [cookie.value for cookie in cookies(reply) if cookie.name == wanted and cookie.value]
        if not found:
            raise BlockedError(f"the answer to the login sets no cookie {wanted}, which is to hold the proof.")
        return self.redaction.learn(found[-1])

    def failed_login(self, username: str = "", password: str = "") -> Reply:
        """The reply to a login with a wrong password; of a user who does not exist, if no name is given."""
        request = self.request(username or unique_name("nobody"), password or secrets.token_urlsafe(12))
        return self.client.exchange(request, identity="nobody")

    @property
    def longest_password(self) -> str:
        """A wrong password of as many characters as the contract permits, where it says how many."""
        body = self.contract.operation(self.session_rules.operation).body_schema
        member = properties(self.contract.document, body).get(self.session_rules.password.strip("/"), {})
        return "a" * min(int(member.get("maxLength", 0)), LONGEST_PASSWORD)

    def login_with(self, password: str) -> Reply:
        """The reply to a login of the user with another password than the right one, which it may resemble."""
        return self.client.exchange(self.request(self.username, self.redaction.learn(password)), identity=self.name)

    def account(self, session: BrowserSession) -> Account:
        """The user's account, authenticated by this session."""
        keys = {self.session_rules.scheme: session.cookie.value, self.session_rules.proof: session.csrf_token}
        source = CredentialSource(name=self.name, keys=keys, cookies=session.companions)
        return Account(
            name=self.name, source=source, client=self.client, contract=self.contract, scopes=self.contract.scopes
        )

    def logout(self, session: BrowserSession) -> Reply:
        """The reply to a logout. Raises BlockedError if it is refused."""
        reply = self.account(session).call(self.session_rules.logout, "logout")
        if not self.contract.operation(self.session_rules.logout).succeeded(reply.status):
            raise BlockedError(f"the logout of {self.name} got {reply.status}, so its effect cannot be judged.")
        return reply


@dataclass(frozen=True, kw_only=True)
class SessionCredentials(CredentialSource):
    """Credentials of a user who logs in when they are first needed, and stays in that session."""

    login_endpoint: LoginEndpoint
    sessions: list[BrowserSession] = field(default_factory=list)  # none before the login, then one

    @property
    def principal(self) -> str:
        return f"user {self.login_endpoint.username}"

    def key(self, scheme: str) -> str:
        given = self.login_endpoint.account(self._session()).source.keys if scheme in self._own else self.keys
        return given[scheme] if scheme in given else super().key(scheme)

    def companions(self, scheme: str) -> tuple[str, ...]:
        return self._session().companions if scheme == self.login_endpoint.session_rules.scheme else ()

    @property
    def _own(self) -> set[str]:
        return {self.login_endpoint.session_rules.scheme, self.login_endpoint.session_rules.proof}

    def _session(self) -> BrowserSession:
        if not self.sessions:
            self.sessions.append(self.login_endpoint.new_session())
        return self.sessions[0]


def _set_member(members: dict[str, Any], pointer: str, value: str) -> None:
    """Sets the member of nested objects at a JSON Pointer (RFC 6901)."""
    *outer, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step in outer:
        members = members.setdefault(step, {})
    members[last] = value
