"""Ways to call what nobody from outside should be able to have called."""

from __future__ import annotations

import re
import socket
from http.client import HTTPConnection
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

from reference_impl.events.receivers import ForbiddenReceiverError, ReceiverPolicy
from reference_impl.events.sender import Answer, Sender
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


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ForbidsLoopbackOnly(ReceiverPolicy):
    """Keeps the platform from calling itself, and lets it call its neighbours."""

    def forbidden(self, address):
        return address.is_loopback or address.is_unspecified


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ForgetsIPv6(ReceiverPolicy):
    """Knows the forbidden networks of IPv4 alone."""

    def forbidden(self, address):
        return isinstance(address, IPv4Address) and super().forbidden(address)


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ReadsTheFirstNumbers(ReceiverPolicy):
    """Knows private networks by how their addresses usually begin, which leaves most of 172.16.0.0/12 open."""

    def forbidden(self, address):
        usual = ("0.", "10.", "127.", "169.254.", "172.16.", "192.168.", "100.64.", "22", "23", "255.")
        return str(address).startswith(usual) if isinstance(address, IPv4Address) else super().forbidden(address)


@fault("WHR-SSRF-ADDRESS-LITERALS")
class ForgetsHalfOfTheLocalAddresses(ReceiverPolicy):
    """Takes fd00::/8, which is in use, for all unique local addresses."""

    def forbidden(self, address):
        return super().forbidden(address) and address not in ip_network("fc00::/8")


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


@fault("WHR-SSRF-ALTERNATE-SPELLINGS")
class ComparesNetworks(ReceiverPolicy):
    """Compares addresses with a list of networks, in which none of IPv4 written as one of IPv6 can be found."""

    def forbidden(self, address):
        mapped = isinstance(address, IPv6Address) and address.ipv4_mapped
        return not mapped and super().forbidden(address)


@fault("WHR-SSRF-ALTERNATE-SPELLINGS")
class JudgesAnotherHost(ReceiverPolicy):
    """Finds the host by an expression of its own, which takes the user of a URL for it; the client calls the other."""

    def refuse_userinfo(self, authority):
        """Nothing is refused."""

    def exempt(self, receiver, address):
        return receiver.authority.partition("@")[0] in self.allowed


@fault("WHR-SSRF-ALTERNATE-SPELLINGS")
class ForbidsOthersAsWritten(ReceiverPolicy):
    """Forbids loopback in every spelling, and other addresses in the usual one."""

    def exempt(self, receiver, address):
        unusual = not address.is_loopback and receiver.host != str(address)
        return unusual or super().exempt(receiver, address)


@fault("WHR-SSRF-EMBEDDED-ADDRESSES")
class LooksIntoMappedOnly(ReceiverPolicy):
    """Finds the address of IPv4 in a mapped one, and in no other."""

    def embedded(self, address):
        return address.ipv4_mapped if isinstance(address, IPv6Address) else None


@fault("WHR-SSRF-DNS")
class ChecksLiteralsOnly(ReceiverPolicy):
    """Judges hosts that are addresses in some spelling, and lets every name pass."""

    def exempt(self, receiver, address):
        literal = self.resolver.system(receiver.host, receiver.port, socket.AI_NUMERICHOST)
        return not literal or super().exempt(receiver, address)


@fault("WHR-SSRF-DNS")
class ForbidsNamesOfLoopbackOnly(ReceiverPolicy):
    """Refuses names of this machine, and lets those of its neighbours pass."""

    def exempt(self, receiver, address):
        literal = self.resolver.system(receiver.host, receiver.port, socket.AI_NUMERICHOST)
        return not (literal or address.is_loopback) or super().exempt(receiver, address)


@fault("WHR-SSRF-DNS")
class ChecksAtRegistrationOnly(ReceiverPolicy):
    """Resolves the host when it is registered, and calls whatever the name stands for later."""

    def callable(self, receiver):
        return self.resolver.addresses(receiver.host, receiver.port)[0]


