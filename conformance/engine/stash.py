"""Where the run's session is kept within pytest."""

from __future__ import annotations

import pytest

from conformance.engine.session import Session

SESSION = pytest.StashKey[Session]()
