"""Whether the target is the one that the contract describes, and the authorization server that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.contract.document import follow
from conformance.doctor.findings import defective, fine, unfit, untried
from conformance.doctor.probes import FEW, REFUSALS, client_at, guarded, named, plain, read, shortly, unsound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import Patient
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account

BUSY = 429  # then the limiter answered
SERVER, PROVIDER = "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"


def contract(patient: Patient, *, accounts: list[Account]) -> Iterator[Finding]:
    """An open reading answers as the contract declares, or a guarded one asks for credentials."""
    harness = patient.harness
    title = f"{harness.contract.title} {harness.contract.version}".strip()
    replies = [(operation, patient.bare(operation)) for operation in _open(harness)]
    troubles = [trouble for operation, reply in replies if (trouble := unsound(reply, operation))]
    sound = [reply for operation, reply in replies if not unsound(reply, operation) and reply.status != BUSY]
    if sound:
        best = min(sound, key=lambda reply: not reply.success)
        yield fine("contract", f"{title}: {shortly(best)} answers {best.status}, as declared")
        return
    asked = next(iter(guarded(harness)), None)
    closed = patient.bare(asked) if asked else None
    if closed is not None and closed.status in REFUSALS:
        yield fine("contract", f"{title}: {shortly(closed)} asks for credentials, as declared")
    elif troubles and not (asked and accounts):
        yield unfit("contract", troubles[0])
    else:
        yield untried("contract", f"nothing of {title} can be read without credentials; see the identities")


def _open(harness: Harness) -> list[Operation]:
    """Plain readings that need no credentials."""
    return [operation for operation in plain(harness) if not operation.secured][:FEW]


def metadata(patient: Patient) -> Iterator[Finding]:
    """The authorization server's documents are there, are about themselves, and lead to keys."""
    harness = patient.harness
    urls = _documents(harness)
    if not urls:
        yield untried("authorization server", "the contract names no metadata of one")
    for url in urls:
        yield _document(harness, url)


def _documents(harness: Harness) -> list[str]:
    """The URLs of the metadata that the contract has operations for or names in a security scheme."""
    base = harness.client.url + harness.client.prefix
    known = [each.path for each in plain(harness) if SERVER in each.path or PROVIDER in each.path]
    document = harness.contract.document
    schemes = [follow(document, each) for each in document.get("components", {}).get("securitySchemes", {}).values()]
    named = [_joined(f"{base}/", each["openIdConnectUrl"]) for each in schemes if "openIdConnectUrl" in each]
    return list(dict.fromkeys(filter(None, [*(base + path for path in known), *named])))


def _document(harness: Harness, url: str) -> Finding:
    subject = f"authorization server, {urlsplit(url).path}"
    reply = _read(harness, url)
    if not (reply.success and isinstance(reply.member("issuer"), str)):
        told = f"{named(reply)} answers {reply.status} without metadata (RFC 8414). Mend the target."
        return defective(subject, told)
    issuer, fitting = str(reply.member("issuer")), _issuer(url)
    if issuer.rstrip("/") != fitting.rstrip("/"):
        told = f"it calls itself {issuer}, but was read as {fitting}, so clients must refuse it. "
        return defective(subject, told + "Start the target with its public URL, or name that as `url` under [target].")
    return _keys(harness, subject, reply)


def _keys(harness: Harness, subject: str, metadata: Reply) -> Finding:
    where = metadata.member("jwks_uri")
    if not isinstance(where, str):
        return fine(subject, f"issuer {metadata.member('issuer')}, without keys (jwks_uri)")
    url = _joined(metadata.url, where)
    if not url:
        return defective(subject, f"its jwks_uri {where} is no URL. Mend the target.")
    reply = _read(harness, url)
    keys = reply.member("keys")
    if not (reply.success and isinstance(keys, list) and any(_key(each) for each in keys)):
        return defective(subject, f"its jwks_uri {where} answers {reply.status} without a key set. Mend the target.")
    return fine(subject, f"issuer {metadata.member('issuer')}, {len(keys)} keys")


def _joined(base: str, reference: str) -> str:
    """What the reference leads to; empty if that is nothing that can be asked."""
    try:
        url = urljoin(base, reference)
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return url if usable else ""


def _key(value: Any) -> bool:
    return isinstance(value, dict) and "kty" in value


def _issuer(url: str) -> str:
    """The issuer whose metadata stands at this URL: RFC 8414 puts the path behind, OpenID Connect before."""
    parts = urlsplit(url)
    path = parts.path.replace(SERVER, "", 1).replace(PROVIDER, "", 1)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _read(harness: Harness, url: str) -> Reply:
    """The answer of that very URL, on whatever host it is."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return read(client_at(harness, origin), url.removeprefix(origin) or "/")
