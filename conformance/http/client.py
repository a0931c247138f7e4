"""The HTTP client: sends requests exactly as given, follows no redirect, and records every exchange."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3

from conformance.errors import BlockedError, ConfigurationError, UnreachableError
from conformance.http.connections import CurrentWatch, WatchedPool, WatchedTlsPool, tls_context
from conformance.http.guard import RequestGuard
from conformance.http.messages import Reply, Request
from conformance.http.polling import retry_after
from conformance.http.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from urllib3.connectionpool import HTTPConnectionPool

    from conformance.http.watchdog import Watch

MAX_BODY = 16 * 2**20  # bytes of a reply
MAX_TRIES = 3  # times that a 429 is waited out
MAX_RETRY_AFTER = 60.0  # seconds that one Retry-After is honoured
MAX_UNANSWERED = 5  # exchanges in a row without a reply, after which the target is not asked again


@dataclass(frozen=True, kw_only=True)
class Record:
    """One exchange, as evidence; `reply` is None where no reply came, and then `failure` says why."""

    label: str
    identity: str
    request: Request
    url: str
    reply: Reply | None = None
    failure: str = ""


@dataclass
class Recorder:
    """The exchanges of one check, in the order in which they ended."""

    records: list[Record] = field(default_factory=list)

    def keep(self, record: Record) -> None:
        self.records.append(record)


class Client:
    """Sends requests to one origin; safe for use by several threads at once.

    `deadline` bounds a whole exchange, in seconds. `verify` is whether certificates are verified, or a CA file.
    Raises BlockedError if no usable reply comes; after `max_unanswered` exchanges in a row without a reply no further
    request is sent. `guard` refuses requests that must not be sent.
    """

    def __init__(
        self,
        url: str,
        *,
        deadline: float = 10.0,
        verify: bool | str = True,
        max_unanswered: int = MAX_UNANSWERED,
        guard: RequestGuard | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.guard = guard or RequestGuard()
        self.url = f"{parts.scheme}://{parts.netloc}"
        self.prefix = parts.path.rstrip("/")
        self.deadline = deadline
        self.verify = verify
        self.recorder = Recorder()
        self.sent = 0
        self.max_unanswered = max_unanswered
        self.unanswered = 0  # exchanges in a row that got no answer
        self._counting = threading.Lock()
        self._watchdog = Watchdog()
        self._current = CurrentWatch()
        self._pool = self._make_pool(parts.hostname or "", parts.port, tls=parts.scheme == "https")

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
        started = time.perf_counter()
        url = self.url + self._prefix_of(request) + request.path
        if self.unanswered >= self.max_unanswered:
            raise BlockedError(
                f"The target has not answered {self.max_unanswered} requests in a row and is not asked again."
            )
        with self._counting:
            self.sent += 1
        try:
            status, headers, body = self._round_trip(request)
        except UnreachableError as failure:
            self.unanswered += 1
            self.recorder.keep(Record(label=label, identity=identity, request=request, url=url, failure=str(failure)))
            raise BlockedError(f"{request.method} {url} {failure}") from failure
        self.unanswered = 0
        reply = Reply(
            request=request, status=status, headers=headers, body=body, url=url, seconds=time.perf_counter() - started
        )
        self.guard.note(reply)
        self.recorder.keep(Record(label=label, identity=identity, request=request, url=url, reply=reply))
        return reply

    def _prefix_of(self, request: Request) -> str:
        return self.prefix if request.below_base else ""

    def close(self) -> None:
        """Closes the connections that are kept alive."""
        self._pool.close()

    def _round_trip(self, request: Request) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        headers = urllib3.HTTPHeaderDict()
        for name, value in request.headers:
            headers.add(name, value)
        with self._watchdog.limit(self.deadline) as watch, self._sentences(watch):
            self._current.watch = watch
            response = self._pool.urlopen(
                request.method,
                self._prefix_of(request) + request.path,
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
            raise UnreachableError(explain(reason)) from error

    @property
    def _timeout_message(self) -> str:
        return f"did not finish answering within {self.deadline:g} s. See why, or raise `deadline` under [target]."

    def _make_pool(self, host: str, port: int | None, *, tls: bool) -> HTTPConnectionPool:
        options: dict[str, Any] = {
            "port": port,
            "maxsize": 64,
            "timeout": urllib3.Timeout(connect=self.deadline, read=self.deadline),
            "current": self._current,
        }
        if not tls:
            return WatchedPool(host, **options)
        if not self.verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the configuration asks for it
        return WatchedTlsPool(host, ssl_context=tls_context(verify=self.verify), **options)


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


def explain(error: BaseException) -> str:
    """Why a connection failed, as the rest of a sentence about a URL that says what to do."""
    text = str(error)
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "has a host name that cannot be resolved. Check the URL."
    if isinstance(error, urllib3.exceptions.NewConnectionError):  # before its base class, the time-out
        return "refused the connection: nothing listens there. Start the server or check host and port."
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return "did not accept a connection in time. Check the address and the firewall."
    if isinstance(error, urllib3.exceptions.SSLError) or "SSL" in text:
        return _explain_tls(text)
    if isinstance(error, urllib3.exceptions.ProtocolError | urllib3.exceptions.DecodeError):
        return f"broke off or did not answer in HTTP ({str(error.args[-1]).strip()[:120]}). Is it an HTTP server?"
    return f"could not be asked ({type(error).__name__}: {text[:120]}). Check the URL."


def _explain_tls(text: str) -> str:
    if "CERTIFICATE_VERIFY" not in text:
        return "does not speak TLS there. Check http and https, and the port."
    detail = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0] or "not trusted"
    return f"has a certificate that cannot be verified ({detail}). Mend it, or name its CA as `ca` under [target]."
