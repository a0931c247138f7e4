"""HTTP/1.1 for the service, on nothing but the standard library."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from dialects.server.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
MOST = 65536  # bytes of a body


class Application(Protocol):
    def __call__(self, request: Request) -> Response: ...


class BrokenBodyError(Exception):
    """The body ended before it was whole, or was never well-formed."""


def serve(application: Application, refuse: Callable[[int, str], Response], port: int) -> None:
    """Serves until the process ends."""
    parts = {"answered_by": staticmethod(application), "refused_by": staticmethod(refuse)}
    methods = {f"do_{method}": _Handler.answer for method in METHODS}
    with _Server(("127.0.0.1", port), type("Handler", (_Handler,), {**parts, **methods})) as server:
        server.serve_forever(poll_interval=0.05)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A client that went away is nobody's fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and content leave in one packet: else each answer waits for the client's delayed ACK
    disable_nagle_algorithm = True
    answered_by: Application
    refused_by: Callable[[int, str], Response]

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def version_string(self) -> str:
        return "things"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        del explain
        self.close_connection = True
        self._send(self.refused_by(code, message or ""))

    def answer(self) -> None:
        parts = urlsplit(self.path)
        try:
            content = self._content()
        except (BrokenBodyError, ValueError):
            self.close_connection = True
            self._send(self.refused_by(400, "the body is broken"))
            return
        if content is None:
            self.close_connection = True
            self._send(self.refused_by(413, "the body is too large"))
            return
        local = "{}:{}".format(*self.connection.getsockname())
        request = Request(
            method=self.command, path=parts.path, query=parts.query, headers=self.headers, content=content, local=local
        )
        self._send(self.answered_by(request))

    def _content(self) -> bytes | None:
        """The whole body; None if it is too large. Raises BrokenBodyError, ValueError."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST:
            self._drain(length)
            return None
        content = self.rfile.read(length)
        if len(content) < length:
            raise BrokenBodyError
        return content

    def _drain(self, length: int) -> None:
        """Reads what is on its way, so that the refusal is not lost with the connection."""
        while length > 0 and (read := self.rfile.read(min(length, MOST))):
            length -= len(read)

    def _chunks(self) -> bytes | None:
        found = bytearray()
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            found += self.rfile.read(size)
            if self.rfile.readline() != b"\r\n":
                raise BrokenBodyError
        self.rfile.readline()
        return bytes(found) if len(found) <= MOST else None

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in {204, 304}:
            self.send_header("Content-Length", str(len(response.content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and response.status not in {204, 304}:
            self.wfile.write(response.content)
        self.wfile.flush()
