"""The built wheel in fresh environments and empty folders, as those who install it meet it."""

from __future__ import annotations

import http.server
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from loopback import serving

ROOT = Path(__file__).parents[2]
CONTRACT = {
    "openapi": "3.1.1",
    "info": {"title": "One", "version": "1"},
    "paths": {"/": {"get": {"operationId": "look", "security": [], "responses": {"200": {"description": "Here."}}}}},
}

pytestmark = pytest.mark.slow


class One(http.server.BaseHTTPRequestHandler):
    """A server that shows its contract."""

    def do_GET(self):
        content = json.dumps(CONTRACT).encode() if self.path == "/openapi.json" else b""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture(scope="module")
def suite(environment):
    return environment()


@pytest.fixture(scope="module")
def whole(environment):
    return environment("[reference]")


def run(environment, program, *arguments, folder):
    command = [environment / "bin" / program, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=900)


def test_the_wheel_installs_two_packages_and_what_is_known_about_them(wheel):
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {name for name in names if not name.endswith(".dist-info")} == {"conformance", "reference_impl"}


def test_each_file_of_spec_is_in_one_room_and_the_guides_are_in_the_suite(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [name.partition("/spec/")[2] for name in names if "/spec/" in name]
    guides = {name.removeprefix("conformance/docs/guides/") for name in names if "/guides/" in name}

    assert sorted(shipped) == sorted(files(ROOT / "spec"))
    assert guides == set(files(ROOT / "docs"))


def files(folder):
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def test_the_suite_alone_judges_what_a_url_shows(suite, tmp_path):
    with serving(One) as url:
        begun = run(suite, "conformance", "init", url, folder=tmp_path)
        judged = run(suite, "conformance", "run", folder=tmp_path)

    assert begun.returncode == 0, begun.stderr
    assert judged.returncode in {0, 1}, judged.stderr
    report = json.loads((tmp_path / "conformance-report/report.json").read_text(encoding="utf-8"))
    assert report["verdict"] == ("conformant", "not conformant")[judged.returncode]
    assert report["counts"]["passed"]


def test_the_suite_alone_lists_its_clauses(suite, tmp_path):
    listed = run(suite, "conformance", "list", folder=tmp_path)

    assert listed.returncode == 0, listed.stderr
    assert "SCOPE-MISSING-403" in listed.stdout


def test_the_suite_alone_builds_a_site(suite, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
    built = run(suite, "conformance", "docs", "build", "site", "--contract", "openapi.json", folder=tmp_path)

    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site/webhooks.html").is_file()
    assert (tmp_path / "site/spec/requirements/authorization/scopes.html").is_file()


def test_the_suite_alone_says_what_the_reference_needs(suite, tmp_path):
    started = run(suite, "python", "-m", "reference_impl", "serve", folder=tmp_path)

    assert started.returncode == 2
    assert 'pip install "api-conformance[reference]"' in started.stderr
    assert "Traceback" not in started.stderr


def test_with_the_extra_the_reference_is_judged(whole, tmp_path):
    told = run(whole, "python", "-m", "reference_impl", "configuration", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    (tmp_path / "conformance.toml").write_text(told.stdout, encoding="utf-8")

    chapters = ("http/pagination", "webhooks/signatures", "oauth/openid_connect", "journeys")
    only = [word for chapter in chapters for word in ("--only", chapter)]
    judged = run(whole, "conformance", "run", *only, folder=tmp_path)

    assert judged.returncode == 0, judged.stdout + judged.stderr
    report = json.loads((tmp_path / "conformance-report/report.json").read_text(encoding="utf-8"))
    assert {clause["chapter"] for clause in report["clauses"] if clause["verdict"] == "passed"} == set(chapters)


def test_with_the_extra_each_fault_is_known(whole, tmp_path):
    told = run(whole, "python", "-m", "reference_impl", "configuration", folder=tmp_path)
    (tmp_path / "conformance.toml").write_text(told.stdout, encoding="utf-8")

    proven = run(whole, "conformance", "prove", "--only", "SCOPE-MISSING-403", folder=tmp_path)

    assert proven.returncode == 0, proven.stdout + proven.stderr