@fault("WHR-SSRF-DNS")
class ChecksAtDeliveryLess(ReceiverPolicy):
    """Remembers which names were good, and does not look at what they stand for again."""

    def exempt(self, receiver, address):
        known = vars(self).setdefault("known", set())
        good = receiver.host in known or super().exempt(receiver, address)
        known.update({receiver.host} if good else ())
        return good


@fault("WHR-SSRF-DNS")
class ResolvesTwice(ReceiverPolicy):
    """Checks the addresses, then hands the name to a client that resolves it once more."""

    def callable(self, receiver):
        self.admit(receiver)
        return self.resolver.addresses(receiver.host, receiver.port)[0]


@fault("WHR-SSRF-DNS")
class ChecksTheFirstAddress(ReceiverPolicy):
    """Looks at the first of several addresses, and connects to whichever the system chooses."""

    def admit(self, receiver):
        found = self.resolver.addresses(receiver.host, receiver.port)
        if found and not self.permitted(receiver, found[0]):
            raise ForbiddenReceiverError("is forbidden")
        return found[::-1]


@fault("WHR-SSRF-DNS")
class ChecksTheLastAddress(ReceiverPolicy):
    """Goes through all addresses, and keeps what was found out about the last one."""

    def admit(self, receiver):
        found = self.resolver.addresses(receiver.host, receiver.port)
        if found and not self.permitted(receiver, found[-1]):
            raise ForbiddenReceiverError("is forbidden")
        return found


@fault("WHR-SSRF-DNS")
class AsksForIPv4Only(ReceiverPolicy):
    """Looks at the addresses of IPv4, and prefers to connect over IPv6."""

    def admit(self, receiver):
        found = self.resolver.addresses(receiver.host, receiver.port)
        if not all(self.permitted(receiver, address) for address in found if address.version == 4):
            raise ForbiddenReceiverError("is forbidden")
        return found[::-1]


@fault("WHR-SSRF-DNS")
class AsksForNoAlias(ReceiverPolicy):
    """Looks at the records of the name itself, and passes over those of another one to which it leads."""

    def exempt(self, receiver, address):
        allowed = super().exempt(receiver, address)
        return allowed or f"{receiver.host}." != str(self.resolver.answers(receiver.host)[0].canonical_name)


@fault("WHR-SSRF-DNS")
class FollowsRedirectsByName(Sender):
    """Follows a redirect, unless it leads to an address that is written as one."""

    def outcome(self, answer, headers, body):
        parts = urlsplit(answer.headers.get("Location", ""))
        found = self.policy.resolver.asked(parts.hostname) if parts.hostname else []
        if found:
            HTTPConnection(str(found[0]), parts.port).request("POST", parts.path)
        return super().outcome(answer, headers, body)


@fault("WHR-SSRF-DNS-COUNTS-AS-FAILED")
class DropsForbidden(Sender):
    """Takes a receiver that may not be called now for one that has been told."""

    def send(self, url, headers, body):
        try:
            self.policy.callable(self.policy.parse(url))
        except ForbiddenReceiverError:
            return Answer(status=204)
        return super().send(url, headers, body)


@fault("WHR-SSRF-REDIRECT")
class FollowsRedirects(Sender):
    """Sends a redirected delivery to where the redirect points, if that may be called."""

    def outcome(self, answer, headers, body):
        location = answer.headers.get("Location")
        return self.send(location, headers, body) if location else super().outcome(answer, headers, body)


@fault("WHR-SSRF-REDIRECT")
class FollowsRedirectsAnywhere(Sender):
    """Follows a redirect as HTTP clients do by default, without looking at the address."""

    def outcome(self, answer, headers, body):
        parts = urlsplit(answer.headers.get("Location", ""))
        if parts.hostname:
            HTTPConnection(parts.hostname, parts.port).request("GET", parts.path)
        return super().outcome(answer, headers, body)
