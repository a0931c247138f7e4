"""References: every file that a document refers to becomes a part of one value, in which all references lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

from conformance.contract.document import ContractError, resolve
from conformance.contract.reading.fetching import fetched
from conformance.contract.reading.grammar import Target, at
from conformance.contract.reading.location import referred
from conformance.contract.reading.parsing import mapping, value_of
from conformance.contract.reading.problems import Problems, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.contract.reading.grammar import Grammar, Steps
    from conformance.contract.reading.location import Location, Text

GATHERED = "x-gathered"


@dataclass(frozen=True, kw_only=True, eq=False)
class File:
    """One of the files: its text, its value, and the steps to that within the one value."""

    location: Location
    text: Text
    value: Any
    prefix: Steps
    base: str  # the URI that its references are relative to: its own name (`$self`), or where it was found


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A document as one value: what other files hold is found under `x-gathered`."""

    document: dict[str, Any]
    files: tuple[File, ...]
    targets: tuple[Target, ...]
    problems: Problems

    def wrong(self, steps: Steps, sentence: str) -> None:
        """Notes that something is wrong at these steps of the one value."""
        file = self._file(steps)
        self.problems.add(file.text, steps[len(file.prefix) :], sentence)

    def pointer(self, steps: Steps) -> str:
        """The JSON Pointer of a place in its own file."""
        return pointer(steps[len(self._file(steps).prefix) :])

    def _file(self, steps: Steps) -> File:
        """The file in which the place at these steps stands."""
        within = [file for file in self.files if steps[: len(file.prefix)] == file.prefix]
        return max(within, key=lambda each: len(each.prefix))

    @property
    def shown(self) -> str:
        return self.files[0].text.shown


def gathered(where: Location, grammar: Grammar) -> Gathered:
    """The document at a location, with all that it refers to. Raises ContractError if it cannot be read at all."""
    return _Gatherer(where, grammar).reading()


@dataclass
class _Gatherer:
    where: Location
    grammar: Grammar
    _files: dict[Location, File] = field(default_factory=dict)
    _named: dict[str, tuple[File, Steps]] = field(default_factory=dict)  # URI of an `$id` or `$anchor` → where it is
    _seen: set[int] = field(default_factory=set)
    _targets: dict[Target, None] = field(default_factory=dict)
    _identified: list[dict[str, Any]] = field(default_factory=list)  # schemas that give themselves names
    _pending: list[tuple[File, Steps, str]] = field(default_factory=list)
    _problems: Problems = field(default_factory=Problems)

    def reading(self) -> Gathered:
        text = fetched(self.where)
        root = self._added(self.where.resolve() if isinstance(self.where, Path) else self.where, text, mapping(text))
        self._pending.append((root, (), self.grammar.root))
        while self._pending:
            file, steps, kind = self._pending.pop()
            self._walk(file, _at(file.value, steps), steps, kind, self._base_at(file, steps))
        for value in self._identified:  # references have their targets now, and a base of its own would move them
            for name in ("$id", "$anchor"):
                value.pop(name, None)
        rest = _reached(self._files.values(), self._targets)
        if rest:
            root.value[GATHERED] = rest
        return Gathered(
            document=root.value,
            files=tuple(self._files.values()),
            targets=tuple(self._targets),
            problems=self._problems,
        )

    @property
    def _tree(self) -> set[Steps]:
        """Where objects stand of themselves, and not because some reference leads there."""
        return {(name,) for name in self.grammar.objects[self.grammar.root]}

    def _added(self, location: Location, text: Text, value: Any) -> File:
        stem = (location if isinstance(location, Path) else Path(location.rpartition("/")[2] or "root")).stem
        prefix: Steps = (GATHERED, f"{len(self._files)}-{stem}") if self._files else ()
        base = str(value.get("$self") or "") if isinstance(value, dict) else ""
        named = urldefrag(urljoin(_uri(location), base)).url
        file = File(location=location, text=text, value=value, prefix=prefix, base=named)
        self._files[location] = file
        for uri in (_uri(location), named):
            self._named.setdefault(uri, (file, ()))
        for uri, steps in _names(value, named, ()):
            self._named.setdefault(uri, (file, steps))
        return file

    def _walk(self, file: File, value: Any, steps: Steps, kind: str, base: str) -> None:
        if not isinstance(value, dict) or id(value) in self._seen:
            return
        self._seen.add(id(value))
        if kind == "Schema":
            base = urldefrag(urljoin(base, value["$id"])).url if isinstance(value.get("$id"), str) else base
        if isinstance(value.get("$ref"), str) and self.grammar.takes_reference(kind):
            self._refer(file, value, steps, kind, base)
        for further, member, wanted in self.grammar.members(kind, value):
            self._walk(file, member, (*steps, *further), wanted, base)
        if "Schema" in kind and not {"$id", "$anchor"}.isdisjoint(value):
            self._identified.append(value)

    def _refer(self, file: File, value: dict[str, Any], steps: Steps, kind: str, base: str) -> None:
        """Has the reference lead within the one value, and its target walked."""
        try:
            target, there = self._target(file, value["$ref"], base)
            found = resolve(target.value, pointer(there)) if there else target.value
        except ContractError as error:
            told = str(error)
            self._problems.add(file.text, (*steps, "$ref"), told[:1].upper() + told[1:])
            return
        whole = (*target.prefix, *there)
        value["$ref"] = _written(value["$ref"], whole)
        if id(found) not in self._seen:
            self._pending.append((target, there, kind))
        if target.prefix and self.grammar.is_within_schema(there):  # a file that is a schema is one as a whole
            self._targets.setdefault(Target(steps=target.prefix, kind=kind))
            self._pending.append((target, (), kind))
        elif target.prefix or there[:1] not in self._tree:
            self._targets.setdefault(Target(steps=whole, kind=kind))

    def _target(self, file: File, reference: str, base: str) -> tuple[File, Steps]:
        """The file that a reference leads into, and the steps there (RFC 3986, section 5; JSON Schema core, 8.2)."""
        relative, fragment = urldefrag(reference)
        address = urldefrag(urljoin(base, relative) if relative else base).url
        resource = self._named.get(address) or (self._file(file, relative, reference), ())
        if not fragment or fragment.startswith("/"):
            return resource[0], (*resource[1], *_steps(fragment))
        for anchor in (f"{address}#{fragment}", f"{resource[0].base}#{fragment}"):
            if anchor in self._named:
                return self._named[anchor]
        raise ContractError(f"the contract refers to {reference}, but no schema has this $anchor. Mend the reference.")

    def _file(self, file: File, relative: str, reference: str) -> File:
        """The file at a relative address, read if it is not known; a schema's own name (`$id`) hides no file."""
        where = referred(file.location, relative)
        if where not in self._files:
            if isinstance(where, Path) and not where.is_file():
                raise ContractError(f"the contract refers to {reference}, but there is no such file. Mend it.")
            text = fetched(_near(where, self.where))
            self._added(where, text, value_of(text))
        return self._files[where]

    def _base_at(self, file: File, steps: Steps) -> str:
        """The URI that references at these steps are relative to: of the nearest `$id` around them."""
        base, value = file.base, file.value
        for step in steps:
            if isinstance(value, dict) and isinstance(value.get("$id"), str):
                base = urldefrag(urljoin(base, value["$id"])).url
            value = _at(value, (step,))
        return base


