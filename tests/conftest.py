"""The decorators of the checks are known to the project's own tests too, which read the checks."""

from __future__ import annotations

from conformance.engine.marks import MARKS


def pytest_configure(config):
    for name, words in MARKS.items():
        config.addinivalue_line("markers", f"{name}: {words}")
