"""Ways to call what nobody from outside should be able to have called."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

from reference_impl.events.receivers import ReceiverPolicy
from reference_impl.events.sender import Sender
from reference_impl.faults import fault


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ExemptsTheWholeHost(ReceiverPolicy):
    """Lets the exemption of one host and port open all ports of the host."""

    def exempt(self, receiver, address):
        return any(receiver.host == allowed.rpartition(":")[0] for allowed in self.allowed)


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ForbidsPrivateOnly(ReceiverPolicy):
    """Asks whether an address is private, which shared and multicast addresses are not."""

    def forbidden(self, address):
        return address.is_private


@fault("WHR-SSRF-ALTERNATE-SPELLINGS")
class ComparesNames(ReceiverPolicy):
    """Compares the host with a list of names by which loopback is known."""

    def exempt(self, receiver, address):
        unknown = address.is_loopback and receiver.host not in {"127.0.0.1", "localhost", "::1"}
        return unknown or super().exempt(receiver, address)


@fault("WHR-SSRF-ALTERNATE-SPELLINGS")
class LooksAtDottedAddresses(ReceiverPolicy):
    """Judges hosts that look like addresses, and leaves it to the system to read those that do not."""

    def exempt(self, receiver, address):
        return super().exempt(receiver, address) or not re.fullmatch(r"(\d+\.){3}\d+|.*:.*|localhost", receiver.host)


@fault("WHR-SSRF-REDIRECT")
class FollowsRedirects(Sender):
    """Sends a redirected delivery to where the redirect points, if that may be called."""

    def outcome(self, answer, headers, body):
        location = answer.headers.get("Location")
        return self.send(location, headers, body) if location else answer.status


@fault("WHR-SSRF-REDIRECT")
class FollowsRedirectsAnywhere(Sender):
    """Follows a redirect as HTTP clients do by default, without looking at the address."""

    def outcome(self, answer, headers, body):
        parts = urlsplit(answer.headers.get("Location", ""))
        if parts.hostname:
            HTTPConnection(parts.hostname, parts.port).request("GET", parts.path)
        return answer.status