def _reached(files: Iterable[File], targets: Iterable[Target]) -> dict[str, Any]:
    """What references lead to in other files, at its place there; the rest of them is nobody's business."""
    values = {file.prefix[1]: file.value for file in files if file.prefix}
    kept: dict[str, Any] = {}
    whole: set[int] = set()
    for target in sorted((each for each in targets if each.steps[0] == GATHERED), key=lambda each: len(each.steps)):
        container: Any = kept
        for step in target.steps[1:-1]:
            container = container if id(container) in whole else container.setdefault(str(step), {})
        if id(container) not in whole:
            container[str(target.steps[-1])] = found = at(values, target.steps[1:])
            whole.add(id(found))
    return kept


def _names(value: Any, base: str, steps: Steps) -> Iterator[tuple[str, Steps]]:
    """The URIs that schemas give themselves by `$id` and `$anchor`, with the steps to each."""
    if isinstance(value, dict):
        if isinstance(value.get("$id"), str):
            base = urldefrag(urljoin(base, value["$id"])).url
            yield base, steps
        for name in ("$anchor", "$dynamicAnchor"):
            if isinstance(value.get(name), str):
                yield f"{urldefrag(base).url}#{value[name]}", steps
        for name, member in value.items():
            if isinstance(member, (dict, list)):
                yield from _names(member, base, (*steps, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, (dict, list)):
                yield from _names(item, base, (*steps, number))


def _uri(location: Location) -> str:
    return location.as_uri() if isinstance(location, Path) else location


def _written(reference: str, whole: Steps) -> str:
    """The reference to these steps of the one value, its fragment as its author wrote that."""
    fragment = urldefrag(reference).fragment
    if not fragment.startswith("/"):
        return pointer(whole)
    return pointer(whole[: len(whole) - len(_steps(fragment))]) + fragment


def _steps(fragment: str) -> Steps:
    if not fragment:
        return ()
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in fragment.split("/")[1:])


def _at(value: Any, steps: Steps) -> Any:
    return resolve(value, pointer(steps)) if steps else value


def _near(where: Location, root: Location) -> Location:
    """The file as it is named from where the first one is."""
    if isinstance(where, str) or isinstance(root, str):
        return where
    folder = root.resolve().parent
    return root.parent / where.relative_to(folder) if where.is_relative_to(folder) else where
