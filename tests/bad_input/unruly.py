"""The notes as a process that misbehaves: `python unruly.py MODE PORT LOCK`.

Whoever belongs to the process holds a lock on the file LOCK, its children too, so that a test can see that all are gone.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

PLAIN = Path(__file__).parents[1] / "plain"
sys.path.insert(0, str(PLAIN))

from notes import Notes, create_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402
