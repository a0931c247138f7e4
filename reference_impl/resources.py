"""The data files of the reference: a wheel carries them inside this package, a source tree beside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def spec() -> Path:
    """The folder of the contract's documents."""
    shipped = PACKAGE / "spec"
    return shipped if shipped.is_dir() else PACKAGE.parent / "spec"


def configuration() -> str:
    """The text of a `conformance.toml` that starts this server, wherever the file is put."""
    text = (PACKAGE / "conformance.toml").read_text(encoding="utf-8")
    return text.replace('"../spec/', f'"{spec().as_posix()}/')
