"""Where `conformance init` finds a document, and which API it is about."""

from __future__ import annotations

import json

import pytest
import yaml
from bad_input import command, servers

from conformance.init.discovery import discovered
from conformance.init.places import openapi_paths
from conformance.sut import configuration
from doctor.documents import contract, shows


@pytest.mark.parametrize("path", openapi_paths())
def test_every_place_that_is_named_is_looked_at(path):
    with servers.serving(shows((path, contract()))) as url:
        assert discovered(url, contract=None).openapi.url == url + path


@pytest.mark.parametrize(
    ("members", "api"),
    [
        ({}, ""),
        ({"servers": [{"url": "/v2/"}]}, "/v2"),
        ({"servers": [{"url": "URL/{v}", "variables": {"v": {"default": "v3"}}}]}, "/v3"),
    ],
)
@pytest.mark.parametrize("path", ["/hidden/shop.json?all=yes", "/api/schema/"])
def test_the_url_of_a_document_leads_to_its_api(tmp_path, members, api, path):
    with servers.serving(shows((path, contract(**members)))) as url:
        told = command.conformance("init", url + path, folder=tmp_path)
        assert told.code == 0, told.words
        assert configuration.read(tmp_path / "conformance.toml").target.url == url + api
    assert json.loads((tmp_path / "openapi.json").read_text())["info"]["title"] == "Things"


@pytest.mark.parametrize("server", ["https://elsewhere.example/v1", "https://[", "ftp://elsewhere.example"])
def test_a_document_cannot_send_it_elsewhere(tmp_path, server):
    with servers.serving(shows(("/shop.json", contract(servers=[{"url": server}])))) as url:
        told = command.conformance("init", f"{url}/shop.json", folder=tmp_path)

    assert (told.code, told.out) == (2, "")
    assert not (tmp_path / "conformance.toml").exists()


@pytest.mark.parametrize(
    "document",
    [
        contract(servers=[{"url": "https://things.example/v1"}]),
        {**contract(), "openapi": "3.0.3", "servers": [{"url": "https://things.example/v1"}]},
        {"swagger": "2.0", "host": "things.example", "basePath": "/v1"}
        | {key: value for key, value in contract().items() if key != "openapi"},
    ],
)
def test_a_file_is_enough(tmp_path, document):
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(document))
    told = command.conformance("init", "things.yaml", folder=tmp_path)

    assert told.code == 0, told.words
    settings = configuration.read(tmp_path / "conformance.toml").target
    assert (settings.url, settings.contract) == ("https://things.example/v1", "things.yaml")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("things.yaml", "does not say at which URL its API is"),
        ("things.example", "There is no file things.example; a URL"),
    ],
)
def test_what_leads_to_no_api_is_told(tmp_path, name, words):
    (tmp_path / "things.yaml").write_text(yaml.safe_dump(contract()))
    told = command.conformance("init", name, folder=tmp_path)

    assert (told.code, told.out) == (2, "")
    assert words in told.err
