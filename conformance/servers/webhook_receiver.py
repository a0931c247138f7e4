"""The suite's webhook receiver: endpoints with scripted answers, which record every request."""

from __future__ import annotations

import json
import os
import secrets
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from conformance.contract.document import located
from conformance.http.messages import SHOWN
from conformance.servers.lifecycle import LocalServer
from conformance.servers.untrusted_tls import UntrustedTls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIEnvironment

LONGEST_BODY = 2**20  # bytes of a delivery that are read
BACKLOG = 128  # connections that wait to be accepted
LONGEST_ANSWER = 60.0  # seconds after which an endless answer is ended
FIELDS = "conformance.fields"  # key of the WSGI environment: all header fields as they came


@dataclass(frozen=True, kw_only=True, repr=False)
class Delivery:
    """One request that an endpoint received; header names in lower case."""

    method: str
    url: str  # as it was registered, as far as the target shows it
    target: str  # path and query as they were sent
    headers: Mapping[str, str]
    repeated_headers: tuple[str, ...]  # names that came more than once
    body: bytes
    arrived: float  # seconds since the epoch
    payload: Any = None

    def __repr__(self) -> str:
        return f"{self.method} {self.target} {self.body[:SHOWN].decode('utf-8', 'replace')}"

    @property
    def full_text(self) -> str:
        """Target, header fields and body as one text, to be searched for secrets."""
        fields = (f"{name}: {value}" for name, value in self.headers.items())
        return "\n".join([self.target, *fields, self.body.decode("utf-8", "replace")])

    def value_at(self, pointer: str) -> Any:
        """The value in the JSON payload, None if there is none."""
        return located(self.payload, pointer)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an endpoint answers to one delivery: status, fields and body, or `raw` bytes in their place."""

    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay: float = 0.0  # seconds before the answer
    raw: bytes | None = None  # written as they are before the connection is closed
    repeated: bytes = b""  # written after `raw`, over and over, until the caller hangs up
    pause: float = 0.0  # seconds before each repetition
    reset: bool = False  # the connection is reset instead of closed


@dataclass(kw_only=True)
class Endpoint:
    """One URL of the receiver. It gives each of `answers` once, in order, and then always `default_answer`."""

    url: str
    answers: list[Answer | Callable[[], Answer]] = field(default_factory=list)
    default_answer: Answer = field(default_factory=Answer)
    received: list[Delivery] = field(default_factory=list)
    hung_up: list[float] = field(default_factory=list)  # seconds from each arrival until the caller hung up
    answered_late: list[float] = field(default_factory=list)  # seconds from each arrival to its delayed answer
    consent: Answer | None = None  # to OPTIONS as a handshake; None: OPTIONS is a request like any other
    handshakes: list[Delivery] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, *statuses: int) -> None:
        """Answers the next deliveries with these statuses."""
        self.answers = [Answer(status=status) for status in statuses]

    def record(self, delivery: Delivery) -> Answer:
        """Keeps a request and gives its answer."""
        with self._changed:
            self._changed.notify_all()
            if self.consent is not None and delivery.method == "OPTIONS":
                self.handshakes.append(delivery)
                return self.consent
            self.received.append(delivery)
            answer = self.answers.pop(0) if self.answers else self.default_answer
        return answer() if callable(answer) else answer

    def end_wait(self, seconds: float, *, lost: bool) -> None:
        """Notes how long a delayed answer took, or after how long the caller hung up (`lost`)."""
        with self._changed:
            (self.hung_up if lost else self.answered_late).append(seconds)
            self._changed.notify_all()

    def wait_for_hang_up(self, *, within: float) -> list[float]:
        """The seconds after which callers hung up, as soon as one has, else empty after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.hung_up), within)
            return list(self.hung_up)

    def wait_for_handshake(self, *, within: float) -> list[Delivery]:
        """The handshakes, as soon as there is one, else empty after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.handshakes), within)
            return list(self.handshakes)

    def wait(self, wanted: Callable[[Delivery], bool], *, within: float, count: int = 1) -> list[Delivery]:
        """The wanted deliveries, as soon as there are `count`, else those that came within so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._matching(wanted)) >= count, within)
            return self._matching(wanted)

    def _matching(self, wanted: Callable[[Delivery], bool]) -> list[Delivery]:
        return [delivery for delivery in self.received if wanted(delivery)]


