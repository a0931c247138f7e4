"""A name server for the tests of the clinic: names whose addresses change with each question."""

from __future__ import annotations

from itertools import cycle
from socketserver import BaseRequestHandler, UDPServer
from threading import Thread

import dns.message
import dns.rdatatype
import dns.rrset


class Names:
    """Answers over UDP, on loopback."""

    def __init__(self):
        self._answers = {}
        self._server = UDPServer(("127.0.0.1", 0), self._handler())
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def of(self, *turns):
        """A fresh name; each question for it gets the next list of addresses, and then again the first."""
        name = f"name-{len(self._answers)}.clinic.test"
        self._answers[f"{name}."] = cycle(turns)
        return name

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self):
        answers = self._answers

        class Handler(BaseRequestHandler):
            def handle(self):
                packet, connection = self.request
                query = dns.message.from_wire(packet)
                reply, question = dns.message.make_response(query), query.question[0]
                if question.rdtype == dns.rdatatype.A:
                    found = next(answers[question.name.to_text()])
                    reply.answer = [dns.rrset.from_text(question.name, 0, "IN", "A", *found)]
                connection.sendto(reply.to_wire(want_shuffle=False), self.client_address)

        return Handler
