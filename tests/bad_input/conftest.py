"""The command line, run in a folder that has the plain contract in it."""

from __future__ import annotations

import functools
import shutil

import pytest

from bad_input import command


@pytest.fixture
def folder(tmp_path):
    shutil.copy(command.PLAIN / "openapi.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def judge(folder):
    return functools.partial(command.judge, folder)
