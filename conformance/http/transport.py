"""How requests reach the target: TLS, a proxy, header fields of every request, and how many there are a second."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.util import make_headers, parse_url

from conformance.http.connections import CurrentExchange, WatchedPool, WatchedTlsPool, tls_context

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool

    from conformance.http.connections import ClientCertificate
    from conformance.http.messages import Headers, Request

MAX_CONNECTIONS = 64


@dataclass
class Pace:
    """Lets requests pass one after the other, `per_second` of them at most; all at once where that is 0."""

    per_second: float = 0.0
    _next: float = 0.0
    _turns: threading.Lock = field(default_factory=threading.Lock)

    def await_turn(self) -> None:
        """Waits until another request may be sent."""
        if not self.per_second:
            return
        with self._turns:
            turn = max(self._next, time.monotonic())
            self._next = turn + 1 / self.per_second
        threading.Event().wait(max(turn - time.monotonic(), 0))


@dataclass(frozen=True, kw_only=True)
class Transport:
    """The way to one target.

    `verify` is whether its certificate is verified, or a CA file; `certificate` what the suite itself shows, unless a
    request brings another one. `proxy` is the URL of a proxy, `proxy_login` its `name:password`.
    """

    verify: bool | str = True
    certificate: ClientCertificate | None = None
    proxy: str = ""
    proxy_login: str = field(default="", repr=False)
    headers: Headers = ()
    pace: Pace = field(default_factory=Pace)

    def completed(self, request: Request) -> Request:
        """The request with the header fields and the certificate of every request, where it has none of its own."""
        for name, value in self.headers:
            request = request if request.header(name) else request.with_header(name, value)
        if self.certificate and not request.certificate:
            return request.with_certificate(self.certificate)
        return request

    def pool(
        self,
        host: str,
        port: int | None,
        *,
        tls: bool,
        deadline: float,
        current: CurrentExchange,
        certificate: ClientCertificate | None,
    ) -> HTTPConnectionPool:
        """Connections to a server on which this certificate is shown."""
        options: dict[str, Any] = {
            "maxsize": MAX_CONNECTIONS,
            "timeout": urllib3.Timeout(connect=deadline, read=deadline),
            "current": current,
        }
        if self.proxy:
            proxy = parse_url(self.proxy)
            options["_proxy"], options["_proxy_headers"] = proxy, self.proxy_headers
            host, port = (host, port) if tls else (proxy.host or "", proxy.port)
        if not tls:
            return WatchedPool(host, port, **options)
        if not self.verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the configuration asks for it
        return WatchedTlsPool(
            host, port, ssl_context=tls_context(verify=self.verify, certificate=certificate), **options
        )

    @property
    def proxy_headers(self) -> dict[str, str]:
        """What the proxy alone is told."""
        return make_headers(proxy_basic_auth=self.proxy_login) if self.proxy_login else {}

    def target_of(self, origin: str, path: str) -> str:
        """What stands in the request line: a proxy is told the whole URL, but for TLS (RFC 9112, section 3.2.2)."""
        return origin + path if self.proxy and origin.startswith("http:") else path
