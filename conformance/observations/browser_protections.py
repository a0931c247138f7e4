"""What answers let a browser do: show a page in a frame, read across origins, come without TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.http.messages import Request

if TYPE_CHECKING:
    from conformance.contract.vocabulary import CrossOrigin
    from conformance.http.messages import Reply

ELSEWHERE = "https://attacker.example"
YEAR = 365 * 24 * 3600
ANCESTORS = re.compile(r"(?:^|[;,])\s*frame-ancestors\s+([^;,]*)")
BANNERS = ("Server", "X-Powered-By", "X-Generator", "X-AspNet-Version", "X-AspNetMvc-Version")
VERSION = re.compile(r"/\s*v?\d|\d\.\d")
ASKED = ("authorization", "content-type")  # fields of which a browser asks beforehand


def is_page(reply: Reply) -> bool:
    """The answer is a page that a browser shows."""
    return reply.media_type == "text/html" and not 300 <= reply.status < 400 and bool(reply.body.strip())


def frameable(page: Reply) -> bool:
    """Another site may show the page in a frame: frame-ancestors decides, and without it X-Frame-Options."""
    policies = ANCESTORS.findall(page.header("Content-Security-Policy").lower())
    if policies:
        return not any(policy.strip() in {"'none'", "'self'"} for policy in policies)
    return page.header("X-Frame-Options").strip().lower() not in {"deny", "sameorigin"}


def discloses_version(reply: Reply) -> bool:
    """A field tells which version of which software made the answer."""
    return any(VERSION.search(reply.header(name)) for name in BANNERS)


def stays_on_tls(reply: Reply) -> bool:
    """The answer holds browsers to TLS for at least a year (RFC 6797, section 6.1)."""
    found = re.search(r"(?:^|;)\s*max-age\s*=\s*\"?(\d+)", reply.header("Strict-Transport-Security").lower())
    return found is not None and int(found[1]) >= YEAR


@dataclass(frozen=True, kw_only=True)
class CrossOriginRequests:
    """Requests of scripts of other sites, and whether answers let them read."""

    declared: CrossOrigin | None
    own: str

    @property
    def listed(self) -> str:
        """An origin that the contract lists; empty if it lists none."""
        origins = self.declared.origins if self.declared else ()
        return ELSEWHERE if "*" in origins else next(iter(origins), "")

    @property
    def unlisted(self) -> list[str]:
        """Origins that are not listed: of anybody, of nobody, and some that look like the listed one."""
        scheme, _, host = (self.listed or self.own).partition("://")
        looks = [f"{scheme}://{host}.attacker.example", f"{scheme}://attacker-{host}"]
        known = self.declared.origins if self.declared else ()
        return [] if "*" in known else [each for each in (ELSEWHERE, "null", *looks) if each not in known]

    def preflight(self, request: Request) -> Request:
        """What a browser asks before it sends the request (Fetch, section 4.8)."""
        asking = (
            ("Access-Control-Request-Method", request.method),
            ("Access-Control-Request-Headers", ",".join(ASKED)),
        )
        return Request(method="OPTIONS", path=request.path, headers=asking)

    def permits(self, reply: Reply) -> bool:
        """The origin of the request may read; where the contract lists none, only with credentials counts."""
        origin, given = reply.request.header("Origin"), reply.header("Access-Control-Allow-Origin")
        if self.declared is None:
            return given == origin and reply.header("Access-Control-Allow-Credentials") == "true"
        return given in {origin, "*"}

    def invites(self, reply: Reply) -> bool:
        """The listed origin may read the answer, with cookies if the contract says so."""
        cookies = bool(self.declared and self.declared.credentials)
        given = reply.header("Access-Control-Allow-Origin")
        if cookies and reply.header("Access-Control-Allow-Credentials") != "true":
            return False
        return given == reply.request.header("Origin") or (given == "*" and not cookies)

    def lets_send(self, reply: Reply, method: str) -> bool:
        """The answer to a preflight lets the listed origin send such a request."""
        methods = {each.strip() for each in reply.header("Access-Control-Allow-Methods").split(",")}
        fields = {each.strip().lower() for each in reply.header("Access-Control-Allow-Headers").split(",")}
        known = method in {"GET", "HEAD", "POST", *methods} or "*" in methods
        return reply.success and known and fields.issuperset(ASKED) and self.invites(reply)
