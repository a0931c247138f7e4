"""Faulty handshakes."""

from __future__ import annotations

from handshake import ORIGIN, Handshake


class HandshakeAnyAnswer(Handshake):
    """Takes every 2xx for consent, as a server gives it to OPTIONS that knows nothing of handshakes."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def consents(self, answer):
        return 200 <= answer.status < 300


class HandshakeAnyOrigin(Handshake):
    """Takes any answer that allows somebody something."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def consents(self, answer):
        return self.allowed(answer) != ""


class HandshakeSimilarOrigin(Handshake):
    """Looks for its own name anywhere in the one that is allowed."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def consents(self, answer):
        return self.origin in self.allowed(answer) or super().consents(answer)


class HandshakeNoWildcard(Handshake):
    """Knows its own name only, and not the asterisk."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def consents(self, answer):
        return self.allowed(answer) == self.origin


class HandshakeNotEnforced(Handshake):
    """Asks, and delivers whatever the answer is."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def may_deliver(self, hook):
        super().may_deliver(hook)
        return True


class HandshakeOnce(Handshake):
    """Remembers that a hook has consented, and not at which address."""

    clause = "WHR-HANDSHAKE-ENFORCED"

    def may_deliver(self, hook):
        return hook.consented != "" or super().may_deliver(hook)


class HandshakeNever(Handshake):
    """Declares a handshake, and asks nobody."""

    clause = "WHR-OWNERSHIP-HANDSHAKE"

    def may_deliver(self, _hook):
        return True


class HandshakeByAgent(Handshake):
    """Asks by the name of its software, and not by the declared one."""

    clause = "WHR-OWNERSHIP-HANDSHAKE"

    def request_headers(self):
        return {ORIGIN: "parcels"}


class HandshakeForgottenInDeliveries(Handshake):
    """Names itself when it asks, and never again."""

    clause = "WHR-HANDSHAKE-ORIGIN"

    def headers(self):
        return {}
