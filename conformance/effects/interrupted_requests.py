"""Interrupted requests: sent as a whole or in part, after which the client closes the connection."""

from __future__ import annotations

import contextlib
import select
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import BlockedError, UntestableError
from conformance.http.client import Record
from conformance.http.connections import tls_context

if TYPE_CHECKING:
    from conformance.http.client import Client
    from conformance.http.connections import ClientCertificate
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """How a request is interrupted: what of the body is sent, how its end is declared, when the client disconnects."""

    description: str
    framing: tuple[str, str]  # the header field that says where the body ends
    sent: bytes
    await_response: bool = False  # disconnects when the response begins, instead of at once


def disconnect_after_request(request: Request, *, await_response: bool) -> Interruption:
    """The whole request; the client disconnects at once, or when the response begins, and does not read it."""
    body = request.body or b""
    when = "when the answer came" if await_response else "at once"
    return Interruption(
        description=f"The suite hung up {when} and read no answer.",
        framing=("Content-Length", str(len(body))),
        sent=body,
        await_response=await_response,
    )


def half_body(request: Request) -> Interruption:
    """Half of the body that Content-Length declares."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up after half of the body.",
        framing=("Content-Length", str(len(body))),
        sent=body[: len(body) // 2],
    )


def below_content_length(request: Request) -> Interruption:
    """A complete JSON body that is shorter than its Content-Length."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up before the body had its announced length; what came is JSON by itself.",
        framing=("Content-Length", str(len(body) + 8)),
        sent=body,
    )


def without_last_chunk(request: Request) -> Interruption:
    """A chunked body without its last chunk (RFC 9112, section 7.1)."""
    body = request.body or b""
    return Interruption(
        description="The suite hung up before the last chunk; what came is JSON by itself.",
        framing=("Transfer-Encoding", "chunked"),
        sent=b"%x\r\n%s\r\n" % (len(body), body),
    )


def send_interrupted(account: Account, request: Request, interruption: Interruption) -> None:
    """Sends the request with the account's credentials and interrupts it. Raises BlockedError if nothing listens."""
    client = account.client
    authenticated = client.transport.completed(account.authenticated(request))
    client.guard.check(authenticated)
    url = client.url + client.prefix + request.path
    connection = _connection(client, authenticated.certificate)
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


def _connection(client: Client, certificate: ClientCertificate | None) -> HTTPConnection:
    if client.transport.proxy:
        raise UntestableError("a request that breaks off tells nothing of the target where a proxy stands before it.")
    parts = urlsplit(client.url)
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname or "", parts.port, timeout=client.deadline)
    return HTTPSConnection(
        parts.hostname or "",
        parts.port,
        timeout=client.deadline,
        context=tls_context(verify=client.transport.verify, certificate=certificate),
    )
