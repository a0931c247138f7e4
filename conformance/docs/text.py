"""Markdown as pages: anchors for headings, references between files as references between pages."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from markdown_it.token import Token

RFC = re.compile(r"RFC (\d+)(?: (?:§|section )([0-9]+(?:\.[0-9]+)*))?")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A Markdown file; `source` is its path in the repository."""

    source: str
    markdown: str

    @property
    def title(self) -> str:
        return next(line.removeprefix("# ") for line in self.markdown.splitlines() if line.startswith("# "))

    @property
    def path(self) -> str:
        return placed(self.source)

    def html(self, site: Collection[str]) -> str:
        """The text as HTML; raw HTML in it is shown, not obeyed.

        What refers to a file that is not among the paths of the site is shown without the reference: not every
        contract has each document that the guides speak of.
        """
        parser = MarkdownIt("commonmark", {"html": False}).enable("table")
        tokens = parser.parse(self.markdown)
        for token, inner in pairwise(tokens):
            if token.type == "heading_open":
                token.attrSet("id", slug(_plain(inner)))
        self._refer(tokens, site)
        return str(parser.renderer.render(tokens, parser.options, {}))

    def referred(self) -> list[str]:
        """The files of the repository that it refers to, in order."""
        tokens = _all(MarkdownIt("commonmark").parse(self.markdown))
        hrefs = (str(token.attrGet("href")) for token in tokens if token.type == "link_open")
        return [self._file(href) for href in hrefs if _local(href)]

    def _refer(self, tokens: Sequence[Token], site: Collection[str]) -> None:
        """Has each reference lead to a page of the site, or hides it."""
        leads = True
        for token in _all(tokens):
            if token.type == "link_open":
                href = str(token.attrGet("href"))
                leads = not _local(href) or placed(self._file(href)) in site
                token.attrSet("href", self._target(href))
            if token.type in {"link_open", "link_close"}:
                token.hidden = not leads

    def _target(self, href: str) -> str:
        """Where a reference leads on the site."""
        if not _local(href):
            return href
        _, mark, fragment = href.partition("#")
        return relative(placed(self._file(href)), self.path) + mark + fragment

    def _file(self, href: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.source), href.partition("#")[0]))


def placed(source: str) -> str:
    """Where the page of a source file is: `docs/` is the root of the site, a README the index of its folder."""
    path = source.removeprefix("docs/")
    stem, suffix = posixpath.splitext(path)
    folder, name = posixpath.split(stem)
    if name == "README":
        return posixpath.join(folder, "index.html")
    return f"{stem}.html" if suffix in {".md", ".yaml"} else path


def relative(target: str, page: str) -> str:
    """The reference from one page of the site to another."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def cited(source: str) -> str:
    """A clause's source as HTML, in which each RFC is a reference to its text."""

    def reference(match: re.Match[str]) -> str:
        section = f"#section-{match[2]}" if match[2] else ""
        return f'<a href="https://www.rfc-editor.org/rfc/rfc{match[1]}{section}">{match[0]}</a>'

    return RFC.sub(reference, str(escape(source)))


def _local(href: str) -> bool:
    return bool(href.partition("#")[0]) and "://" not in href


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or ())
