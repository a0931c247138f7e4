"""A browser and a client of the authorization server, in as few lines as a test needs."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from .support import BOUND

CLIENT, CALLBACK, SCOPE = "web", "https://app.example/callback", "openid profile offline_access links:read"


@dataclass
class Visitor:
    """A browser: `cookie` is what it was given last."""

    url: str
    cookie: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(36))

    def wish(self, **changes):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        wish = {"response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "scope": SCOPE, "state": "s"}
        return wish | {"code_challenge": challenge, "code_challenge_method": "S256"} | changes

    def open(self, **changes):
        return self.sent("GET", "/oauth/authorize", params=self.wish(**changes))

    def press(self, page, action, **fields):
        """Sends the form of the page by one of its buttons."""
        form = re.search(r'<form method="post" action="([^"]+)', page.text)[1]
        token = re.search(r'name="form_token" value="([^"]+)', page.text)[1]
        return self.sent("POST", html.unescape(form), data={"form_token": token, "action": action, **fields})

    def log_in(self, page, username="carol", password="correct horse"):
        return self.press(page, "login", username=username, password=password)

    def sent(self, method, path, **options):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        address = urljoin(self.url, path)
        reply = requests.request(method, address, headers=headers, timeout=BOUND, allow_redirects=False, **options)
        self.cookie = reply.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        return reply

    def follow(self, reply):
        return self.sent("GET", reply.headers["Location"])

    def let_in(self, **changes):
        """The answer of the server at the redirect URI, once the person has logged in and consented."""
        page = self.follow(self.log_in(self.open(**changes)))
        return answer(self.press(page, "approve") if page.status_code == 200 else page)

    def redeem(self, code, **changes):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": CLIENT}
        return token(self.url, **(form | {"code_verifier": self.verifier} | changes))


def answer(reply):
    """The parameters with which a browser is sent back."""
    return dict(parse_qsl(urlsplit(reply.headers["Location"]).query))


def token(url, **form):
    return requests.post(f"{url}/oauth/token", data=form, timeout=BOUND)
