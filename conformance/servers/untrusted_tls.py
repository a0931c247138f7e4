"""TLS with a certificate of an unknown authority, for callers that begin a handshake."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import dataclass, field
from functools import cached_property

import trustme

CLIENT_HELLO = b"\x16"  # the first byte of every TLS connection, and of no HTTP request
HANDSHAKE_TIMEOUT = 10.0  # seconds


@dataclass(kw_only=True)
class UntrustedTls:
    """Accepts TLS connections for a host, with a certificate of an authority that no client trusts."""

    host: str
    handshakes: int = 0  # begun by callers
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @cached_property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert(self.host).configure_cert(context)
        return context

    def accept(self, connection: socket.socket) -> socket.socket | None:
        """The connection to read from, plain or TLS; None if the caller rejected the certificate."""
        try:
            if connection.recv(1, socket.MSG_PEEK) != CLIENT_HELLO:
                return connection
            connection.settimeout(HANDSHAKE_TIMEOUT)
            secured = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            self._count()
            return None
        secured.settimeout(None)
        self._count()
        return secured

    def _count(self) -> None:
        with self._changed:
            self.handshakes += 1
            self._changed.notify_all()

    def wait_for_handshake(self, *, after: int, within: float) -> bool:
        """Whether more than `after` handshakes have ended, by acceptance or rejection, within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.handshakes > after, within)
