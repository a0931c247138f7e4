"""One HTTP request with a deadline for the whole exchange, on a bare socket: nothing is followed or retried."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, parse_headers
from io import BytesIO
from threading import Timer
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9][0-9])(?: [^\r\n]*)?\r?\n")
LONGEST_LINE = 8192  # bytes


class NoAnswerError(Exception):
    """No status came; the message is the reason."""


@dataclass(frozen=True)
class Answer:
    """The status and the header fields of the final response."""

    status: int
    fields: HTTPMessage


def call(method: str, url: str, headers: Mapping[str, str], content: bytes, timeout: float) -> Answer:
    """Sends a request and reads the final status and fields; no redirect, no body. Raises NoAnswerError."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, **headers, "Content-Length": str(len(content)), "Connection": "close"}
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    try:
        with connected(parts, timeout) as connection, connection.makefile("rb") as reader:
            connection.sendall(head.encode("latin-1") + b"\r\n" + content)
            while True:
                found = STATUS.fullmatch(reader.readline(LONGEST_LINE))
                if found is None:
                    raise NoAnswerError("no HTTP status came")
                fields = fields_of(reader)
                if not found[1].startswith(b"1"):
                    return Answer(int(found[1]), fields)
    except (OSError, HTTPException) as error:
        raise NoAnswerError(type(error).__name__) from error


def fields_of(reader: BinaryIO) -> HTTPMessage:
    """The header fields up to the empty line. Raises NoAnswerError if the answer ends before it."""
    lines = []
    while (line := reader.readline(LONGEST_LINE)) not in {b"\r\n", b"\n"}:
        if not line:
            raise NoAnswerError("the answer broke off")
        lines.append(line)
    return parse_headers(BytesIO(b"".join(lines) + b"\r\n"))


@contextmanager
def connected(parts: SplitResult, timeout: float) -> Iterator[socket.socket]:
    secured = parts.scheme == "https"
    plain = socket.create_connection((parts.hostname, parts.port or (443 if secured else 80)), timeout)
    deadline = Timer(timeout, plain.shutdown, [socket.SHUT_RDWR])
    deadline.daemon = True
    deadline.start()
    try:
        with plain:
            context = ssl.create_default_context() if secured else None
            yield context.wrap_socket(plain, server_hostname=parts.hostname) if context else plain
    finally:
        deadline.cancel()
