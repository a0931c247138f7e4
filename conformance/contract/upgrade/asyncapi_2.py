"""AsyncAPI 2 as AsyncAPI 3.0: what a channel is subscribed to is what the platform sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.upgrade.rebuilding import reference_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.upgrade.omissions import Omissions

ACTIONS = {"subscribe": "send", "publish": "receive"}  # seen from outside in 2, from inside in 3
LEFT_OUT = "of AsyncAPI 2 what operations say of security, and where parameters of channels stand, is not judged"


def upgraded(document: Mapping[str, Any], omissions: Omissions) -> dict[str, Any]:
    """The document as AsyncAPI 3.0 says it; what is left out of it is named."""
    omissions.add(LEFT_OUT, place=f"asyncapi {document['asyncapi']}", mend="asyncapi: 3.0.0")
    channels = {name: follow(document, channel) for name, channel in document.get("channels", {}).items()}
    return {
        **document,
        "asyncapi": "3.0.0",
        "servers": {name: _server(follow(document, each)) for name, each in document.get("servers", {}).items()},
        "channels": {name: _channel(document, name, channel) for name, channel in channels.items()},
        "operations": {
            str(channel[verb].get("operationId") or f"{verb} {name}"): _operation(document, name, channel[verb], action)
            for name, channel in channels.items()
            for verb, action in ACTIONS.items()
            if verb in channel
        },
    }


def _server(declared: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: member for name, member in declared.items() if name not in {"url", "security"}}
    return {**rest, "host": declared.get("url", "")}


def _channel(document: Mapping[str, Any], name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    found = (message for verb in ACTIONS if verb in declared for message in _messages(document, declared[verb]))
    servers = [{"$ref": reference_to(("servers", server))} for server in declared.get("servers", ())]
    rest = {key: member for key, member in declared.items() if key not in {*ACTIONS, "servers", "parameters"}}
    return {**rest, "address": name, "messages": dict(found), **({"servers": servers} if servers else {})}


def _operation(document: Mapping[str, Any], name: str, declared: Mapping[str, Any], action: str) -> dict[str, Any]:
    rest = {key: member for key, member in declared.items() if key not in {"message", "operationId", "security"}}
    messages = [{"$ref": reference_to(("channels", name, "messages", key))} for key, _ in _messages(document, declared)]
    return {**rest, "action": action, "channel": {"$ref": reference_to(("channels", name))}, "messages": messages}


def _messages(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each message of an operation, by the name that it has or is referred to by."""
    declared = operation.get("message", {})
    alternatives = follow(document, declared).get("oneOf") if isinstance(declared, dict) else None
    for number, message in enumerate(alternatives or ([declared] if declared else [])):
        whole = follow(document, message)
        referred = str(message.get("$ref", "")).rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        yield str(whole.get("name") or whole.get("messageId") or referred or f"message {number + 1}"), _message(whole)


def _message(declared: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: member for name, member in declared.items() if name not in {"schemaFormat", "messageId"}}
    if "schemaFormat" not in declared or "payload" not in declared:
        return rest
    return {**rest, "payload": {"schemaFormat": declared["schemaFormat"], "schema": declared["payload"]}}
