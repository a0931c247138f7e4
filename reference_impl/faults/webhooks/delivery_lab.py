"""Ways to be taken in by receivers, or held up by them."""

from __future__ import annotations

import socket
import ssl
from functools import cached_property
from http.client import HTTPConnection
from threading import Timer

from reference_impl.events.sender import Answer, Sender
from reference_impl.faults import fault


@fault("WHD-ANSWERED-IN-TIME")
class LosesPatience(Sender):
    """Gives a receiver a fifth of the time that was promised."""

    def __init__(self, policy, timeout):
        super().__init__(policy, timeout / 5)


@fault("WHD-ANSWERED-IN-TIME")
class WantsABody(Sender):
    """Takes an answer without a body for none."""

    def outcome(self, answer, headers, body):
        empty = answer.status == 204 and not answer.read()
        return Answer(failure="protocol") if empty else super().outcome(answer, headers, body)


@fault("WHD-BROKEN-IS-FAILED")
class ResetIsConsent(Sender):
    """Takes a broken connection for an answer: the receiver has had the delivery."""

    def failed(self, error, *, in_time):
        found = super().failed(error, in_time=in_time)
        return Answer(status=200) if found.failure == "connection" else found


@fault("WHD-BROKEN-IS-FAILED")
class HalfAnAnswerWillDo(Sender):
    """Does not count an attempt as failed whose answer it could not read."""

    def connection(self, receiver):
        return HTTPConnection(receiver.host, receiver.port)

    def failed(self, error, *, in_time):
        found = super().failed(error, in_time=in_time)
        return Answer(status=200) if found.failure == "protocol" else found


@fault("WHD-BROKEN-IS-FAILED")
class CutHeadWillDo(Sender):
    """Takes what has come when the time is over for the whole head, as the standard library does."""

    def connection(self, receiver):
        return HTTPConnection(receiver.host, receiver.port)

    def failed(self, error, *, in_time):
        return Answer(status=200) if not in_time else super().failed(error, in_time=in_time)


@fault("WHD-ANSWER-BOUNDED")
class TimeoutOfEachRead(Sender):
    """Has a timeout for each read, which begins anew with every byte."""

    def deadline(self, plain):
        return Timer(0, plain.settimeout, [self.timeout])


@fault("WHD-ANSWER-BOUNDED")
class WaitsForTheEnd(Sender):
    """Stops the clock when the answer begins, and reads to its end."""

    def outcome(self, answer, headers, body):
        while answer.read(2**16):
            continue
        return super().outcome(answer, headers, body)

    def deadline(self, plain):
        return Timer(0, plain.settimeout, [self.timeout])


@fault("WHD-INTERIM-ANSWERS")
class FirstAnswerCounts(Sender):
    """Leaves it to the standard library, which knows no other interim answer than 100."""

    def connection(self, receiver):
        return HTTPConnection(receiver.host, receiver.port)


@fault("WHD-TLS-VERIFIED")
class TrustsEverybody(Sender):
    """Does not verify certificates, left over from a test system."""

    @cached_property
    def trust(self):
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        return trust


@fault("WHD-TLS-VERIFIED")
class FallsBackToPlainText(Sender):
    """Tries http where https does not work."""

    def secured(self, plain, receiver):
        try:
            return super().secured(plain, receiver)
        except ssl.SSLError:
            return socket.create_connection((receiver.host, receiver.port), self.timeout)
