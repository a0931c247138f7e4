"""The README's commands, each the first one in a fresh clone: what they ask Python they ask once it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In the place of Python: makes an environment in which every program writes down how it was called.
PYTHON = """#!/bin/sh
mkdir -p .venv/bin
for name in python pytest conformance; do
  printf '#!/bin/sh\\n[ "$1" = -c ] && echo 4 || echo "$(basename "$0") $*" >>called\\n' >.venv/bin/$name
  chmod +x .venv/bin/$name
done
"""


@pytest.mark.parametrize(
    ("target", "called"),
    [("test", "pytest --numprocesses 4 --dist loadgroup"), ("demo", "conformance run --config reference_impl/")],
)
def test_it_is_the_first_command_in_a_clone(tmp_path, target, called):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python-of-the-machine"
    python.write_text(PYTHON)
    python.chmod(0o755)

    subprocess.run(["make", target, f"PYTHON={python}"], cwd=tmp_path, check=True, capture_output=True)

    assert (tmp_path / "called").read_text().splitlines()[-1].startswith(called)
