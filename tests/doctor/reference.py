"""The reference implementation under a configuration with one thing in it changed."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from bad_input import command

ROOT = Path(__file__).parents[2]
PEOPLE = """
[identities.alice]
kind = "issuer"

[identities.bob]
kind = "issuer"
"""
COMMAND = json.dumps([sys.executable, "-m", "reference_impl", "serve"])


def configure(folder, *changes, name="conformance"):
    """Writes one of the reference's own configurations with these texts replaced."""
    text = (ROOT / "reference_impl" / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace("../spec/", f"{ROOT}/spec/").replace('["{python}", "-m", "reference_impl", "serve"]', COMMAND)
    for before, after in changes:
        assert before in text, f"the configuration of the reference has no {before!r} any more"
        text = text.replace(before, after)
    (folder / "conformance.toml").write_text(text, encoding="utf-8")


def conformance(folder, *arguments, **environment):
    """Runs a command there, with the reference within reach of its Python."""
    return command.conformance(*arguments, folder=folder, environment={"PYTHONPATH": str(ROOT), **environment})


def line(told, subject):
    """What the doctor said of a subject, its sign first."""
    found = [each for each in told.out.splitlines() if each[2:].startswith(f"{subject}: ")]
    assert len(found) == 1, told.words
    return found[0]


def wrong(told):
    """The lines that say that something is wrong."""
    return [each for each in told.out.splitlines() if each.startswith("✗")]


def answers(url):
    """Something answers there, whatever it is."""
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
