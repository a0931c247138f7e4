"""YAML 1.2: the value that a text holds, and where each part of it stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 100  # mappings and lists within each other
LARGEST = 2_000_000  # values, those that aliases repeat included


class NotYAMLError(ValueError):
    """The text is no YAML, or none of a document: why, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


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


def value_of(text: str) -> Any:
    """The value, as JSON has values: names are texts, dates are texts, aliases are copies. Raises NotYAMLError."""
    try:
        _insist_on_depth(text)
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            return None
        _insist_on_names(node, set())
        return _Plain()(_Constructor(text).construct_document(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(filter(None, (error.context, error.problem)))
        raise NotYAMLError(told or "it cannot be read", mark.line + 1 if mark else 1) from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, NotYAMLError):
            raise
        raise NotYAMLError(" ".join(str(error).split()), 1) from None


class _Constructor(_Loader):
    """Makes values of nodes that were composed already."""


def _insist_on_depth(text: str) -> None:
    """Asked before the text is loaded, since the loader's own recursion has no bound."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise NotYAMLError(f"it is nested more than {DEEPEST} levels deep. Is it the right file?", line)


def _insist_on_names(node: yaml.Node, seen: set[int]) -> None:
    """The names of a mapping are unique (YAML 1.2, section 3.2.1.1), which the loader does not ask."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _insist_on_names(item, seen)
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for name, member in node.value:
            if isinstance(name, yaml.ScalarNode) and name.tag != "tag:yaml.org,2002:merge":
                if name.value in names:
                    line = name.start_mark.line + 1
                    raise NotYAMLError(f"the name {name.value!r} stands twice in one mapping", line)
                names.add(name.value)
            _insist_on_names(member, seen)


class _Plain:
    """Values as JSON has them."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, value: Any, depth: int = 0) -> Any:
        self._count += 1
        if self._count > LARGEST or depth > DEEPEST:
            raise NotYAMLError("it repeats itself without end by YAML aliases. Write them out.", 1)
        if isinstance(value, dict):
            return {_name(key): self(member, depth + 1) for key, member in value.items()}
        if isinstance(value, list):
            return [self(item, depth + 1) for item in value]
        return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _name(key: Any) -> str:
    """A key as JSON would write it: `200:` is a text in the end, and `null:` is no None."""
    if key is None or isinstance(key, bool):
        return json.dumps(key)
    return str(key)


def line_of(text: str, steps: Sequence[str | int]) -> int:
    """The line in which the part at these steps begins, or else the nearest one around it."""
    node = yaml.compose(text, Loader=_Loader)
    line = node.start_mark.line if node else 0
    for step in steps:
        found = _part(node, str(step))
        if found is None:
            break
        line, node = found
    return line + 1


def _part(node: yaml.Node | None, step: str) -> tuple[int, yaml.Node] | None:
    """The line of a member's name, or of an element, with its value; merged mappings count."""
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        item = node.value[int(step)]
        return item.start_mark.line, item
    if not isinstance(node, yaml.MappingNode):
        return None
    for name, member in node.value:
        if name.value == step:
            return name.start_mark.line, member
    merged = (member for name, member in node.value if name.value == "<<")
    return next((found for member in merged if (found := _part(member, step))), None)
