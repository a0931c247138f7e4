"""Header fields that protect browsers: framing, CORS, HSTS, and disclosed versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.http.messages import Request

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import CrossOrigin
    from conformance.http.messages import Reply

FOREIGN_ORIGIN = "https://attacker.example"
YEAR = 365 * 24 * 3600
FRAME_ANCESTORS = re.compile(r"(?:^|[;,])\s*frame-ancestors\s+([^;,]*)")
VERSION_FIELDS = ("Server", "X-Powered-By", "X-Generator", "X-AspNet-Version", "X-AspNetMvc-Version")
VERSION = re.compile(r"/\s*v?\d|\d\.\d")
READ_BY_ALL = {
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
}
PREFLIGHT_FIELDS = ("authorization", "content-type")  # request fields that need a preflight


def is_html_page(reply: Reply) -> bool:
    """The reply is an HTML page that a browser shows."""
    return reply.media_type == "text/html" and not 300 <= reply.status < 400 and bool(reply.body.strip())


def can_be_framed(page: Reply) -> bool:
    """Another site may frame the page: frame-ancestors decides, and without it X-Frame-Options (CSP 3, section 6.4)."""
    policies = FRAME_ANCESTORS.findall(page.header("Content-Security-Policy").lower())
    if policies:
        return not any(policy.strip() in {"'none'", "'self'"} for policy in policies)
    return page.header("X-Frame-Options").strip().lower() not in {"deny", "sameorigin"}


def discloses_version(reply: Reply) -> bool:
    """A header field discloses the version of the server's software."""
    return any(VERSION.search(reply.header(name)) for name in VERSION_FIELDS)


def enforces_tls(reply: Reply) -> bool:
    """The reply obliges browsers to use TLS for at least a year (HSTS, RFC 6797, section 6.1)."""
    found = re.search(r"(?:^|;)\s*max-age\s*=\s*\"?(\d+)", reply.header("Strict-Transport-Security").lower())
    return found is not None and int(found[1]) >= YEAR


@dataclass(frozen=True, kw_only=True)
class CrossOriginRequests:
    """Cross-origin requests of scripts, and what replies allow them (Fetch, section 3.2).

    `declared` holds the origins that the contract lists, None if it says nothing; `own_origin` is the target's.
    """

    declared: CrossOrigin | None
    own_origin: str

    @property
    def listed_origin(self) -> str:
        """An origin that the contract lists; empty if it lists none."""
        origins = self.declared.origins if self.declared else ()
        return FOREIGN_ORIGIN if "*" in origins else next(iter(origins), "")

    @property
    def unlisted_origins(self) -> list[str]:
        """Origins that are not listed: a foreign one, null, and some that resemble the listed one."""
        scheme, _, host = (self.listed_origin or self.own_origin).partition("://")
        similar = [f"{scheme}://{host}.attacker.example", f"{scheme}://attacker-{host}"]
        known = self.declared.origins if self.declared else ()
        return [] if "*" in known else [each for each in (FOREIGN_ORIGIN, "null", *similar) if each not in known]

    def preflight(self, request: Request, *fields: str) -> Request:
        """The preflight of a request that has these fields too (Fetch, section 4.8)."""
        headers = (
            ("Access-Control-Request-Method", request.method),
            ("Access-Control-Request-Headers", ",".join((*PREFLIGHT_FIELDS, *fields))),
        )
        return Request(method="OPTIONS", path=request.path, headers=headers)

    def allows_reading(self, reply: Reply) -> bool:
        """The reply lets the origin of its request read it; with credentials, if the contract lists no origins."""
        origin, given = reply.request.header("Origin"), reply.header("Access-Control-Allow-Origin")
        if self.declared is None:
            return given == origin and reply.header("Access-Control-Allow-Credentials") == "true"
        return given in {origin, "*"}

    def allows_listed_origin(self, reply: Reply) -> bool:
        """The reply lets the listed origin read it, with credentials if the contract declares them."""
        cookies = bool(self.declared and self.declared.credentials)
        given = reply.header("Access-Control-Allow-Origin")
        if cookies and reply.header("Access-Control-Allow-Credentials") != "true":
            return False
        return given == reply.request.header("Origin") or (given == "*" and not cookies)

    def hidden_fields(self, operation: Operation, reply: Reply) -> list[str]:
        """The fields of the reply that the operation declares, and that no script may read (Fetch, section 2.2.6)."""
        answer = operation.answer(reply.status)
        exposed = {each.strip().lower() for each in reply.header("Access-Control-Expose-Headers").split(",")}
        known = {name.lower() for name in (answer.headers if answer else ()) if reply.header(name)} - READ_BY_ALL
        return [] if "*" in exposed else sorted(known - exposed)

    def allows_request(self, reply: Reply, method: str, *fields: str) -> bool:
        """The reply to a preflight lets the listed origin send a request with this method and these fields too."""
        methods = {each.strip() for each in reply.header("Access-Control-Allow-Methods").split(",")}
        allowed = {each.strip().lower() for each in reply.header("Access-Control-Allow-Headers").split(",")}
        wanted = {*PREFLIGHT_FIELDS, *(field.lower() for field in (() if "*" in allowed else fields))}
        known = method in {"GET", "HEAD", "POST", *methods} or "*" in methods
        return reply.success and known and allowed >= wanted and self.allows_listed_origin(reply)
