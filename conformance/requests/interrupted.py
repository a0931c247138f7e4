"""Requests that are broken off: sent as a whole or in part, and then the connection is closed."""

from __future__ import annotations

import contextlib
import select
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import BlockedError
from conformance.http.client import Record

if TYPE_CHECKING:
    from conformance.http.client import Client
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """How a request is broken off: what of its body is sent after which announcement, and when the caller hangs up."""

    description: str
    framing: tuple[str, str]  # the header field that says where the body ends
    sent: bytes
    await_response: bool = False  # hangs up when the answer begins to come, instead of at once


def disconnect_after_request(request: Request, *, await_response: bool) -> Interruption:
    """The whole request, of which the caller does not read the answer."""
    body = request.body or b""
    when = "when the answer came" if await_response else "at once"
    return Interruption(
        description=f"The suite hung up {when} and read no answer.",
        framing=("Content-Length", str(len(body))),
        sent=body,
        await_response=await_response,
    )


def half_body(request: Request) -> Interruption:
    """The first half of the body."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up after half of the body.",
        framing=("Content-Length", str(len(body))),
        sent=body[: len(body) // 2],
    )


def below_content_length(request: Request) -> Interruption:
    """All that means something, but not the white space after it that is announced too."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up before the body had its announced length; what came is JSON by itself.",
        framing=("Content-Length", str(len(body) + 8)),
        sent=body,
    )


def without_last_chunk(request: Request) -> Interruption:
    """All chunks but the empty one that ends them."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up before the last chunk; what came is JSON by itself.",
        framing=("Transfer-Encoding", "chunked"),
        sent=b"%x\r\n%s\r\n" % (len(body), body),
    )


def send_interrupted(account: Account, request: Request, interruption: Interruption) -> None:
    """Sends the request so, with the credentials of the account. Raises BlockedError if nobody listens."""
    client, authenticated = account.client, account.authenticated(request)
    client.guard.check(authenticated)
    url = client.url + client.prefix + request.path
    connection = _connection(client)
    try:
        connection.connect()
    except OSError as error:
        raise BlockedError(f"{request.method} {url} could not be connected to ({error}).") from error
    with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
        connection.putrequest(request.method, client.prefix + request.path, skip_accept_encoding=True)
        for name, value in (*authenticated.headers, interruption.framing):
            connection.putheader(name, value)
        connection.endheaders(interruption.sent)
        if interruption.await_response:
            select.select([connection.sock], [], [], client.deadline)
    client.recorder.keep(
        Record(label="attempt", identity=account.name, request=authenticated, url=url, failure=interruption.description)
    )


def _connection(client: Client) -> HTTPConnection:
    parts = urlsplit(client.url)
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname or "", parts.port, timeout=client.deadline)
    context = ssl.create_default_context(cafile=client.verify if isinstance(client.verify, str) else None)
    if not client.verify:  # the configuration asks for it
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(parts.hostname or "", parts.port, timeout=client.deadline, context=context)
