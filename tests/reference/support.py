"""Servers that the tests start: the platform itself, an issuer of tokens, and a receiver of events."""

from __future__ import annotations

import json
import os
import queue
import secrets
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALL_SCOPES = "links:read links:write analytics:read jobs:read webhooks:read webhooks:write"
PEOPLE = [
    {"username": "carol", "password": "correct horse", "name": "Carol", "tenant": "acme", "roles": ["moderator"]},
    {"username": "erin", "password": "3r1n's secret", "name": "Erin", "tenant": "acme"},
    {"username": "frank", "password": "fr4nk's secret"},
]
BOUND = 20  # seconds that a test waits for something at most


@dataclass(frozen=True)
class Platform:
    """The served reference implementation: the process that leads the others, and where it is."""

    pid: int
    url: str


class ForkServer:
    """Serves many platforms from one process, so that each starts quickly."""

    def __init__(self, clients: str) -> None:
        self.process = started("variants", clients=clients)

    def start(self, *arguments: str) -> Platform:
        """A platform that serves until somebody ends it."""
        self.process.stdin.write(shlex.join(["--port", "0", "--conformance", *arguments]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert " serving at " in answer, answer
        pid, *_, url = answer.split()
        return Platform(int(pid), url)

    @contextmanager
    def served(self, *arguments: str) -> Iterator[Platform]:
        platform = self.start(*arguments)
        try:
            yield platform
        finally:
            os.kill(platform.pid, signal.SIGTERM)

    def close(self) -> None:
        with self.process:
            self.process.stdin.close()


@contextmanager
def killed(*arguments: str) -> Iterator[Platform]:
    """A platform whose processes are all ended at once, without a chance to tidy up."""
    with started("serve", "--port", "0", "--conformance", *arguments, start_new_session=True) as process:
        try:
            yield Platform(process.pid, process.stdout.readline().split()[-1])
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def started(*arguments: str, clients: str = "[]", **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "reference_impl", *arguments]
    environment = os.environ | {"LINKS_CLIENTS": clients, "LINKS_USERS": json.dumps(PEOPLE)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, text=True, env=environment, **pipes, **options)


class Issuer:
    """An issuer whose keys and metadata are served, and which signs any claims."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.documents: dict[str, Any] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self, 200, json.dumps(issuer.documents.get(self.path, {})).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.publish({"k1": self.key})
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def publish(self, keys: dict[str, ec.EllipticCurvePrivateKey]) -> None:
        public = [
            json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig", "alg": "ES256"}
            for kid, key in keys.items()
        ]
        self.documents = {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": self.url + "/keys"},
            "/keys": {"keys": public},
        }

    def token(self, audience: str, header: dict[str, Any] | None = None, **claims: Any) -> str:
        now = int(time.time())
        payload = {"iss": self.url, "aud": audience, "sub": "alice", "scope": ALL_SCOPES, "iat": now, "exp": now + 300}
        payload |= claims
        head = {"typ": "at+jwt", "kid": "k1"} | (header or {})
        kept = {name: value for name, value in payload.items() if value is not None}
        fields = {name: value for name, value in head.items() if value is not None}
        return jwt.PyJWS().encode(json.dumps(kept).encode(), self.key, "ES256", fields)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Delivery:
    """What a receiver got."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body = body
        self.event = json.loads(body)


class Receiver:
    """A receiver whose answers are scripted by path: a status, or a function that blocks first."""

    def __init__(self) -> None:
        self.begin()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                path = self.path.removeprefix(receiver.prefix)
                if path == self.path:
                    return answer(self, 204, b"")
                receiver.deliveries.put(Delivery(path, headers, body))
                scripted = receiver.script.get(path)
                status = scripted.pop(0) if scripted else 204
                return answer(self, status() if callable(status) else status, b"")

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A sender may be gone before its answer."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.origin = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def begin(self) -> None:
        """Begins a test, under a prefix of its own: what still comes from an earlier one is not taken for it."""
        self.prefix = f"/{fresh('test')}"
        self.deliveries: queue.Queue[Delivery] = queue.Queue()
        self.script: dict[str, list[int | Callable[[], int]]] = {}

    def url(self, path: str) -> str:
        return f"http://{self.origin}{self.prefix}{path}"

    def next(self) -> Delivery:
        return self.deliveries.get(timeout=BOUND)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Account:
    """Somebody with a token; `call` is one request."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        fields = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if body is not None and "Content-Type" not in fields:
            fields["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        return requests.request(
            method, self.url + path, data=content, headers=fields, allow_redirects=False, timeout=BOUND
        )

    def link(self, **members: Any) -> dict[str, Any]:
        made = self.call("POST", "/v1/links", {"destination": "https://shop.example/"} | members)
        assert made.status_code == 201, made.text
        return made.json()

    def webhook(self, url: str, *events: str, **members: Any) -> dict[str, Any]:
        made = self.call("POST", "/v1/webhooks", {"url": url, "events": events or ["link.created"]} | members)
        assert made.status_code == 201, made.text
        return made.json()


def fresh(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(6)}"
