"""The built documentation site, if the operator names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, redirect, send_from_directory

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "frame-ancestors 'none'"  # what the pages may load they say themselves


def serve_docs(app: Flask, directory: Path) -> None:
    """Serves the directory at /docs/; the pages load nothing from elsewhere."""
    root = directory.resolve()

    def page(name: str = "") -> Response:
        index = not name or name.endswith("/")
        response = send_from_directory(root, f"{name}index.html" if index else name)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    for path, view in (("/docs", lambda: redirect("/docs/")), ("/docs/", page), ("/docs/<path:name>", page)):
        app.add_url_rule(path, f"docs {path}", view, methods=["GET"], provide_automatic_options=False)
