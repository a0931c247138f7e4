"""Sends one delivery: an HTTP POST over a connection to an address that was checked."""

from __future__ import annotations

import re
import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected, parse_headers
from io import BufferedReader
from threading import Timer
from typing import TYPE_CHECKING

from reference_impl.events.receivers import ForbiddenReceiverError, Receiver, ReceiverPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INTERIM = re.compile(rb"HTTP/1\.\d +1\d\d\b")
LONGEST_LINE = 65_537  # bytes; the standard library refuses a status line of as many


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a receiver answered: its status and Retry-After; or, without a status, the class of the failure."""

    status: int | None = None
    failure: str | None = None
    retry_after: str | None = None


class WholeLines(BufferedReader):
    """A head of which no line is cut: the standard library takes the end of the connection for the end of the head.

    A line that is `held` is read once more.
    """

    held = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        line, self.held = self.held or super().readline(size), b""
        if not line.endswith(b"\n"):
            raise RemoteDisconnected("The answer breaks off.")
        return line


class FinalResponse(HTTPResponse):
    """Passes over interim answers (RFC 9110 section 15.2); the standard library knows no other than 100."""

    def begin(self) -> None:
        self.fp = lines = WholeLines(self.fp.detach())
        line = lines.readline(LONGEST_LINE)
        while INTERIM.match(line):
            parse_headers(lines)
            line = lines.readline(LONGEST_LINE)
        lines.held = line
        super().begin()


class Connection(HTTPConnection):
    """Reads the answer that counts."""

    response_class = FinalResponse


class Sender:
    """Connects to the checked address itself, so that the host cannot resolve to another one in between."""

    def __init__(self, policy: ReceiverPolicy, timeout: float) -> None:
        self.policy = policy
        self.timeout = timeout  # seconds, for everything together

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer as soon as its head is there; whatever follows is not read."""
        began = time.monotonic()
        try:
            receiver = self.policy.parse(url)
            with self.connected(receiver) as connection:
                connection.request(self.method(), receiver.target, body, self.fields(receiver, headers))
                return self.outcome(connection.getresponse(), headers, body)
        except (OSError, HTTPException, ValueError, ForbiddenReceiverError) as error:
            return self.failed(error, in_time=time.monotonic() - began < self.timeout)

    def failed(self, error: Exception, *, in_time: bool) -> Answer:
        """No answer, and the class of the reason: nothing that tells more of a host."""
        match error:
            case ForbiddenReceiverError():
                return Answer(failure="forbidden")
            case _ if not in_time:
                return Answer(failure="timeout")
            case ssl.SSLError():
                return Answer(failure="tls")
            case OSError() | RemoteDisconnected():
                return Answer(failure="connection")
        return Answer(failure="protocol")

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

    def outcome(self, answer: HTTPResponse, _headers: Mapping[str, str], _body: bytes) -> Answer:
        """Redirects are answers like any other: nothing is followed."""
        return Answer(status=answer.status, retry_after=answer.headers.get("Retry-After"))

    @contextmanager
    def connected(self, receiver: Receiver) -> Iterator[HTTPConnection]:
        address = self.policy.callable(receiver)
        connection = self.connection(receiver)
        plain = socket.create_connection((str(address), receiver.port), self.timeout)
        timer = self.deadline(plain)
        timer.start()
        try:
            connection.sock = self.secured(plain, receiver)
            yield connection
        finally:
            timer.cancel()
            connection.close()
            plain.close()

    def connection(self, receiver: Receiver) -> HTTPConnection:
        return Connection(receiver.host, receiver.port)

    def deadline(self, plain: socket.socket) -> Timer:
        """Ends the attempt: a timeout of the socket alone begins anew with every byte."""
        timer = Timer(self.timeout, plain.shutdown, [socket.SHUT_RDWR])
        timer.daemon = True
        return timer

    def secured(self, plain: socket.socket, receiver: Receiver) -> socket.socket:
        if receiver.scheme == "http":
            return plain
        return self.trust.wrap_socket(plain, server_hostname=receiver.host)

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """The authorities of the machine, and the name of the host."""
        return ssl.create_default_context()
