"""The script of the pages that show the OpenAPI and the AsyncAPI document."""

from __future__ import annotations

from importlib.resources import files

# Shown are the extensions of the vocabulary: they are promises like any other.
START = """
init(JSON.parse(document.getElementById("document").textContent), {
  disableTelemetry: true,
  hideDownloadButtons: true,
  showExtensions: true,
  jsonSamplesExpandLevel: 4,
}, document.querySelector("redoc"));
"""
ELSEWHERE = ("https://cdn.redoc.ly/redoc/logo-mini-full.svg", "https://cdn.redoc.ly/redoc/logo-mini.svg")


def reference_script() -> str:
    """Redoc and its start as one module that can stand inside a page.

    Inside, since pages opened from disk may load no module from another file. A script that holds `<script` after
    `<!--` would not end at its end tag (HTML, section 4.12.1.3), so the former is written with an escape. Redoc's logo
    would be fetched from elsewhere; without it, its place stays empty.
    """
    script = (files("conformance.docs") / "vendor" / "redoc.standalone.js").read_text(encoding="utf-8")
    for url in ELSEWHERE:
        script = script.replace(url, "data:,")
    return script.replace("<script", "<\\x73cript") + START
