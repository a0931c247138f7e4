"""Messages of an AsyncAPI 3 document, and the protocols of the channels that they come by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.upgrade.omissions import Omissions

HTTP = frozenset({"http", "https"})
JSON_SCHEMA = re.compile(r"application/(schema\+(json|yaml)|vnd\.aai\.asyncapi|vnd\.oai\.openapi)")
FORMATS = "the payload of a message in {format} is not judged"


@dataclass(frozen=True, kw_only=True, eq=False)
class Event:
    """A message that the platform sends: its name, the JSON Schema of its payload and of its headers.

    `correlation` is the runtime expression of its correlation id, empty if it has none.
    """

    name: str
    summary: str
    payload: Mapping[str, Any]
    headers: Mapping[str, Any]
    correlation: str = ""


def messages_of(document: Mapping[str, Any], operation: Mapping[str, Any], omissions: Omissions) -> list[Event]:
    """The messages of an operation; of its whole channel, if it names none."""
    return [_event(document, name, message, omissions) for name, message in _named(document, operation)]


def with_traits(document: Mapping[str, Any], declared: Any) -> Mapping[str, Any]:
    """An operation or a message with what its traits add, which is never what it says itself."""
    followed = follow(document, follow(document, declared))
    traits = [follow(document, trait) for trait in followed.get("traits", ())]
    return {**{name: member for trait in traits for name, member in trait.items()}, **followed} if traits else followed


def other_protocols(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[str]:
    """The protocols of the operation's channel if HTTP is none of them: of its servers, else of its bindings."""
    channel = follow(document, operation.get("channel", {}))
    servers = channel.get("servers") or list(document.get("servers", {}).values())
    named = {str(follow(document, server).get("protocol", "")).lower() for server in servers} - {""}
    bound = {*follow(document, channel.get("bindings", {})), *follow(document, operation.get("bindings", {}))}
    found = named or {name for name in bound if not name.startswith("x-")}
    return [] if found & HTTP else sorted(found)


def _named(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each message, by the name under which its channel has it."""
    channel = follow(document, operation.get("channel", {}))
    if not operation.get("messages"):
        yield from channel.get("messages", {}).items()
    for message in operation.get("messages") or ():
        referred = str(message.get("$ref", "")).rpartition("/")[2]
        yield referred.replace("~1", "/").replace("~0", "~"), message


def _event(document: Mapping[str, Any], name: str, declared: Any, omissions: Omissions) -> Event:
    message = with_traits(document, declared)
    known = str(message.get("name") or name)
    return Event(
        name=known,
        summary=message.get("summary") or message.get("title", ""),
        payload=_schema(document, message.get("payload", {}), known, omissions),
        headers=_schema(document, message.get("headers", {}), known, omissions),
        correlation=str(follow(document, message.get("correlationId", {})).get("location", "")),
    )


def _schema(document: Mapping[str, Any], declared: Any, name: str, omissions: Omissions) -> Any:
    """The JSON Schema that a payload has, or that its Multi Format Schema Object holds; else one that permits all."""
    whole = follow(document, declared)
    if not isinstance(whole, dict) or "schemaFormat" not in whole:
        return declared
    if JSON_SCHEMA.match(str(whole["schemaFormat"])):
        return whole.get("schema", {})
    told = FORMATS.format(format=whole["schemaFormat"])
    omissions.add(told, place=name, mend="payload: …  # a JSON Schema")
    return {}
