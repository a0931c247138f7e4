"""Addresses that must never be called, however they are spelled, named or redirected to (SSRF)."""

from ipaddress import IPv4Address

from conformance.judgement.expectations import refused
from conformance.marks import given, requirement, variants
from conformance.servers.dns_server import Resolution
from conformance.servers.webhook_receiver import Answer

LOOPBACK = {
    "address": "127.0.0.1",
    "name": "localhost",
    "below": "canary.localhost",
    "unspecified": str(IPv4Address(0)),
}

IPV6_LOOPBACK = {
    "short": "[::1]",
    "long": "[0:0:0:0:0:0:0:1]",
    "padded": "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "unspecified": "[::]",
}

FOREIGN = {
    "loopback-network": "127.8.8.8",
    "private-10": "10.0.0.1",
    "private-10-last": "10.255.255.254",
    "private-172": "172.16.0.1",
    "private-172-last": "172.31.255.254",
    "private-192": "192.168.0.1",
    "link-local": "169.254.7.7",
    "metadata-service": "169.254.169.254",
    "shared": "100.64.0.1",
    "shared-last": "100.127.255.254",
    "multicast": "224.0.0.1",
    "multicast-last": "239.255.255.254",
    "broadcast": "255.255.255.255",
    "ipv6-link-local": "[fe80::1]",
    "ipv6-link-local-last": "[febf::1]",
    "ipv6-unique-local": "[fd00::1]",
    "ipv6-unique-local-first": "[fc00::1]",
    "ipv6-multicast": "[ff02::1]",
}

SPELLINGS = {
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal-parts": "0x7f.0.0.0x1",
    "hexadecimal-short": "0x7f.1",
    "octal": "0177.0.0.1",
    "octal-whole": "017700000001",
    "octal-padded": "0000177.0.0.01",
    "short": "127.1",
    "three-parts": "127.0.1",
    "zero": "0",
    "upper-case": "LOCALHOST",
    "mixed-case-below": "Canary.LocalHost",
    "trailing-dot": "localhost.",
    "address-with-trailing-dot": "127.0.0.1.",
    "mapped": "[::ffff:127.0.0.1]",
    "mapped-hexadecimal": "[::ffff:7f00:1]",
    "mapped-long": "[0:0:0:0:0:FFFF:127.0.0.1]",
    "full-width": "\uff11\uff12\uff17.0.0.1",
    "full-width-dots": "127\uff0e0\uff0e0\uff0e1",
    "ideographic-dots": "127\u30020\u30020\u30021",
    "half-width-dots": "127\uff610\uff610\uff611",
    "circled": "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "full-width-name": "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
    "soft-hyphen": "local\u00adhost",
    "percent-encoded": "%31%32%37.0.0.1",
    "percent-encoded-name": "%6cocalhost",
    "tab": "local\thost",
}

ZONED = {"zone": "[::1%25lo]", "bare-zone": "[::1%lo]"}

# Each beside loopback in the same spelling.
FOREIGN_SPELLINGS = {
    "decimal": ("2852039166", "2130706433"),
    "hexadecimal": ("0xa9fea9fe", "0x7f000001"),
    "octal": ("0251.0376.0251.0376", "0177.0.0.1"),
    "short": ("10.1", "127.1"),
    "trailing-dot": ("169.254.169.254.", "127.0.0.1."),
    "mapped": ("[::ffff:169.254.169.254]", "[::ffff:127.0.0.1]"),
    "mapped-hexadecimal": ("[::ffff:a9fe:a9fe]", "[::ffff:7f00:1]"),
    "mapped-private": ("[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]"),
    "full-width": ("\uff11\uff10.0.0.1", "\uff11\uff12\uff17.0.0.1"),
}

AMBIGUOUS = {
    "user": "http://{receiver}@{canary}{path}",
    "backslash": "http://{canary}\\@{receiver}{path}",
    "backslash-in-user": "http://{receiver}\\@{canary}{path}",
    "fragment": "http://{canary}{path}#@{receiver}/",
    "query": "http://{canary}{path}?@{receiver}/",
    "two-users": "http://{receiver}@{canary}@{receiver}{path}",
}

EMBEDDED = {
    "nat64": "[64:ff9b::169.254.169.254]",
    "nat64-hexadecimal": "[64:ff9b::a00:1]",
    "6to4": "[2002:a9fe:a9fe::1]",
    "compatible": "[::169.254.169.254]",
}

RESOLUTIONS = {
    "loopback": Resolution(("127.0.0.2",)),
    "second-of-two": Resolution(("127.0.0.1", "127.0.0.2")),
    "first-of-two": Resolution(("127.0.0.2", "127.0.0.1")),
    "alias": Resolution(("127.0.0.2",), alias=True),
    "ipv6": Resolution(("::1",)),
    "ipv6-beside-ipv4": Resolution(("127.0.0.1", "::1")),
    "mapped": Resolution(("::ffff:127.0.0.2",)),
    "mapped-beside-ipv4": Resolution(("127.0.0.1", "::ffff:127.0.0.2")),
}

PERMITTED, FORBIDDEN = Resolution(("127.0.0.1",)), Resolution(("127.0.0.2",))

FOREIGN_RESOLUTIONS = {
    "private": Resolution(("10.0.0.1",)),
    "metadata-service": Resolution(("169.254.169.254",)),
    "metadata-service-by-alias": Resolution(("169.254.169.254",), alias=True),
    "private-beside-a-proper-one": Resolution(("127.0.0.1", "10.0.0.1")),
    "ipv6-unique-local": Resolution(("fd00::1",)),
}

ALTERNATING_RESOLUTIONS = {
    "every-second": [PERMITTED, FORBIDDEN],
    "every-third": [PERMITTED, PERMITTED, FORBIDDEN],
}

