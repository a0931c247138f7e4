"""A proxy between the suite and the target that loses responses, as networks do."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request as Incoming
from werkzeug.wrappers import Response

from conformance.errors import BlockedError
from conformance.http.client import Client
from conformance.http.messages import Request
from conformance.servers.lifecycle import LocalServer
from conformance.servers.webhook_receiver import FIELDS, QuietHandler

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account

# Fields that concern one connection, or that the client of the next one writes itself.
CONNECTION_FIELDS = {"host", "connection", "keep-alive", "content-length", "transfer-encoding"}
DISCONNECT = 0  # in the place of a status: the connection is closed without an answer


class LossyProxy(LocalServer):
    """Forwards each request and withholds the target's response.

    `substitute` is the status that the client gets instead, or DISCONNECT.
    """

    def __init__(self, client: Client, substitute: int) -> None:
        self.client = client
        self.substitute = substitute
        self.target_replies: list[Reply] = []  # what the target said
        server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=QuietHandler)
        super().__init__(server)
        self._clients: list[Client] = []
        self.address = f"http://127.0.0.1:{server.server_port}{client.prefix}"  # in the place of the target's

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self.close()
        for client in self._clients:
            client.close()

    def through(self, account: Account) -> Account:
        """The same principal, whose requests go through this proxy."""
        client = Client(self.address, deadline=2 * self.client.deadline, guard=self.client.guard)
        client.recorder = self.client.recorder
        self._clients.append(client)
        return replace(account, client=client)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        incoming = Incoming(environ)
        fields = [(name, value) for name, value in environ[FIELDS] if name.lower() not in CONNECTION_FIELDS]
        forwarded = Request(
            method=incoming.method,
            path=str(environ["RAW_URI"]).removeprefix(self.client.prefix),
            headers=(*fields, ("Via", "1.1 suite")),
            body=incoming.get_data() or None,
        )
        try:
            self.target_replies.append(self.client.exchange(forwarded, identity="intermediary"))
        except BlockedError:  # there was no answer that could be lost
            return Response("The target did not answer.", status=502)(environ, start_response)
        if self.substitute == DISCONNECT:
            with contextlib.suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response("The answer was lost.", status=self.substitute or 502)(environ, start_response)
