"""Findings about the connection: the target's URL, readiness, certificate and clock."""

from __future__ import annotations

import secrets
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cryptography import x509

from conformance.doctor.findings import defective, fine, misconfigured, note, skipped, unusable
from conformance.doctor.probes import client_at, get, guarded_reads, is_html, request_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import ProbedTarget
    from conformance.http.messages import Reply

EXPIRES_SOON = timedelta(days=7)
LEEWAY = 60.0  # seconds that verifiers of tokens usually allow
DATE_RESOLUTION = 1.0  # seconds: a Date has no fractions


def url(target: ProbedTarget) -> Iterator[Finding]:
    """Whether the URL of the target is answered, and not every request alike."""
    client = target.harness.client
    reply, _ = target.first_reply
    elsewhere = _elsewhere(reply)
    if elsewhere:
        yield unusable("URL", f"{reply.url} redirects to {elsewhere}. If that is the target, give its URL instead.")
        return
    stray = get(client, f"/{secrets.token_hex(8)}/{secrets.token_hex(8)}")
    if reply.status >= 500 and stray.status >= 500:
        yield unusable("URL", f"{client.url} answers {reply.status} to everything. Mend the target or its proxy first.")
    elif stray.success and _unguarded(target):
        yield unusable("URL", _answers_everything(client.url, stray))
    else:
        yield fine("URL", f"{client.url}{client.prefix} answers")


def _elsewhere(reply: Reply) -> str:
    """The location on another host to which the reply redirects; "" if there is none."""
    location = reply.header("Location") if 300 <= reply.status < 400 else ""
    try:
        host = urlsplit(urljoin(reply.url, location)).netloc
    except ValueError:
        return location
    return location if host != urlsplit(reply.url).netloc else ""


def _unguarded(target: ProbedTarget) -> bool:
    """Whether a protected operation is answered 2xx without credentials."""
    known = next(iter(guarded_reads(target.harness)), None)
    return known is not None and target.without_credentials(known).success


def _answers_everything(address: str, stray: Reply) -> str:
    if is_html(stray):
        return f"{address} answers HTML to everything. Is this the URL of the API?"
    return (
        f"{address} answers 2xx to everything, even to paths that are not in the contract and without credentials, so "
        "its answers prove nothing. Is it a stand-in, or a proxy in front of the target?"
    )


def ready(target: ProbedTarget) -> Iterator[Finding]:
    """Whether the configured `ready` path says that the target is ready."""
    harness = target.harness
    path = harness.configuration.target.ready
    if not path:
        yield skipped("readiness", "there is no `ready` under [target]")
        return
    reply = get(client_at(harness, harness.url), path)
    if reply.status >= 500:
        yield unusable(
            "readiness", f"{request_line(reply)} answers {reply.status}: it is not ready. Wait until it is, or see why."
        )
    elif reply.refused:
        words = f"{request_line(reply)} answers {reply.status}, so it says nothing. Mend `ready` under [target]."
        yield note("readiness", words)
    else:
        yield fine("readiness", f"{request_line(reply)} answers {reply.status}")


def certificate(target: ProbedTarget) -> Iterator[Finding]:
    """Whether the certificate, which was verified by the first request, expires soon."""
    harness = target.harness
    parts = urlsplit(harness.client.url)
    if parts.scheme != "https":
        yield skipped("certificate", "the URL begins with http:")
        return
    try:
        held = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=harness.client.deadline)
        until = x509.load_pem_x509_certificate(held.encode()).not_valid_after_utc
    except (OSError, ValueError) as error:
        yield skipped("certificate", f"it could not be read ({type(error).__name__})")
        return
    left, date = until - datetime.now(UTC), f"{until:%Y-%m-%d %H:%M} UTC"
    if left < timedelta(0):
        yield defective("certificate", f"it was valid until {date}. Renew it on the target.")
    elif left < EXPIRES_SOON:
        yield note("certificate", f"it is valid, but only until {date}. Renew it on the target.")
    else:
        unverified = "" if harness.client.transport.verify else ", and not verified, since [target] says verify = false"
        yield fine("certificate", f"valid until {date}{unverified}")


def clock(target: ProbedTarget) -> Iterator[Finding]:
    """Whether the target's clock agrees with the suite's, within the leeway for tokens that the suite makes."""
    harness = target.harness
    reply, arrived = target.first_reply
    try:
        there = parsedate_to_datetime(reply.header("Date"))
    except ValueError:
        yield skipped("clock", "the answers have no Date")
        return
    skew = (there if there.tzinfo else there.replace(tzinfo=UTC)).timestamp() - arrived
    token = harness.contract.access_token
    leeway = token.leeway if token else LEEWAY
    apart = f"the target's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
    if abs(skew) <= leeway + DATE_RESOLUTION:
        yield fine("clock", f"agrees with this machine's within {max(abs(skew), DATE_RESOLUTION):.0f} s")
    elif harness.mint is None:
        yield note("clock", f"{apart}. Nothing depends on it here, since no token is made here.")
    else:
        message = f"{apart}, and a token that is made here is good within {leeway:g} s. Set one of them right (NTP)."
        yield misconfigured("clock", message)
