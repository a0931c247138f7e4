"""The wheel, built as for a release: from the source distribution."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    made([sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder], folder=ROOT)
    (source,) = folder.glob("*.tar.gz")
    made([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source])
    (built,) = folder.glob("*.whl")
    return built


def made(command, *, folder=None):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def environment(wheel, tmp_path_factory):
    """Makes a fresh environment into which the wheel is installed, with an extra or none, in the locked versions."""
    constraints = tmp_path_factory.mktemp("constraints") / "constraints.txt"
    constraints.write_text(pinned((ROOT / "requirements.lock").read_text(encoding="utf-8")), encoding="utf-8")

    def make(extra=""):
        folder = tmp_path_factory.mktemp("environment")
        made([sys.executable, "-m", "venv", folder])
        made([folder / "bin/python", "-m", "pip", "install", "--constraint", constraints, f"{wheel}{extra}"])
        return folder

    return make


def pinned(lock):
    """The versions of a lock without its hashes, by which pip would want to know the wheel, too."""
    lines = (line.removesuffix(" \\") for line in lock.splitlines() if not line.startswith((" ", "#")))
    return "\n".join(lines) + "\n"
