"""The clauses: one sentence each, read from `spec/requirements`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from conformance import resources
from conformance.contract.document import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

# RFC 2119 and RFC 8174: only the capitals are keywords.
KEYWORD = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b")


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One normative sentence with its source; `untestable` says why no check can see it."""

    id: str
    chapter: str
    text: str
    source: str
    untestable: str = ""

    @property
    def level(self) -> str:
        """MUST, SHOULD or MAY: the sentence's keyword."""
        return str(KEYWORD.findall(self.text)[0]).removesuffix(" NOT")

    @property
    def names(self) -> frozenset[str]:
        """What it may be chosen by: its id, its chapter with or without the family, the family."""
        return frozenset({self.id, self.chapter, *self.chapter.split("/")})


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Clauses that belong together; `name` is `family/chapter`, the path of its file, its checks and its faults."""

    name: str
    title: str
    intro: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Catalogue:
    """All chapters, in the order in which they are read."""

    chapters: tuple[Chapter, ...]

    def __iter__(self) -> Iterator[Clause]:
        return (clause for chapter in self.chapters for clause in chapter.clauses)

    def __getitem__(self, identifier: str) -> Clause:
        return next(clause for clause in self if clause.id == identifier)

    def __contains__(self, identifier: object) -> bool:
        return any(clause.id == identifier for clause in self)

    def including(self, chapter: Chapter) -> Catalogue:
        """With the clauses of a contract's own journeys, if it has any. Raises ContractError where an id is taken."""
        for clause in chapter.clauses:
            if clause.id in self:
                raise ContractError(
                    f"x-requirement has the id {clause.id}, which is taken. `conformance list` shows all."
                )
        return Catalogue((*self.chapters, chapter)) if chapter.clauses else self


def catalogue(folder: Traversable | None = None) -> Catalogue:
    """The clauses that ship with the suite, or those of another folder."""
    folder = folder or resources.spec() / "requirements"
    chapters = [_chapter(file, name) for name, file in _files(folder)]
    return Catalogue(tuple(chapter for _, chapter in sorted(chapters, key=lambda pair: (pair[0], pair[1].name))))


def _files(folder: Traversable, family: str = "") -> Iterator[tuple[str, Traversable]]:
    """The files of all chapters with the names of these: `family/chapter`."""
    for file in folder.iterdir():
        name = family + file.name.removesuffix(".yaml")
        if file.is_dir():
            yield from _files(file, f"{name}/")
        elif file.name.endswith(".yaml"):
            yield name, file


def _chapter(file: Traversable, name: str) -> tuple[int, Chapter]:
    value = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    clauses = tuple(_clause(identifier, name, entry) for identifier, entry in value["clauses"].items())
    chapter = Chapter(name=name, title=value["title"], intro=value.get("intro", "").strip(), clauses=clauses)
    return value.get("order", 100), chapter


def _clause(identifier: str, chapter: str, entry: dict[str, str]) -> Clause:
    return Clause(
        id=identifier,
        chapter=chapter,
        text=insist_on_keyword(identifier, entry["text"]),
        source=entry["source"],
        untestable=entry.get("untestable", ""),
    )


def insist_on_keyword(identifier: str, sentence: str) -> str:
    """The sentence in one line, which has exactly one keyword. Raises ContractError."""
    text = " ".join(sentence.split())
    if len(KEYWORD.findall(text)) != 1:
        raise ContractError(f"Clause {identifier} needs exactly one of MUST, SHOULD and MAY, once: {text}")
    return text
