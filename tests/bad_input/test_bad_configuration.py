"""A configuration that cannot be used: exit code 2, a sentence with the place, and nothing is started or sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bad_input.command import conformance

ROOT = Path(__file__).parents[2]
TABLES = {
    "no TOML": ("a = = b", "cannot be read as TOML"),
    "an unknown key": ("colour = 1", "the key 'colour' is not known"),
    "an unknown table": ("[identitys.ann]", "the key 'identitys' is not known"),
    "an unknown key of the target": ("[target]\ndedline = 1", "[target]: the key 'dedline' is not known"),
    "an unknown key of an identity": ("[identities.ann]\nkind = 'token'\ntokn = 'env:A'", "[identities.ann]: the key"),
    "the target is a number": ("target = 3", "target must be a table"),
    "identities are a list": ("identities = [1]", "identities must be a table"),
    "an identity is a number": ("[identities]\nann = 3", "[identities.ann] must be a table"),
    "lifted is a text": ("lifted = 'all'", "lifted must be a list"),
    "a time is a text": ("[target]\ndeadline = '1'", "deadline must be a number"),
    "a time is negative": ("[target]\ndeadline = -1", "deadline must be a number"),
    "a time is no number": ("[target]\ndeadline = nan", "deadline must be a number"),
    "a share is a number": ("[target]\nat-least = 90", "at-least must be text"),
    "a share is too much": ("[target]\nat-least = '110%'", "at-least is '110%'. Give a percentage"),
    "no time at all": ("[target]\ndeadline = 0", "must be more than 0"),
    "no time to start": ("[target]\nstart-timeout = 0", "must be more than 0"),
    "a bound is a text": ("[bounds]\nevent = 'soon'", "[bounds]: event must be a number"),
    "the command is a text": ("[target]\ncommand = 'serve'", "command must be a list"),
    "the command is of numbers": ("[target]\ncommand = [1]", "command must be text"),
    "the environment is of numbers": ("[target.environment]\nX = 1", "environment.X must be text"),
    "no kind": ("[identities.ann]\ntoken = 'env:A'", "[identities.ann] lacks the key 'kind'"),
    "an unknown kind": ("[identities.ann]\nkind = 'guest'", "has the kind 'guest'"),
    "no token": ("[identities.ann]\nkind = 'token'", "[identities.ann] has no token"),
    "no client secret": ("[identities.ann]\nkind = 'client-credentials'\nclient-id = 'a'", "lacks client-secret"),
    "tokens are a number": ("[identities.ann]\nkind = 'token'\ntokens = 3", "tokens must be a list"),
    "tokens without token": ("[identities.ann]\nkind = 'token'\ntokens = [{scopes = ['a']}]", "lacks the key 'token'"),
    "keys are a text": ("[identities.ann]\nkind = 'token'\nkeys = 'env:A'", "keys must be a table"),
    "the port is a text": ("[receiver]\nport = 'any'", "[receiver]: port must be a whole number"),
}
URLS = {
    "another scheme": "ftp://127.0.0.1/",
    "no scheme": "127.0.0.1:8080",
    "no host": "http://",
    "a blank": "http://127.0.0.1/a b",
    "half an address": "http://[::1",
    "no such port": "http://127.0.0.1:99999",
    "a password": "http://ann:opensesame@127.0.0.1/",
    "a query": "http://127.0.0.1/?x=1",
}
TARGETS = {
    "an operation never to be called": ("never-call = ['burnNote']", "names the operation 'burnNote'"),
    "an operation said to be public": ("public = ['burnNote']", "names the operation 'burnNote'"),
    "a CA that is not there": ("ca = 'gone.pem'", "the ca gone.pem holds no certificate"),
    "a CA that is none": ("ca = 'openapi.yaml'", "the ca openapi.yaml holds no certificate"),
    "neither URL nor command": ("", "No target is given"),
}
IDENTITIES = {
    "in plain text": ("[identities.ann]\nkind = 'token'\ntoken = 'opensesame'", "holds a secret in plain text"),
    "not in the environment": ("[identities.ann]\nkind = 'token'\ntoken = 'env:GONE'", "environment variable GONE"),
    "of an issuer that is not there": ("[identities.ann]\nkind = 'issuer'", "there is no [issuer]"),
    "of a client without token endpoint": (
        "[identities.ann]\nkind = 'client-credentials'\nclient-id = 'a'\nclient-secret = 'env:ANN'",
        "the contract names no tokenUrl",
    ),
}
SERVERS = {
    "no such host": ("[receiver]\nhost = 'nowhere.invalid'", "[receiver]: nothing can listen at nowhere.invalid"),
    "no such port": ("[issuer]\nport = 70000", "[issuer]: nothing can listen at 127.0.0.1:70000"),
    "no such name server": ("[resolver]\nhost = '192.0.2.1'", "[resolver]: nothing can listen at 192.0.2.1:0"),
    "no such URL": ("[receiver]\nurl = 'somewhere'", "'somewhere' cannot be used as a URL"),
}
NOWHERE = "url = 'http://127.0.0.1:9'"


def refused(told, words):
    assert (told.code, told.report, told.out) == (2, None, "")
    assert told.err.startswith("conformance: ")
    assert told.err.count("\n") == 1, "one sentence"
    assert words in told.err
    assert "opensesame" not in told.err


@pytest.mark.parametrize(("text", "words"), TABLES.values(), ids=TABLES)
def test_a_wrong_table_is_refused(tmp_path, text, words):
    (tmp_path / "conformance.toml").write_text(text)

    refused(conformance("run", folder=tmp_path), words)


@pytest.mark.parametrize("command", ["run", "explain", "coverage", "prove"])
def test_every_command_refuses_a_broken_file(tmp_path, command):
    (tmp_path / "conformance.toml").write_text("[target\n")
    arguments = ("explain", "AUTH-REQUIRED-EVERY-OPERATION") if command == "explain" else (command,)

    refused(conformance(*arguments, folder=tmp_path), "conformance.toml cannot be read as TOML")


def test_a_broken_project_file_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool\n")

    refused(conformance("run", folder=tmp_path), "pyproject.toml cannot be read as TOML")


@pytest.mark.parametrize(("name", "words"), [("gone.toml", "There is no configuration"), (".", "Is a directory")])
def test_a_path_that_is_no_file_is_named(tmp_path, name, words):
    refused(conformance("run", "--config", name, folder=tmp_path), words)


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_a_wrong_url_is_refused(judge, url):
    refused(judge(url), "URL")


@pytest.mark.parametrize(("line", "words"), TARGETS.values(), ids=TARGETS)
def test_a_wrong_target_is_refused(judge, line, words):
    refused(judge(target=line), words)


@pytest.mark.parametrize(("table", "words"), IDENTITIES.values(), ids=IDENTITIES)
def test_an_unusable_identity_is_refused_before_anything_is_asked(judge, table, words):
    refused(judge(target=NOWHERE, identities=table), words)


@pytest.mark.parametrize(("table", "words"), SERVERS.values(), ids=SERVERS)
def test_a_server_of_the_suite_that_cannot_be_is_refused(judge, table, words):
    refused(judge(target=NOWHERE, identities=table), words)


@pytest.mark.parametrize("server", ["receiver", "issuer"])
def test_a_port_that_is_taken_is_named(judge, server):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = judge(target=NOWHERE, identities=f"[{server}]\nport = {port}")

    refused(told, f"[{server}]: nothing can listen at 127.0.0.1:{port}")


@pytest.mark.parametrize("server", ["receiver", "resolver"])
def test_several_workers_cannot_share_a_port(judge, server):
    refused(judge("--workers", 2, target=NOWHERE, identities=f"[{server}]\nport = 9"), "Run with --workers 1")


@pytest.mark.parametrize("config", ["tests/clinic/conformance.toml", "reference_impl/ordinary.toml"])
def test_several_workers_cannot_share_a_person_whose_receivers_are_told(tmp_path, config):
    told = conformance("run", "--config", ROOT / config, "--workers", 2, folder=tmp_path)

    refused(told, "is the same person in every worker")
