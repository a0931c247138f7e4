"""The command line answers before anything is loaded that only a command needs."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys

import pytest

from conformance import commands
from conformance.cli import parser

SHARED = {"settings", "validation"}
PROBE = """
import sys
before = set(sys.modules)
try:
    {statement}
finally:
    print("loaded:", *sorted(set(sys.modules) - before), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "statement",
    [
        "import conformance",
        "from conformance.cli import main; main(['--help'])",
        "from conformance.cli import main; main(['--version'])",
        "from conformance.cli import main; main(['run', '--help'])",
        "from conformance.cli import main; main(['run', '--workers', '0'])",
    ],
)
def test_nothing_is_loaded_but_the_standard_library(statement):
    command = [sys.executable, "-c", PROBE.format(statement=statement)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    loaded = re.search(r"^loaded: (.*)$", done.stderr, re.MULTILINE)[1].split()

    assert {module.partition(".")[0] for module in loaded} - sys.stdlib_module_names == {"conformance"}


def test_each_command_has_a_module_of_its_name():
    known = {module.name for module in pkgutil.iter_modules(commands.__path__)}

    assert set(re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)) == known - SHARED
