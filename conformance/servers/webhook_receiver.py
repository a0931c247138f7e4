"""The suite's webhook receiver: an endpoint for each check, with scripted answers and everything it was sent."""

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
from conformance.servers.lifecycle import LocalServer
from conformance.servers.untrusted_tls import UntrustedTls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIEnvironment

LONGEST_BODY = 2**20  # bytes of a delivery that are read
BACKLOG = 128  # connections that may wait
LONGEST_ANSWER = 60.0  # seconds for which an answer without an end goes on
FIELDS = "conformance.fields"  # all header fields as they came, in the WSGI environment


@dataclass(frozen=True, kw_only=True, repr=False)
class Delivery:
    """One request that the receiver got; header names in lower case."""

    method: str
    url: str  # as it was registered, as far as the target shows it
    target: str  # path and query as they were sent
    headers: Mapping[str, str]
    repeated_headers: tuple[str, ...]  # header names that came more than once
    body: bytes
    arrived: float  # seconds since the epoch
    payload: Any = None

    def __repr__(self) -> str:
        return f"{self.method} {self.target} {self.body[:200].decode('utf-8', 'replace')}"

    @property
    def whole(self) -> str:
        """Everything in the delivery that could give something away."""
        fields = (f"{name}: {value}" for name, value in self.headers.items())
        return "\n".join([self.target, *fields, self.body.decode("utf-8", "replace")])

    def value_at(self, pointer: str) -> Any:
        """The value in the JSON payload, None if there is none."""
        return located(self.payload, pointer)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an endpoint answers to one delivery: `raw` bytes, where there are any, in the place of all the rest."""

    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay: float = 0.0  # seconds for which the answer is kept waiting
    raw: bytes | None = None  # written as they are, and nothing more, before the connection is closed
    repeated: bytes = b""  # written after `raw` again and again, until the caller hangs up
    pause: float = 0.0  # seconds before each repetition of `more`
    reset: bool = False  # the connection is broken off and not closed


@dataclass(kw_only=True)
class Endpoint:
    """One URL of the receiver. It gives `answers` (made when they are due) one by one, then `otherwise` for ever."""

    url: str
    answers: list[Answer | Callable[[], Answer]] = field(default_factory=list)
    default_answer: Answer = field(default_factory=Answer)
    received: list[Delivery] = field(default_factory=list)
    hung_up: list[float] = field(default_factory=list)  # seconds after which a caller did not wait any longer
    answered_late: list[float] = field(
        default_factory=list
    )  # when an answer that was kept waiting was given, in seconds
    consent: Answer | None = None  # to OPTIONS, which is a handshake then; None where it is a call like any other
    handshakes: list[Delivery] = field(default_factory=list)  # the handshakes
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, *statuses: int) -> None:
        """The next deliveries get these statuses."""
        self.answers = [Answer(status=status) for status in statuses]

    def record(self, delivery: Delivery) -> Answer:
        with self._changed:
            self._changed.notify_all()
            if self.consent is not None and delivery.method == "OPTIONS":
                self.handshakes.append(delivery)
                return self.consent
            self.received.append(delivery)
            answer = self.answers.pop(0) if self.answers else self.default_answer
        return answer() if callable(answer) else answer

    def end_wait(self, seconds: float, *, lost: bool) -> None:
        """A caller that was kept waiting hung up, or is answered now."""
        with self._changed:
            (self.hung_up if lost else self.answered_late).append(seconds)
            self._changed.notify_all()

    def wait_for_hang_up(self, *, within: float) -> list[float]:
        """After how many seconds callers hung up, as soon as one has."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.hung_up), within)
            return list(self.hung_up)

    def wait_for_handshake(self, *, within: float) -> list[Delivery]:
        """The handshakes, as soon as there is one, else after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.handshakes), within)
            return list(self.handshakes)

    def wait(self, wanted: Callable[[Delivery], bool], *, within: float, count: int = 1) -> list[Delivery]:
        """The wanted deliveries once there are `count` of them, or those that came within so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._matching(wanted)) >= count, within)
            return self._matching(wanted)

    def _matching(self, wanted: Callable[[Delivery], bool]) -> list[Delivery]:
        return [delivery for delivery in self.received if wanted(delivery)]


class QuietHandler(WSGIRequestHandler):
    """Says nothing on the terminal, and keeps fields apart that WSGI would join."""

    protocol_version = "HTTP/1.1"

    def make_environ(self) -> WSGIEnvironment:
        return {**super().make_environ(), FIELDS: list(self.headers.items())}

    def log(self, *_: object, **__: object) -> None:
        return


class UntrustedTlsHandler(QuietHandler):
    """Speaks TLS with whoever begins it, and closes what was answered by hand."""

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
    """An HTTP server on which every check opens endpoints of its own, which give `consent` to handshakes."""

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
        """Callers come straight to it, and not through a tunnel that answers in its name."""
        return self.url.partition("://")[2].rpartition(":")[2] == str(self.port)

    @property
    def address(self) -> str:
        """Host and port, as a target's list of permitted receivers names them."""
        return self.url.partition("://")[2]

    def open(self, suffix: str = "") -> Endpoint:
        """A fresh endpoint; `suffix` is added to its URL, so that path and query can be watched too."""
        key = secrets.token_hex(8)
        endpoint = Endpoint(url=f"{self.url}/{key}{suffix}", consent=self._consent)
        self._endpoints[key] = endpoint
        return endpoint

    def mirror(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint here, under the path of one of another receiver."""
        path = urlsplit(endpoint.url).path
        double = Endpoint(url=self.url + path, consent=self._consent)
        self._endpoints[path.split("/")[1]] = double
        return double

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
    """Writes an answer that is none; whether the caller was still there at its end, if it has one."""
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
    """The host as URLs write it."""
    return f"[{host}]" if ":" in host else host


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
