"""Sends one delivery: an HTTP POST over a connection to an address that was checked."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import TYPE_CHECKING

from reference_impl.events.receivers import ForbiddenReceiverError, Receiver, ReceiverPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from http.client import HTTPResponse


class DeliveryError(Exception):
    """The receiver gave no answer."""


class Sender:
    """Connects to the checked address itself, so that the host cannot resolve to another one in between."""

    def __init__(self, policy: ReceiverPolicy, timeout: float) -> None:
        self.policy = policy
        self.timeout = timeout  # seconds, for everything together

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer; raises `DeliveryError` if there is none in time."""
        try:
            receiver = self.policy.parse(url)
            with self.connected(receiver) as connection:
                connection.request(self.method(), receiver.target, body, self.fields(receiver, headers))
                return self.outcome(connection.getresponse(), headers, body)
        except (OSError, HTTPException, ValueError, ForbiddenReceiverError) as error:
            raise DeliveryError(type(error).__name__) from error

    def method(self) -> str:
        return "POST"

    def fields(self, receiver: Receiver, headers: Mapping[str, str]) -> dict[str, str]:
        return {
            "Host": receiver.authority,
            "Content-Type": "application/json",
            "User-Agent": "links-webhooks/1",
            "Connection": "close",
            **headers,
        }

    def outcome(self, answer: HTTPResponse, _headers: Mapping[str, str], _body: bytes) -> int:
        """Redirects are answers like any other: nothing is followed."""
        return answer.status

    @contextmanager
    def connected(self, receiver: Receiver) -> Iterator[HTTPConnection]:
        address = self.policy.callable(receiver)
        connection = HTTPConnection(receiver.host, receiver.port)
        plain = socket.create_connection((str(address), receiver.port), self.timeout)
        # A timeout of the socket alone begins anew with every byte.
        timer = Timer(self.timeout, plain.shutdown, [socket.SHUT_RDWR])
        timer.daemon = True
        timer.start()
        try:
            connection.sock = self.secured(plain, receiver)
            yield connection
        finally:
            timer.cancel()
            connection.close()
            plain.close()

    def secured(self, plain: socket.socket, receiver: Receiver) -> socket.socket:
        if receiver.scheme == "http":
            return plain
        return self._tls.wrap_socket(plain, server_hostname=receiver.host)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()
