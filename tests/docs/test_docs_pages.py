"""The pages in a browser, over HTTP and from disk."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from references import REFERENCES, Anchors, broken, pages

from conformance.contract.document import resolve
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.requirements import catalogue
from conformance.docs.bundling import bundled

pytestmark = pytest.mark.xdist_group("site")


def test_every_page_loads_in_peace_on_a_phone(site, served, browser):
    wrong = {}
    for page in pages(site):
        browser.open(f"{served}/{page}", width=390, height=844)
        browser.shows("HTTP API")
        foreign = [url for url in browser.requested if not url.startswith(served)]
        found = (browser.complaints, foreign, max(browser.overflow, 0))
        if any(found):
            wrong[page] = found

    assert wrong == {}


def test_the_http_reference_shows_an_operation_and_its_promises(served, browser, root):
    operation = yaml.safe_load((root / "spec/openapi.yaml").read_text())["paths"]["/v1/links"]["post"]
    browser.open(f"{served}/spec/openapi.html#/links/{operation['operationId'].lower()}")

    assert browser.shows(operation["summary"], "idempotency:", "Idempotency-Key", "emits:")
    assert browser.complaints == []


def test_the_event_reference_shows_the_messages(served, browser):
    browser.open(f"{served}/spec/asyncapi.html#/channels/webhook")

    assert browser.shows("Messages", "webhook-signature", "Link created")


def test_the_reference_sends_nothing_even_after_a_while(served, browser):
    browser.open(f"{served}/spec/openapi.html")
    browser.shows("Webhooks")
    browser.driver.execute_script("for (const id of ['#/webhooks', '#/identity', '#/links']) location.hash = id")
    browser.shows("Make a link")

    assert [url for url in browser.requested if not url.startswith(served)] == []


def test_pages_open_from_disk(site, browser):
    for page in (*REFERENCES, "index.html", "spec/requirements/index.html"):
        browser.open((site / page).as_uri())

        assert browser.shows("HTTP API", "Webhooks" if page == REFERENCES[0] else "Events")
        assert browser.complaints == []


def test_clauses_can_be_filtered(served, browser):
    browser.open(f"{served}/spec/requirements/index.html")
    rows = browser.driver.find_elements("css selector", ".rows li a")
    first = rows[0].text
    assert browser.shows(f"{len(rows)} of {len(rows)}")

    browser.driver.find_element("id", "search").send_keys(first)

    assert browser.shows(f"1 of {len(rows)}", first)


def test_references_between_pages_resolve(site):
    assert broken(site) == []


def test_each_clause_has_a_place_with_its_check_and_faults(site):
    for chapter in catalogue().chapters:
        page = Anchors(site / f"spec/requirements/{chapter.name}.html")

        assert {clause.id for clause in chapter.clauses} <= page.ids


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_a_bundled_document_refers_to_itself_alone(site, name):
    document = json.loads((site / f"spec/{name}.json").read_text(encoding="utf-8"))
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))

    assert references
    assert all(resolve(document, reference) is not None for reference in references)
    assert "x-gathered" not in document


def test_schemas_of_other_files_get_names_that_are_free(tmp_path):
    files = {
        "order": "{type: object, properties: {next: {$ref: '#'}, size: {$ref: 'size.yaml#/$defs/small'}}}",
        "size": "{title: Size of it, $defs: {small: {type: string}}, type: object}",
        "shelf": "{get: {responses: {}}}",
        "main": "{paths: {/shelf: {$ref: shelf.yaml}},"
        " components: {schemas: {Order: {type: string}, Mine: {$ref: order.yaml}}}}",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)

    document = bundled(gathered(tmp_path / "main.yaml", OPENAPI_GRAMMAR).document)

    schemas = document["components"]["schemas"]
    assert set(schemas) == {"Order", "Mine", "Order2", "Size"}
    assert schemas["Mine"] == {"$ref": "#/components/schemas/Order2"}
    assert schemas["Order2"]["properties"]["next"] == {"$ref": "#/components/schemas/Order2"}
    assert schemas["Order2"]["properties"]["size"] == {"$ref": "#/components/schemas/Size/$defs/small"}
    assert resolve(document, document["paths"]["/shelf"]["$ref"]) == {"get": {"responses": {}}}
