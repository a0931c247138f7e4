"""How it is put together: substitution, binding, faults, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import requests

from reference_impl.app import create_app
from reference_impl.contract import Contract
from reference_impl.domain.patches import MergePatch
from reference_impl.faults import discover, listing
from reference_impl.parts import Parts, UnusedSubstituteError
from reference_impl.settings import Settings
from reference_impl.views.binding import BindingError, bind, operation

from .support import BOUND, Account, started


def settings(folder):
    return Settings(public_url="http://127.0.0.1", database=f"sqlite:///{folder}/links.db")


class Unrelated(dict):
    """Derived from no part."""


class OfAFault(type("Deeper", (MergePatch,), {})):
    """Derived from a subclass of a part."""


@pytest.mark.parametrize("substitute", [Unrelated, OfAFault])
def test_a_substitute_for_no_part_is_refused(tmp_path, substitute):
    with pytest.raises(UnusedSubstituteError, match=substitute.__name__):
        create_app(settings(tmp_path), Parts(substitute))


def test_each_fault_overrides_something_of_its_part():
    for substitute in discover().values():
        own = {name for name in vars(substitute) if not name.startswith("__")}
        assert own.intersection(dir(substitute.__base__)) or "__init__" in vars(substitute), substitute


def test_each_fault_is_listed_with_its_clause_and_a_sentence():
    for each in listing():
        assert each["clause"]
        assert each["summary"].endswith(".")
        assert each["where"].startswith("reference_impl/faults/")


class Views:
    """Views for the tests of binding."""

    @operation("getHealth")
    def one(self):
        """One view."""

    @operation("getHealth")
    def other(self):
        """Another one of the same operation."""


def test_views_and_operations_must_be_one_to_one():
    with pytest.raises(BindingError, match="two views"):
        bind(Contract.load(), [Views()])
    with pytest.raises(BindingError, match="without a view"):
        bind(Contract.load(), [])


def test_a_faulty_variant_behaves_wrongly_in_one_way(tmp_path, fork_server, issuer):
    arguments = ["--database", f"sqlite:///{tmp_path}/links.db", "--trust", issuer.url]
    with fork_server.served(*arguments, "--fault", "PatchIgnoresNull") as platform:
        alice = Account(platform.url, issuer.token(platform.url))
        link = alice.link(title="kept")
        assert alice.call("PATCH", f"/v1/links/{link['id']}", {"title": None}).json()["title"] == "kept"


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "reference_impl", *arguments], capture_output=True, text=True, timeout=BOUND, check=False
    )


def test_mistakes_on_the_command_line_are_told_in_a_sentence():
    for arguments, said in (
        (["serve", "--port", "0", "--fault", "Nope"], "There is no fault Nope"),
        (["serve", "--port", "0", "--database", "sqlite:////nowhere/links.db"], "cannot be used"),
    ):
        told = command(*arguments)
        assert told.returncode == 2
        assert said in told.stderr
        assert "Traceback" not in told.stderr


def test_a_client_that_was_added_gets_tokens(tmp_path, fork_server):
    database = f"sqlite:///{tmp_path}/links.db"
    secret = command(
        "client", "add", "shop", "--scope", "links:read", "--tenant", "acme", "--database", database
    ).stdout.strip()
    with fork_server.served("--database", database) as platform:
        answer = requests.post(
            f"{platform.url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=("shop", secret),
            timeout=BOUND,
        )

    assert answer.json()["scope"] == "links:read"
    assert secret.encode() not in (tmp_path / "links.db").read_bytes()


def test_a_variant_that_cannot_be_served_is_told_and_the_next_one_is_served(tmp_path):
    with started("variants") as fork_server:
        fork_server.stdin.write(f"--port 0 --fault Nope\n--port x\n--port 0 --database sqlite:///{tmp_path}/links.db\n")
        fork_server.stdin.flush()
        told = sorted(fork_server.stdout.readline().split(" ", 1)[1] for _ in range(3))
        health = requests.get(f"{told[2].split()[-1]}/healthz", timeout=BOUND).json()
        fork_server.stdin.close()

    assert told[0].startswith("failed: There is no fault Nope")
    assert told[1].startswith("failed: the arguments")
    assert health == {"status": "ok"}


def test_the_documentation_is_served_in_no_frame(tmp_path, fork_server):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<title>Links</title>")
    with fork_server.served("--database", f"sqlite:///{tmp_path}/links.db", "--docs", str(site)) as platform:
        page = requests.get(f"{platform.url}/docs", timeout=BOUND)
        outside = requests.get(f"{platform.url}/docs/..%2flinks.db", timeout=BOUND)

    assert (page.status_code, page.text) == (200, "<title>Links</title>")
    assert page.headers["Content-Security-Policy"] == "frame-ancestors 'none'"  # the pages say the rest themselves
    assert outside.status_code == 404
    assert json.loads(outside.text)["status"] == 404
