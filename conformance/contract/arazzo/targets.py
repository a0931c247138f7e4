"""What a step of an Arazzo document takes: an operation, an event or another workflow."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError, follow, resolve
from conformance.contract.messages import messages_of
from conformance.contract.upgrade.omissions import Omissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract

SOURCE = re.compile(r"\$sourceDescriptions\.([\w-]+)\.(.+)", re.DOTALL)
PLACED = re.compile(r"\{?\$sourceDescriptions\.([\w-]+)\.url\}?#(/.+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An Arazzo document while it is read over a contract; `where` names the place in errors."""

    document: Mapping[str, Any]
    contract: Contract
    where: str

    def at(self, place: str) -> Reading:
        return replace(self, where=f"{self.where}, {place}")

    def error(self, told: str) -> ContractError:
        return ContractError(f"{self.where}: {told}.")

    @property
    def sources(self) -> dict[str, str]:
        """The type of each source by its name; what has none is taken for OpenAPI."""
        return {source["name"]: source.get("type", "openapi") for source in self.document["sourceDescriptions"]}

    @property
    def names(self) -> list[str]:
        """The ids of all workflows."""
        return [workflow["workflowId"] for workflow in self.document["workflows"]]

    def reused(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The object itself, or the component that a Reusable Object refers to."""
        if "reference" not in raw:
            return raw
        kind, _, name = raw["reference"].removeprefix("$components.").partition(".")
        found = self.document.get("components", {}).get(kind, {}).get(name)
        if found is None:
            raise self.error(f"there is no component {raw['reference']}. Mend the reference")
        return {**found, **({"value": raw["value"]} if "value" in raw else {})}


@dataclass(frozen=True, kw_only=True)
class Target:
    """`kind` is call, receive or workflow; `locations` say where messages of a channel have their correlation id."""

    kind: str
    id: str
    locations: tuple[str, ...] = ()


def target_of(reading: Reading, raw: Mapping[str, Any]) -> Target:
    """What a step takes. Raises ContractError where that is not there, or where this suite cannot take it."""
    if "workflowId" in raw:
        if raw["workflowId"] not in reading.names:
            raise reading.error(f"there is no workflow {raw['workflowId']} in this document. Mend the name")
        return Target(kind="workflow", id=raw["workflowId"])
    if "action" not in raw:
        return Target(kind="call", id=_operation(reading, raw))
    if raw["action"] != "receive":
        raise reading.error("messages are received here and not sent. Send by an operation of the OpenAPI document")
    return _channel(reading, raw)


def _operation(reading: Reading, raw: Mapping[str, Any]) -> str:
    given = raw.get("operationId") or raw["operationPath"]
    placed, named = _found(reading, given, "openapi")
    if placed:
        path, method = _path_and_method(placed)
        found = reading.contract.at(method.upper(), path)
    else:
        found = next((known for known in reading.contract.operations if known.id == named), None)
    if found is None:
        raise reading.error(f"the contract has no operation {given}. Mend the name")
    return found.id


def _path_and_method(pointer: str) -> tuple[str, str]:
    """Of `/paths/~1orders~1{id}/get`."""
    path, _, method = pointer.removeprefix("/paths/").rpartition("/")
    return path.replace("~1", "/").replace("~0", "~"), method


def _channel(reading: Reading, raw: Mapping[str, Any]) -> Target:
    """A channel or an operation of the AsyncAPI document."""
    given = raw.get("channelPath") or raw["operationId"]
    placed, named = _found(reading, given, "asyncapi")
    document = reading.contract.events.document
    if not document:
        raise reading.error("an event is awaited, but there is no AsyncAPI document. Name it with --asyncapi")
    pointer = f"#{placed or f'/operations/{named}'}"
    try:
        found = follow(document, resolve(document, pointer))
    except ContractError:
        raise reading.error(f"the AsyncAPI document has nothing at {pointer}. Mend the name") from None
    messages = messages_of(document, {"channel": found} if placed else found, Omissions())
    return Target(kind="receive", id=pointer, locations=tuple(filter(None, (known.correlation for known in messages))))


def _found(reading: Reading, given: str, kind: str) -> tuple[str, str]:
    """The JSON Pointer that is given, or else the name, within a source of that type."""
    placed, named = PLACED.fullmatch(given), SOURCE.fullmatch(given)
    source = placed or named
    if source and reading.sources.get(source[1]) != kind:
        raise reading.error(f"{source[1]} is no source of the type {kind}. Name one of sourceDescriptions")
    return (placed[2], "") if placed else ("", named[2] if named else given)
