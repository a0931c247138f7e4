"""A relying party of a provider: authorization requests, token requests, introspection and revocation."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from .pages import REDIRECTS, Browser, description, only_form

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Provider:
    name: str
    url: str
    metadata: Mapping[str, Any]
    clients: Mapping[str, Json] = field(repr=False)  # as the environment registers them
    passwords: Mapping[str, str] = field(repr=False)
    allow: Mapping[str, str]  # what the consent form's buttons send
    deny: Mapping[str, str]


class RelyingParty:
    def __init__(self, provider: Provider, client: str) -> None:
        self.provider = provider
        self.client = provider.clients[client]
        self.verifier = secrets.token_urlsafe(48)
        self.state = secrets.token_urlsafe(16)

    def authorization_url(self, **changes: str) -> str:
        """The URL of an authorization request; an empty change leaves a parameter out.

        Without `prompt=consent`, OpenID Connect grants no offline access.
        """
        digest = sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client["id"],
            "redirect_uri": self.client["redirect_uris"][0],
            "scope": self.client["scope"],
            "state": self.state,
            "nonce": secrets.token_urlsafe(16),
            "prompt": "consent",
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changes,
        }
        query = {name: value for name, value in query.items() if value}
        return f"{self.provider.metadata['authorization_endpoint']}?{urlencode(query)}"

    def authorize(self, user: str, *, allow: bool = True, **changes: str) -> dict[str, str]:
        """The parameters of the authorization response: code and state, or an error."""
        browser = Browser(self.provider.url)
        page = browser.open(self.authorization_url(**changes))
        login = {"username": user, "password": self.provider.passwords[user]}
        for answers in (login, self.provider.allow if allow else self.provider.deny):
            if page.status_code not in REDIRECTS:
                form = only_form(page)
                assert answers.keys() <= form.fields.keys() | dict(form.buttons).keys(), description(page)
                page = browser.send(page, form, **answers)
        return self.authorization_response(page)

    def authorization_response(self, reply: requests.Response) -> dict[str, str]:
        location = reply.headers.get("Location", "")
        assert location.startswith(self.client["redirect_uris"][0] + "?"), description(reply)
        answer = dict(parse_qsl(urlsplit(location).query))
        assert answer["state"] == self.state
        return answer

    def tokens(self, user: str) -> Json:
        return self.redeem(self.authorize(user)["code"]).json()

    def redeem(self, code: str, **changes: str) -> requests.Response:
        redirect = self.client["redirect_uris"][0]
        sent = {"code": code, "redirect_uri": redirect, "code_verifier": self.verifier, **changes}
        return self.post("token_endpoint", grant_type="authorization_code", **sent)

    def refresh(self, token: str) -> requests.Response:
        return self.post("token_endpoint", grant_type="refresh_token", refresh_token=token)

    def userinfo(self, token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(self.provider.metadata["userinfo_endpoint"], headers=headers, timeout=10)

    def post(self, endpoint: str, **sent: str) -> requests.Response:
        secret = self.client.get("secret")
        known = (self.client["id"], secret) if secret else None
        body = sent if secret else {"client_id": self.client["id"], **sent}
        return requests.post(self.provider.metadata[endpoint], body, auth=known, timeout=10)
