"""Findings about the contract: whether the target answers as it declares, and its authorization server's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.contract.document import follow
from conformance.doctor.findings import defective, fine, skipped, unusable
from conformance.doctor.probes import (
    MOST_PROBED,
    REFUSALS,
    client_at,
    get,
    guarded_reads,
    plain_reads,
    request_line,
    short_request_line,
    unexpected_answer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import ProbedTarget
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account

TOO_MANY_REQUESTS = 429  # then the limiter answered
OAUTH_METADATA, OPENID_METADATA = "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"


def contract(target: ProbedTarget, *, accounts: list[Account]) -> Iterator[Finding]:
    """Whether a public operation answers as declared, or a protected one asks for credentials."""
    harness = target.harness
    title = f"{harness.contract.title} {harness.contract.version}".strip()
    replies = [(operation, target.without_credentials(operation)) for operation in _open(harness)]
    problems = [problem for operation, reply in replies if (problem := unexpected_answer(reply, operation))]
    sound = [
        reply
        for operation, reply in replies
        if not unexpected_answer(reply, operation) and reply.status != TOO_MANY_REQUESTS
    ]
    if sound:
        best = min(sound, key=lambda reply: not reply.success)
        yield fine("contract", f"{title}: {short_request_line(best)} answers {best.status}, as declared")
        return
    asked = next(iter(guarded_reads(harness)), None)
    closed = target.without_credentials(asked) if asked else None
    if closed is not None and closed.status in REFUSALS:
        yield fine("contract", f"{title}: {short_request_line(closed)} asks for credentials, as declared")
    elif problems and not (asked and accounts):
        yield unusable("contract", problems[0])
    else:
        yield skipped("contract", f"nothing of {title} can be read without credentials; see the identities")


def _open(harness: Harness) -> list[Operation]:
    """The first GET operations that need no credentials."""
    return [operation for operation in plain_reads(harness) if not operation.secured][:MOST_PROBED]


def metadata(target: ProbedTarget) -> Iterator[Finding]:
    """Whether the metadata of the authorization server (RFC 8414) can be read, names itself, and leads to keys."""
    harness = target.harness
    urls = _documents(harness)
    if not urls:
        yield skipped("authorization server", "the contract names no metadata of one")
    for url in urls:
        yield _document(harness, url)


def _documents(harness: Harness) -> list[str]:
    """The URLs of metadata for which the contract has operations, or which it names in a security scheme."""
    base = harness.client.url + harness.client.prefix
    known = [each.path for each in plain_reads(harness) if OAUTH_METADATA in each.path or OPENID_METADATA in each.path]
    document = harness.contract.document
    schemes = [follow(document, each) for each in document.get("components", {}).get("securitySchemes", {}).values()]
    named = [_joined(f"{base}/", each["openIdConnectUrl"]) for each in schemes if "openIdConnectUrl" in each]
    return list(dict.fromkeys(filter(None, [*(base + path for path in known), *named])))


def _document(harness: Harness, url: str) -> Finding:
    subject = f"authorization server, {urlsplit(url).path}"
    reply = _read(harness, url)
    if not (reply.success and isinstance(reply.member("issuer"), str)):
        message = f"{request_line(reply)} answers {reply.status} without metadata (RFC 8414). Mend the target."
        return defective(subject, message)
    issuer, fitting = str(reply.member("issuer")), _issuer(url)
    if issuer.rstrip("/") != fitting.rstrip("/"):
        message = f"it calls itself {issuer}, but was read as {fitting}, so clients must refuse it. "
        return defective(
            subject, message + "Start the target with its public URL, or name that as `url` under [target]."
        )
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
    """The URL that the reference resolves to; "" if it cannot be requested."""
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
    """The issuer whose metadata is at this URL: its path follows in RFC 8414, and precedes in OpenID Connect."""
    parts = urlsplit(url)
    path = parts.path.replace(OAUTH_METADATA, "", 1).replace(OPENID_METADATA, "", 1)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _read(harness: Harness, url: str) -> Reply:
    """The reply to a GET request for this URL, on whatever host."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return get(client_at(harness, origin), url.removeprefix(origin) or "/")
