"""Connections of the client: watched by its watchdog, and not reused when the server may be closing them."""

from __future__ import annotations

import ssl
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.http.watchdog import Watch

MAX_IDLE = 1.0  # seconds without use after which a server may be closing a connection
LARGE_BODY = 64 * 1024  # bytes of a body that a server may refuse without reading it, and then close the connection


class ClosedWhileIdleError(ConnectionError):
    """A connection that was kept open for the next request was closed without a byte of an answer to it."""


class CurrentExchange(threading.local):
    """The exchange that the present thread is making."""

    watch: Watch
    anew: bool = False  # it is to be made on a connection that nothing was sent on before
    once: bool = False  # its request cannot be sent a second time


class WatchedConnection(HTTPConnection):
    """An HTTP connection that shows its socket to the watchdog, and is not reused after a rest or a large body.

    Nor is it after HEAD: a body that a server sends all the same would be read as the next answer; nor after a refusal,
    where many servers close it, for a request that cannot be sent a second time.
    """

    def __init__(self, *args: Any, current: CurrentExchange, **options: Any) -> None:
        super().__init__(*args, **options)
        self._current = current
        self._used = time.monotonic()
        self._sent_large_body = False
        self._sent_head = False
        self._answered = False
        self._refused = False

    @property
    def is_connected(self) -> bool:
        idle = time.monotonic() - self._used > MAX_IDLE
        closing = self._sent_large_body or self._sent_head or (self._refused and self._current.once)
        return super().is_connected and not idle and not closing and not self._current.anew

    def connect(self) -> None:
        super().connect()
        self._answered = False

    def request(self, method: str, url: str, body: Any = None, *args: Any, **options: Any) -> None:
        self._sent_large_body, self._sent_head = len(body or b"") > LARGE_BODY, method == "HEAD"
        super().request(method, url, body, *args, **options)

    def getresponse(self) -> Any:
        self._used = time.monotonic()
        watch = self._current.watch
        watch.sock = self.sock
        try:
            response = super().getresponse()
        except ConnectionError as error:
            if self._answered and not watch.expired:
                raise ClosedWhileIdleError from error
            raise
        self._answered, self._refused = True, response.status >= HTTPStatus.BAD_REQUEST
        return response


class WatchedTlsConnection(WatchedConnection, HTTPSConnection):
    """The same over TLS."""


@dataclass(frozen=True, kw_only=True)
class ClientCertificate:
    """The files of a certificate that a client shows (PEM); the private key may be in the same file."""

    path: str
    private_key: str = ""
    passphrase: str = field(default="", repr=False)

    @classmethod
    def within(cls, folder: Path, path: str, private_key: str, passphrase: str) -> ClientCertificate | None:
        """The certificate in files whose paths begin at the folder; None if no path is given."""
        key = str(folder / private_key) if private_key else ""
        return cls(path=str(folder / path), private_key=key, passphrase=passphrase) if path else None

    def load(self, context: ssl.SSLContext) -> None:
        """Has it shown. Raises ConfigurationError if it cannot be; nobody is asked for a passphrase."""
        try:
            context.load_cert_chain(self.path, self.private_key or None, password=lambda: self.passphrase)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigurationError(
                f"The certificate {self.path} cannot be shown ({why}). Name PEM files as `certificate` and "
                "`private-key`, and the `passphrase` of the key if it has one.",
            ) from None

    def require_usable(self) -> None:
        """Raises ConfigurationError if it cannot be shown."""
        self.load(ssl.create_default_context())


def tls_context(*, verify: bool | str, certificate: ClientCertificate | None = None) -> ssl.SSLContext:
    """TLS settings: certificates are verified by the system's authorities, by those in the file `verify`, or not."""
    context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
    if not verify:  # the configuration asks for it
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate is not None:
        certificate.load(context)
    return context


class WatchedPool(HTTPConnectionPool):
    """A pool of watched connections."""

    ConnectionCls = WatchedConnection


class WatchedTlsPool(HTTPSConnectionPool):
    """A pool of watched connections over TLS."""

    ConnectionCls = WatchedTlsConnection
