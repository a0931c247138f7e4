"""A conformance suite for HTTP APIs and their webhooks, derived from their contract."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("api-conformance")
except PackageNotFoundError:  # read from a source tree that was never installed
    __version__ = "0"
