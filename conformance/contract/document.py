"""Reading contract documents: YAML or JSON from disk, with the files they refer to gathered into one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import yaml

from conformance.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

JSON = Any
DEEPEST = 100  # mappings and lists within each other
LARGEST = 1_000_000  # values, those that YAML aliases repeat included


class ContractError(ReportedError):
    """A contract that cannot be used: a sentence that says what is wrong, where, and what to do."""

    exit_code = 2


def load(path: Path) -> dict[str, JSON]:
    """The document at `path` as one value: what other files hold is found under `x-gathered`."""
    return _Gatherer(path).document


def resolve(document: Mapping[str, JSON], pointer: str) -> JSON:
    """The value at a JSON Pointer fragment such as `#/components/schemas/Order` (RFC 6901)."""
    value: JSON = document
    for part in pointer.removeprefix("#").split("/")[1:]:
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, TypeError, ValueError):
            message = f"The contract refers to {pointer}, but has nothing there. Mend or remove the reference."
            raise ContractError(message) from None
    return value


def located(value: JSON, pointer: str) -> JSON:
    """The value at a JSON Pointer, None where there is none."""
    try:
        return resolve(value, pointer)
    except ContractError:
        return None


def follow(document: Mapping[str, JSON], value: JSON) -> JSON:
    """The value itself, or what its `$ref` names; siblings of the `$ref` win (OpenAPI 3.1, Reference Object)."""
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        reference = value["$ref"]
        if reference in seen:
            raise ContractError(f"The contract's reference {reference} leads back to itself. Break the circle.")
        seen.add(reference)
        siblings = {key: member for key, member in value.items() if key != "$ref"}
        target = resolve(document, reference)
        value = {**target, **siblings} if siblings and isinstance(target, dict) else target
    return value


class _Loader(yaml.CSafeLoader):
    """Safe YAML in the core schema of YAML 1.2, as OpenAPI has it: `no` and dates are texts, 1e-05 is a number."""


_Loader.yaml_implicit_resolvers = {}


def _whole_number(_loader: _Loader, node: yaml.ScalarNode) -> int:
    text = node.value.lstrip("+")
    return int(text, 10 if text.lstrip("-").isdigit() else 0)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+."),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)


class _Gatherer:
    """Reads a document and rewrites references to other files into references within the one value."""

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()
        self._names: dict[Path, str] = {self._root: ""}
        self._gathered: dict[str, JSON] = {}
        self.document = cast("dict[str, JSON]", self._rewritten(parsed(path), self._root))
        if self._gathered:
            self.document["x-gathered"] = self._gathered

    def _rewritten(self, value: JSON, base: Path) -> JSON:
        if isinstance(value, list):
            return [self._rewritten(item, base) for item in value]
        if not isinstance(value, dict):
            return value
        rewritten = {key: self._rewritten(member, base) for key, member in value.items()}
        if isinstance(value.get("$ref"), str):
            rewritten["$ref"] = self._reference(value["$ref"], base)
        return rewritten

    def _reference(self, reference: str, base: Path) -> str:
        file, _, fragment = reference.partition("#")
        if "://" in file:
            raise ContractError(
                f"The contract refers to {reference}. Contracts are read from disk only: "
                "save that document beside the contract and refer to the file.",
            )
        path = (base.parent / unquote(file)).resolve() if file else base
        return f"#{self._prefix(path, reference)}{fragment}"

    def _prefix(self, path: Path, reference: str) -> str:
        if path not in self._names:
            if not path.is_file():
                raise ContractError(f"The contract refers to {reference}, but there is no such file. Mend it.")
            key = f"{len(self._names)}-{path.stem}"
            self._names[path] = f"/x-gathered/{key}"
            self._gathered[key] = self._rewritten(parsed(path), path)
        return self._names[path]


def parsed(path: Path) -> dict[str, JSON]:
    """The YAML or JSON in a file. Raises ContractError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContractError(f"There is no contract at {path}. Check the path.") from None
    except OSError as error:
        raise ContractError(f"The contract at {path} cannot be read: {error.strerror}. Name a file.") from None
    except UnicodeDecodeError:
        raise ContractError(f"{path} is not text in UTF-8. Give a YAML or JSON file.") from None
    try:
        document = _json(text) if text.lstrip()[:1] == "{" else None
        if document is None:
            _insist_on_depth(text, path)
            document = _Loader(text).get_single_data()
    except (yaml.YAMLError, ValueError) as error:
        where = " ".join(str(error).replace("<unicode string>", path.name).split())
        raise ContractError(f"{path} is neither YAML nor JSON: {where}. Mend that line.") from None
    if not isinstance(document, dict):
        raise ContractError(f"{path} holds no contract: its top level is not a mapping. Is it the right file?")
    return cast("dict[str, JSON]", _Plain(path)(document))


def _json(text: str) -> JSON:
    """What JSON says; None if it is none, or not all of it is text. It writes some texts in ways that YAML has not."""
    try:
        document = json.loads(text, parse_constant=float)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return document


def _insist_on_depth(text: str, path: Path) -> None:
    """Asked before the text is loaded, since the loader's own recursion has no bound."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ContractError(f"{path} is nested more than {DEEPEST} levels deep. Is it the right file?")


class _Plain:
    """Values as JSON has them: mapping keys are strings, dates are text, aliases are copies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def __call__(self, value: JSON, depth: int = 0) -> JSON:
        self._count += 1
        if self._count > LARGEST or depth > DEEPEST:
            raise ContractError(f"{self._path} repeats itself without end by YAML aliases. Write them out.")
        if isinstance(value, dict):
            return {str(key): self(member, depth + 1) for key, member in value.items()}
        if isinstance(value, list):
            return [self(item, depth + 1) for item in value]
        return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
