"""Link header fields (RFC 8288)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from requests.utils import parse_header_links

from conformance.http.messages import Request

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account


def link_targets(reply: Reply, *relations: str) -> list[str]:
    """Where the links with one of these relation types lead, as absolute URLs, each once."""
    links = parse_header_links(reply.header("Link")) if reply.header("Link") else []
    found = [link["url"] for link in links if set(relations) & set(link.get("rel", "").lower().split())]
    return [urljoin(reply.url, target) for target in dict.fromkeys(found)]


def follow_link(url: str, account: Account, operation: str = "") -> Reply:
    """The reply to a GET of a link. Raises AssertionError if it leads away from the system under test."""
    base = account.client.base
    assert url.startswith(f"{base}/"), f"a link leads to {url or 'nothing'}, not to {base}"
    headers = (("Accept", "*/*"),)
    return account.send(Request(method="GET", path=url.removeprefix(base), headers=headers, operation=operation))
