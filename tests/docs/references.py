"""What the pages of a site refer to, and whether it is there."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

REFERENCES = ("spec/openapi.html", "spec/asyncapi.html")


class Anchors(HTMLParser):
    """What a page refers to, and what can be referred to on it."""

    def __init__(self, page):
        super().__init__()
        self.hrefs, self.ids = [], set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        if tag == "a" and "href" in given:
            self.hrefs.append(given["href"])


def pages(site):
    return sorted(str(page.relative_to(site)) for page in site.rglob("*.html"))


def broken(site):
    """The references within the site that lead nowhere, each with its page."""
    known = {page: Anchors(site / page) for page in pages(site)}
    found = []
    for page, anchors in known.items():
        for href in anchors.hrefs:
            parts = urlsplit(href)
            if parts.scheme:
                continue
            target = (site / page).parent.joinpath(unquote(parts.path)).resolve() if parts.path else site / page
            name = str(target.relative_to(site)) if target.is_relative_to(site) else href
            in_redoc = name in REFERENCES and parts.fragment.startswith("/")
            if not target.is_file() or (parts.fragment and not in_redoc and parts.fragment not in known[name].ids):
                found.append((page, href))
    return found
