"""The HTTP client: sends requests exactly as given, follows no redirect, and records every exchange."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3

from conformance.errors import BlockedError, ConfigurationError, NoAnswerError, UnreachableError
from conformance.http.connections import CurrentExchange
from conformance.http.failures import closed_while_idle, explain, refused_connection
from conformance.http.guard import SAFE, RequestGuard
from conformance.http.liveness import Liveness
from conformance.http.messages import Reply, Request
from conformance.http.polling import retry_after, until
from conformance.http.transport import Transport
from conformance.http.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from urllib3.connectionpool import HTTPConnectionPool

    from conformance.http.connections import ClientCertificate
    from conformance.http.watchdog import Watch

MAX_BODY = 16 * 2**20  # bytes of a reply
MAX_TRIES = 3  # times that a 429 is waited out
MAX_RETRY_AFTER = 60.0  # seconds that one Retry-After is honoured
MAX_UNANSWERED = 5  # exchanges in a row without a reply, after which it is asked whether the target is there

Response = tuple[int, tuple[tuple[str, str], ...], bytes]  # status, header fields, body


@dataclass(frozen=True, kw_only=True)
class Record:
    """One exchange, as evidence; `reply` is None where no reply came, and then `failure` says why."""

    label: str
    identity: str
    request: Request
    url: str
    reply: Reply | None = None
    failure: str = ""
    remembered: bool = False  # it was made for an earlier check, which has cleaned up after it
    resent: bool = False  # it was sent twice, since the first connection was closed as it had been kept open


@dataclass
class Recorder:
    """The exchanges of one check, in the order in which they ended."""

    records: list[Record] = field(default_factory=list)

    def keep(self, record: Record) -> None:
        self.records.append(record)


class Client:
    """Sends requests to one origin; safe for use by several threads at once.

    `deadline` bounds a whole exchange, in seconds; `transport` is the way to it.
    Raises NoAnswerError if no usable reply comes, and BlockedError where none is to be expected any more (`Liveness`).
    `guard` refuses requests that must not be sent. `witnesses` see every exchange. A request is sent a second time
    where the target has closed a connection that was kept open, if it is safe or has one of `key_headers` (lower case).
    """

    def __init__(
        self,
        url: str,
        *,
        deadline: float = 10.0,
        transport: Transport | None = None,
        max_unanswered: int = MAX_UNANSWERED,
        guard: RequestGuard | None = None,
        witnesses: tuple[Callable[[Record], None], ...] = (),
        key_headers: frozenset[str] = frozenset(),
    ) -> None:
        parts = urlsplit(url)
        self.guard = guard or RequestGuard()
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.prefix = parts.path.rstrip("/")
        self.deadline = deadline
        self.transport = transport or Transport()
        self.recorder = Recorder()
        self.sent = 0
        self.liveness = Liveness(limit=max_unanswered, answers=self._answers_again)
        self._witnesses = witnesses
        self._key_headers = key_headers
        self._known = Request(method="GET", path="/")  # the last safe request that was answered
        self._counting = threading.Lock()
        self._watchdog = Watchdog()
        self._current = CurrentExchange()
        self._pools: dict[ClientCertificate | None, HTTPConnectionPool] = {}

    @property
    def base(self) -> str:
        """The URL that the paths of requests are appended to."""
        return self.url + self.prefix

    def send(self, request: Request, *, identity: str = "nobody", label: str = "attempt") -> Reply:
        """The reply to a request. A 429 is waited out, since the rate limiter sent it and not the operation."""
        for _ in range(MAX_TRIES):
            reply = self.exchange(request, identity=identity, label=label)
            if reply.status != 429:
                return reply
            threading.Event().wait(_pause_after_429(reply))
        raise BlockedError(
            f"{request.method} {request.path} answered 429 {MAX_TRIES} times, although Retry-After was waited out: "
            "the limiter stood before what was to be tested. Give the identities a larger quota.",
            blame="configuration",
        )

    def exchange(self, request: Request, *, identity: str = "nobody", label: str = "attempt") -> Reply:
        """The reply to a request, whatever its status."""
        self.guard.check(request)
        request = self.transport.completed(request)
        self.transport.pace.await_turn()
        started = time.perf_counter()
        url = self.url + self._prefix_of(request) + request.path
        self.liveness.check(request)
        with self._counting:
            self.sent += 1
        try:
            (status, headers, body), resent = self._response(request)
        except UnreachableError as failure:
            self._keep(Record(label=label, identity=identity, request=request, url=url, failure=str(failure)))
            self.liveness.lost(request, begun=started)
            reason = f"{request.method} {url} {failure}"
            raise NoAnswerError(reason, nothing_listens=refused_connection(failure.__cause__)) from failure
        self.liveness.answered(request)
        self._known = request if request.method == "GET" else self._known
        reply = Reply(
            request=request, status=status, headers=headers, body=body, url=url, seconds=time.perf_counter() - started
        )
        self.guard.note(reply)
        self._keep(Record(label=label, identity=identity, request=request, url=url, reply=reply, resent=resent))
        return reply

    def _prefix_of(self, request: Request) -> str:
        return self.prefix if request.below_base else ""

    def close(self) -> None:
        """Closes the connections that are kept alive."""
        for pool in self._pools.values():
            pool.close()

    def _keep(self, record: Record) -> None:
        self.recorder.keep(record)
        for witness in self._witnesses:
            witness(record)

    def _response(self, request: Request) -> tuple[Response, bool]:
        """The response, and whether the request had to be sent twice for it. Raises UnreachableError."""
        repeatable = request.method in SAFE or any(map(request.header, self._key_headers))
        self._current.once = not repeatable
        try:
            return self._round_trip(request), False
        except UnreachableError as failure:
            if not (closed_while_idle(failure.__cause__) and repeatable):
                raise
        self._current.anew = True
        try:
            return self._round_trip(request), True
        finally:
            self._current.anew = False

    def _answers_again(self) -> bool:
        """Something that was answered before is answered within the deadline."""
        return until(self._answers, bool, within=self.deadline)

    def _answers(self) -> bool:
        try:
            self._round_trip(self._known)
        except UnreachableError:
            return False
        return True

    def _round_trip(self, request: Request) -> Response:
        headers = urllib3.HTTPHeaderDict()
        for name, value in request.headers:
            headers.add(name, value)
        with self._watchdog.limit(self.deadline) as watch, self._sentences(watch):
            self._current.watch = watch
            response = self._pool_for(request.certificate).urlopen(
                request.method,
                self.transport.target_of(self.url, self._prefix_of(request) + request.path),
                body=request.body,
                headers=headers,
                redirect=False,
                retries=urllib3.Retry(total=0, connect=0, read=0, other=0, redirect=0, status=0),
                preload_content=False,
                assert_same_host=False,
            )
            try:
                body = response.read(MAX_BODY + 1, decode_content=True)
            finally:
                response.release_conn()
            if len(body) > MAX_BODY:
                response.close()
                raise UnreachableError(f"answered with more than {MAX_BODY} bytes, which is not read to its end.")
            if watch.expired:
                raise UnreachableError(self._timeout_message)
            return response.status, tuple(response.headers.iteritems()), body

    @contextlib.contextmanager
    def _sentences(self, watch: Watch) -> Iterator[None]:
        """Raises UnreachableError, with a sentence about the target, for what the library raises."""
        try:
            yield
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            cut = watch.expired and watch.sock is not None
            if cut or isinstance(reason, urllib3.exceptions.ReadTimeoutError):
                raise UnreachableError(self._timeout_message) from error
            raise UnreachableError(explain(reason)) from reason

    @property
    def _timeout_message(self) -> str:
        return f"did not finish answering within {self.deadline:g} s. See why, or raise `deadline` under [target]."

    def _pool_for(self, certificate: ClientCertificate | None) -> HTTPConnectionPool:
        """The connections on which this certificate is shown."""
        with self._counting:
            if certificate not in self._pools:
                parts = urlsplit(self.url)
                self._pools[certificate] = self.transport.pool(
                    parts.hostname or "",
                    parts.port,
                    tls=parts.scheme == "https",
                    deadline=self.deadline,
                    current=self._current,
                    certificate=certificate,
                )
            return self._pools[certificate]


def require_certificate(path: Path) -> None:
    """Raises ConfigurationError unless the file holds certificates that can be trusted."""
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        raise ConfigurationError(
            f"[target]: the ca {path} holds no certificate ({error.strerror or error}). Name a PEM file.",
        ) from None


def _pause_after_429(reply: Reply) -> float:
    asked = retry_after(reply.header("Retry-After"))
    return min(asked, MAX_RETRY_AFTER) if asked else 1.0