class QuietHandler(WSGIRequestHandler):
    """Logs nothing, and keeps header fields of one name apart, which WSGI joins."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> WSGIEnvironment:
        return {**super().make_environ(), FIELDS: list(self.headers.items())}

    def log(self, *_: object, **__: object) -> None:
        return


class UntrustedTlsHandler(QuietHandler):
    """Accepts TLS from callers that begin with it, and closes connections on which raw bytes were written."""

    untrusted_tls: UntrustedTls

    def setup(self) -> None:
        self.spoken = self.untrusted_tls.accept(self.request)
        self.request = self.spoken or self.request
        super().setup()

    def finish(self) -> None:
        super().finish()
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()  # the server closes no more than what it was given

    def handle(self) -> None:
        if self.spoken is not None:
            super().handle()

    def connection_dropped(self, *_: object) -> None:
        self.close_connection = True


class Receiver(LocalServer):
    """An HTTP server on which checks open endpoints, each of which answers handshakes with `consent`."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, public_url: str = "", consent: Answer | None = None
    ) -> None:
        self._consent = consent
        self._endpoints: dict[str, Endpoint] = {}
        self.unknown_paths: list[str] = []
        self.untrusted_tls = UntrustedTls(host=host)
        handler = type("Handler", (UntrustedTlsHandler,), {"untrusted_tls": self.untrusted_tls})
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=BACKLOG) as listening:  # Werkzeug would exit
            server = make_server(
                host, port, self._answer, threaded=True, request_handler=handler, fd=listening.fileno()
            )
        super().__init__(server)
        self.port: int = server.port
        self.url = (public_url or f"http://{bracketed(host)}:{self.port}").rstrip("/")

    @property
    def direct(self) -> bool:
        """Whether callers reach it directly, and not through a tunnel or proxy at another port."""
        return self.url.partition("://")[2].rpartition(":")[2] == str(self.port)

    @property
    def address(self) -> str:
        """Host and port, as a target's list of permitted receivers names them."""
        return self.url.partition("://")[2]

    def open(self, suffix: str = "") -> Endpoint:
        """A new endpoint; `suffix`, a path with or without a query, is appended to its URL."""
        key = secrets.token_hex(8)
        endpoint = Endpoint(url=f"{self.url}/{key}{suffix}", consent=self._consent)
        self._endpoints[key] = endpoint
        return endpoint

    def mirror(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint of this receiver under the path of another receiver's endpoint."""
        path = urlsplit(endpoint.url).path
        mirrored = Endpoint(url=self.url + path, consent=self._consent)
        self._endpoints[path.split("/")[1]] = mirrored
        return mirrored

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        body = request.get_data(cache=False)[:LONGEST_BODY]
        target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path
        endpoint = self._endpoints.get(request.path.split("/")[1])
        if endpoint is None:
            self.unknown_paths.append(target)
            return Response(status=404)(environ, start_response)
        names = [name.lower() for name, _ in environ[FIELDS]]
        delivery = Delivery(
            method=request.method,
            url=urljoin(self.url, target),
            target=target,
            headers={name.lower(): value for name, value in request.headers},
            repeated_headers=tuple(sorted({name for name in names if names.count(name) > 1})),
            body=body,
            arrived=time.time(),
            payload=_json(body),
        )
        answer = endpoint.record(delivery)
        if answer.delay:
            hung_up = select.select([environ["werkzeug.socket"]], [], [], answer.delay)[0]
            endpoint.end_wait(time.time() - delivery.arrived, lost=bool(hung_up))
        if answer.raw is not None:
            if not write_raw(environ["werkzeug.socket"], answer):
                endpoint.end_wait(time.time() - delivery.arrived, lost=True)
            raise ConnectionAbortedError
        return Response(answer.body, status=answer.status, headers=list(answer.headers))(environ, start_response)


def write_raw(connection: socket.socket, answer: Answer) -> bool:
    """Writes the raw bytes of an answer; whether the caller was still connected at its end."""
    give_up = time.monotonic() + LONGEST_ANSWER
    try:
        connection.sendall(answer.raw or b"")
        while answer.repeated and time.monotonic() < give_up:
            if select.select([connection], [], [], answer.pause)[0]:
                return False
            connection.sendall(answer.repeated)
    except OSError:
        return False
    if answer.reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())
    return True


def bracketed(host: str) -> str:
    """The host as it is written in URLs (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
