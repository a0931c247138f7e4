"""The script of the pages that show the OpenAPI and the AsyncAPI document."""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import TYPE_CHECKING

from conformance.docs.text import slug

if TYPE_CHECKING:
    from conformance.contract.operation import Operation

# Shown are the extensions of the vocabulary: they are promises like any other.
START = """
init(JSON.parse(document.getElementById("document").textContent), {
  disableTelemetry: true,
  hideDownloadButtons: true,
  showExtensions: true,
  jsonSamplesExpandLevel: 4,
}, document.querySelector("redoc"));
"""
LOGOS = ("https://cdn.redoc.ly/redoc/logo-mini-full.svg", "https://cdn.redoc.ly/redoc/logo-mini.svg")
NAME = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='36' height='12'%3E"
    "%3Ctext y='10' font-family='sans-serif' font-size='11' fill='%231f5fa8'%3ERedoc%3C/text%3E%3C/svg%3E"
)


def anchor(operation: Operation) -> str:
    """The fragment under which Redoc shows an operation."""
    tag = f"{slug(operation.tags[0])}/" if operation.tags else ""
    return f"/{tag}{slug(operation.id)}"


def reference_script() -> str:
    """Redoc and its start as one module that can stand inside a page.

    Inside, since pages opened from disk may load no module from another file. A script that holds `<script` after
    `<!--` would not end at its end tag (HTML, section 4.12.1.3), so the former is written with an escape. Redoc's logo
    would be fetched from elsewhere; its name takes its place.
    """
    bundle = files("conformance.docs") / "vendor" / "redoc.standalone.js.gz"
    script = gzip.decompress(bundle.read_bytes()).decode()
    for url in LOGOS:
        script = script.replace(url, NAME)
    return script.replace("<script", "<\\x73cript") + START