REDIRECT_STATUSES = {str(status): status for status in (301, 302, 303, 307, 308)}


@requirement("WHR-SSRF-ADDRESS-LITERALS")
@variants("host", LOOPBACK)
def test_loopback_is_not_called(hook, forbidden_addresses, host):
    """The canary on loopback is registered and, if that is accepted, events are triggered; it is never called."""
    outcome = forbidden_addresses.register(hook, host)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-ADDRESS-LITERALS")
@variants("host", IPV6_LOOPBACK)
def test_ipv6_loopback_is_not_called(hook, forbidden_ipv6_addresses, host):
    """A canary on the loopback address of IPv6 is registered, and events are triggered; it is never called."""
    outcome = forbidden_ipv6_addresses.register(hook, host)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-ADDRESS-LITERALS")
@variants("host", FOREIGN)
def test_addresses_of_a_private_network_are_refused(hook, forbidden_addresses, host):
    """Loopback is refused; an address of a private network, or of none, is refused too. Nothing is sent there."""
    reply = forbidden_addresses.register_foreign(hook, host)

    assert reply == refused


@requirement("WHR-SSRF-ALTERNATE-SPELLINGS")
@variants("host", SPELLINGS)
def test_no_spelling_of_loopback_is_called(hook, forbidden_addresses, host):
    """The canary is registered under another spelling of its address, and events are triggered; it is never called."""
    outcome = forbidden_addresses.register(hook, host)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-ALTERNATE-SPELLINGS")
@variants("host", ZONED)
def test_ipv6_loopback_with_a_zone_is_not_called(hook, forbidden_ipv6_addresses, host):
    """A canary at ::1 is registered with a zone identifier, and events are triggered; it is never called."""
    outcome = forbidden_ipv6_addresses.register(hook, host)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-ALTERNATE-SPELLINGS")
@variants("url", AMBIGUOUS)
def test_an_ambiguous_url_does_not_lead_to_loopback(hook, forbidden_addresses, url):
    """A URL that one parser takes for a permitted host's and another for the canary's is registered; no call comes."""
    outcome = forbidden_addresses.register_ambiguous(hook, url)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-ALTERNATE-SPELLINGS")
@variants("spelled", FOREIGN_SPELLINGS)
def test_no_spelling_of_a_private_address_is_accepted(hook, forbidden_addresses, spelled):
    """Loopback in this spelling is refused; another forbidden address in it is refused too. Nothing is sent there."""
    reply = forbidden_addresses.register_foreign(hook, *spelled)

    assert reply == refused


@requirement("WHR-SSRF-EMBEDDED-ADDRESSES")
@variants("host", EMBEDDED)
def test_embedded_ipv4_addresses_are_refused(hook, forbidden_addresses, host):
    """Loopback is refused; IPv6 addresses that embed a forbidden IPv4 address are refused too. Nothing is sent."""
    reply = forbidden_addresses.register_foreign(hook, host)

    assert reply == refused


@requirement("WHR-SSRF-DNS")
@variants("resolution", RESOLUTIONS)
@given("named_hook")
def test_a_name_of_loopback_is_not_called(hook, receiver_names, resolution):
    """Events are delivered to a name of the suite's receiver; a name of a canary is registered, and never called."""
    outcome = receiver_names.register_forbidden(hook, resolution)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-DNS")
@variants("resolution", FOREIGN_RESOLUTIONS)
@given("named_hook")
def test_a_name_of_a_private_address_is_refused(hook, receiver_names, resolution):
    """A name of loopback is refused; one of a private address in its place is refused too. Nothing is sent there."""
    reply = receiver_names.register_foreign(hook, resolution)

    assert reply == refused


@requirement("WHR-SSRF-DNS")
@variants("resolution", RESOLUTIONS)
def test_a_name_that_is_rebound_to_loopback_is_not_called(hook, receiver_names, named_hook, resolution):
    """A name to which an event was delivered is rebound to a canary, which the next events do not reach."""
    calls = receiver_names.rebind(named_hook, hook, resolution)

    assert calls == []


@requirement("WHR-SSRF-DNS")
@variants("resolutions", ALTERNATING_RESOLUTIONS)
@given("named_hook")
def test_a_name_of_alternating_answers_is_not_called(hook, receiver_names, resolutions):
    """A name resolves to the suite's receiver and, every few queries, to a canary, which events never reach."""
    outcome = receiver_names.register_forbidden(hook, *resolutions)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-SSRF-DNS")
@given("named_hook")
def test_a_redirect_to_a_name_of_loopback_is_not_followed(hook, receiver_names):
    """A receiver redirects to a name that resolves to a canary, which is not called before the fence."""
    calls = receiver_names.redirect(hook, FORBIDDEN)

    assert calls == []


@requirement("WHR-SSRF-DNS-COUNTS-AS-FAILED")
def test_an_attempt_at_a_forbidden_address_is_retried(receiver_names, named_hook):
    """A name is rebound to a canary while an event is triggered, and back; a later attempt delivers the event."""
    received = receiver_names.rebind_and_restore(named_hook, FORBIDDEN, PERMITTED)

    assert received != []


@requirement("WHR-SSRF-REDIRECT")
@variants("status", REDIRECT_STATUSES)
def test_a_redirect_is_not_followed(hook, redirect_targets, status, deliveries):
    """A receiver redirects to the canary, then to another receiver; neither is called before the fence."""
    hook.endpoint.answers = [Answer(status=status, headers=(("Location", target.url),)) for target in redirect_targets]
    redirected = [deliveries.of_new_event(hook) for _ in redirect_targets]
    deliveries.before_fence(hook)

    assert len(redirected) == len(redirect_targets)
    assert [target.received for target in redirect_targets] == [[], []]
