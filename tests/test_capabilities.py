"""What is not there is told in one sentence, as a skip or as a failure."""

from __future__ import annotations

import capabilities
import pytest

CLOSED = "127.0.0.1:9"  # the discard port of TCP, which nobody serves any more
ELSEWHERE = {
    "CHROMIUM": "/nowhere/chromium",
    "CHROMEDRIVER": "/nowhere/chromedriver",
    "NODE": "/nowhere/node",
    "POSTGRESQL_URL": f"postgresql://postgres@{CLOSED}/postgres",
    "REDIS_URL": f"redis://{CLOSED}/0",
}
MISSING = {
    capabilities.chromium: "set CHROMIUM",
    capabilities.chromedriver: "set CHROMEDRIVER",
    capabilities.node: "set NODE",
    capabilities.postgresql: "set POSTGRESQL_URL",
    capabilities.redis: "set REDIS_URL",
    lambda: capabilities.npm_package("no-such-package"): "run `npm ci`",
    lambda: capabilities.program("no-such-program"): "add its folder to PATH",
}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch):
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("look", "remedy"), MISSING.items(), ids=MISSING.values())
def test_what_is_missing_is_skipped_with_what_to_do(monkeypatch, look, remedy):
    monkeypatch.delenv("CONFORMANCE_REQUIRE_ALL", raising=False)

    with pytest.raises(pytest.skip.Exception, match=remedy) as skipped:  # what is looked at is how others are skipped
        look()

    assert "\n" not in str(skipped.value)


@pytest.mark.parametrize(("look", "remedy"), MISSING.items(), ids=MISSING.values())
def test_where_all_is_required_it_is_a_failure(monkeypatch, look, remedy):
    monkeypatch.setenv("CONFORMANCE_REQUIRE_ALL", "1")

    with pytest.raises(pytest.fail.Exception, match=remedy):
        look()


def test_an_old_node_is_none(monkeypatch, tmp_path):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v12.22.9\n")
    old.chmod(0o755)
    monkeypatch.setenv("NODE", str(old))
    monkeypatch.delenv("CONFORMANCE_REQUIRE_ALL", raising=False)

    with pytest.raises(pytest.skip.Exception, match="Node 20 or later"):  # an old one counts as missing
        capabilities.node()
