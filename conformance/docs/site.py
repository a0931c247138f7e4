"""The documentation site: which pages there are, and what is on them."""

from __future__ import annotations

import inspect
import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from conformance import resources
from conformance.assembly.documents import catalogue_of, contract_of
from conformance.assembly.options import Options
from conformance.docs.bundling import bundled
from conformance.docs.reference import anchor, reference_script
from conformance.docs.text import Text, cited, placed, relative
from conformance.proof.traceability import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: where it is on the site, and what its template needs."""

    path: str
    title: str
    group: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


def build(configurations: Sequence[Configuration], directory: Path, options: Options | None = None) -> None:
    """Writes the site of the first one's contract, with the variants of all, into a directory.

    Raises ConfigurationError, ContractError.
    """
    options = options or Options()
    contract = contract_of(configurations[0], options)
    pages = list(_pages(Trace.of(configurations, contract, catalogue_of(configurations[0], options))))
    data = dict(_data(contract))
    site = {*data, *(page.path for page in pages)}
    environment = _environment()
    for page in pages:
        template = environment.get_template(page.template)
        html = template.render(page=page, pages=pages, site=site, contract=contract, **page.values)
        _write(directory / page.path, html)
    for path, text in data.items():
        _write(directory / path, text)


def _pages(trace: Trace) -> Iterator[Page]:
    yield from _guide_pages(trace)
    yield from _contract_pages(trace.contract)
    yield from _clause_pages(trace)
    for decision in _named(resources.guides() / "decisions", ".md"):
        yield _prose(decision, f"docs/decisions/{decision.name}", "Decisions")


def _guide_pages(trace: Trace) -> Iterator[Page]:
    """The overview, and the guides in the order in which it names them."""
    overview = Text(source="docs/README.md", markdown=(resources.guides() / "README.md").read_text(encoding="utf-8"))
    values = {"text": overview, "trace": trace}
    yield Page(path=overview.path, title=overview.title, group="", template="index.html.j2", values=values)
    for source in overview.referred():
        folder, _, name = source.rpartition("/")
        if folder == "docs":
            yield _prose(resources.guides() / name, source, "Guides")


def _contract_pages(contract: Contract) -> Iterator[Page]:
    titles = {"openapi": "HTTP API", "asyncapi": "Events"}
    for name, document in _documents(contract).items():
        values = {"document": document, "script": reference_script(), "raw": f"{name}.json"}
        path = f"spec/{name}.html"
        yield Page(path=path, title=titles[name], group="Contract", template="reference.html.j2", values=values)
    if list(contract.journeys):
        told = {"journeys": contract.journeys}
        path = placed("spec/journeys.arazzo.yaml")
        yield Page(path=path, title="Journeys", group="Contract", template="journeys.html.j2", values=told)
    for name in ("vocabulary.md", "vectors/README.md"):
        yield _prose(resources.spec() / name, f"spec/{name}", "Contract")


def _clause_pages(trace: Trace) -> Iterator[Page]:
    script = (files("conformance.docs") / "templates" / "filter.js").read_text(encoding="utf-8")
    values = {"trace": trace, "script": script}
    path = "spec/requirements/index.html"
    yield Page(path=path, title="All clauses", group="Clauses", template="clauses.html.j2", values=values)
    for chapter in trace.catalogue.chapters:
        values = {"chapter": chapter, "trace": trace}
        path = placed(f"spec/requirements/{chapter.name}.yaml")
        yield Page(path=path, title=chapter.title, group="Clauses", template="chapter.html.j2", values=values)


def _data(contract: Contract) -> Iterator[tuple[str, str]]:
    """What is on the site for programs to read: path and text of each file."""
    for name, document in _documents(contract).items():
        yield f"spec/{name}.json", json.dumps(document, indent=1, ensure_ascii=False)
    for vectors in _named(resources.spec() / "vectors", ".json"):
        yield f"spec/vectors/{vectors.name}", vectors.read_text(encoding="utf-8")


def _prose(file: Traversable, source: str, group: str) -> Page:
    text = Text(source=source, markdown=file.read_text(encoding="utf-8"))
    return Page(path=text.path, title=text.title, group=group, template="prose.html.j2", values={"text": text})


def _documents(contract: Contract) -> dict[str, dict[str, Any]]:
    """The contract's documents, each without references to other files."""
    both = {"openapi": contract.document, "asyncapi": contract.events.document}
    return {name: bundled(dict(document)) for name, document in both.items() if document}


def _named(folder: Traversable, suffix: str) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(suffix)), key=lambda file: file.name)


def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("conformance.docs"), PackageLoader("conformance.reports", "page")]
        ),  # its theme
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}  # documents are read in their author's order
    environment.filters.update(cited=cited, anchor=anchor, hashed=_hashed, code=inspect.getsource)
    environment.globals.update(placed=placed, relative=relative)
    return environment


def _hashed(script: str) -> str:
    """The source expression that lets this one script run (CSP 3, section 2.3.1)."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
