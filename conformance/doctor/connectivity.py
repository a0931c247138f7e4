"""The way to the target: its URL, its certificate, whether it is ready, whether its clock is right."""

from __future__ import annotations

import secrets
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cryptography import x509

from conformance.doctor.findings import defective, fine, misconfigured, note, unfit, untried
from conformance.doctor.probes import client_at, guarded, named, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import Patient
    from conformance.harness import Harness
    from conformance.http.messages import Reply

SOON = timedelta(days=7)
LEEWAY = 60.0  # seconds that verifiers of tokens usually allow
COARSE = 1.0  # seconds: a Date has no fractions


def url(patient: Patient) -> Iterator[Finding]:
    """Something answers there, and not the same to everything."""
    client = patient.harness.client
    reply, _ = patient.first
    elsewhere = _elsewhere(reply)
    if elsewhere:
        yield unfit("URL", f"{reply.url} redirects to {elsewhere}. If that is the target, give its URL instead.")
        return
    stray = read(client, f"/{secrets.token_hex(8)}/{secrets.token_hex(8)}")
    if reply.status >= 500 and stray.status >= 500:
        yield unfit("URL", f"{client.url} answers {reply.status} to everything. Mend the target or its proxy first.")
    elif stray.success and _unguarded(patient):
        yield unfit("URL", _indifferent(client.url, stray))
    else:
        yield fine("URL", f"{client.url}{client.prefix} answers")


def _elsewhere(reply: Reply) -> str:
    """Where on another host the reply redirects to; empty if it does not."""
    location = reply.header("Location") if 300 <= reply.status < 400 else ""
    try:
        host = urlsplit(urljoin(reply.url, location)).netloc
    except ValueError:
        return location
    return location if host != urlsplit(reply.url).netloc else ""


def _unguarded(patient: Patient) -> bool:
    """A protected operation is answered 2xx without credentials."""
    known = next(iter(guarded(patient.harness)), None)
    return known is not None and patient.bare(known).success


def _indifferent(address: str, stray: Reply) -> str:
    if stray.media_type == "text/html":
        return f"{address} answers HTML to everything. Is this the URL of the API?"
    return (
        f"{address} answers 2xx to everything, even to paths that are not in the contract and without credentials, so "
        "its answers prove nothing. Is it a stand-in, or a proxy in front of the target?"
    )


def ready(patient: Patient) -> Iterator[Finding]:
    """The path that is to say so says that the target is ready."""
    harness = patient.harness
    path = harness.configuration.target.ready
    if not path:
        yield untried("readiness", "there is no `ready` under [target]")
        return
    reply = read(client_at(harness, _root(harness)), path)
    if reply.status >= 500:
        yield unfit(
            "readiness", f"{named(reply)} answers {reply.status}: it is not ready. Wait until it is, or see why."
        )
    elif reply.refused:
        words = f"{named(reply)} answers {reply.status}, so it says nothing. Mend `ready` under [target]."
        yield note("readiness", words)
    else:
        yield fine("readiness", f"GET {path} answers {reply.status}")


def _root(harness: Harness) -> str:
    """The URL of the target without the path that the contract's first server adds to it."""
    client = harness.client
    return client.url + ("" if client.prefix == harness.contract.base_path else client.prefix)


def certificate(patient: Patient) -> Iterator[Finding]:
    """The certificate, which was verified when the URL was asked, does not end soon."""
    harness = patient.harness
    parts = urlsplit(harness.client.url)
    if parts.scheme != "https":
        yield untried("certificate", "the URL begins with http:")
        return
    try:
        held = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=harness.client.deadline)
        until = x509.load_pem_x509_certificate(held.encode()).not_valid_after_utc
    except (OSError, ValueError) as error:
        yield untried("certificate", f"it could not be read ({type(error).__name__})")
        return
    left, date = until - datetime.now(UTC), f"{until:%Y-%m-%d %H:%M} UTC"
    if left < timedelta(0):
        yield defective("certificate", f"it was valid until {date}. Renew it on the target.")
    elif left < SOON:
        yield note("certificate", f"it is valid, but only until {date}. Renew it on the target.")
    else:
        unverified = "" if harness.client.verify else ", and not verified, since [target] says verify = false"
        yield fine("certificate", f"valid until {date}{unverified}")


def clock(patient: Patient) -> Iterator[Finding]:
    """The target's clock agrees with ours as closely as tokens that are made here need it."""
    harness = patient.harness
    reply, arrived = patient.first
    try:
        there = parsedate_to_datetime(reply.header("Date"))
    except ValueError:
        yield untried("clock", "the answers have no Date")
        return
    skew = (there if there.tzinfo else there.replace(tzinfo=UTC)).timestamp() - arrived
    token = harness.contract.access_token
    leeway = token.leeway if token else LEEWAY
    apart = f"the target's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
    if abs(skew) <= leeway + COARSE:
        yield fine("clock", f"agrees with this machine's within {max(abs(skew), COARSE):.0f} s")
    elif harness.mint is None:
        yield note("clock", f"{apart}. Nothing depends on it here, since no token is made here.")
    else:
        told = f"{apart}, and a token that is made here is good within {leeway:g} s. Set one of them right (NTP)."
        yield misconfigured("clock", told)
