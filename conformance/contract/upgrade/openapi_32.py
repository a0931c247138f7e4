"""OpenAPI 3.2 as OpenAPI 3.1: what 3.1 has no words for is left out and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.upgrade.rebuilding import rebuilt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.reading.grammar import Steps, Target
    from conformance.contract.upgrade.omissions import Omissions

LATER = "This version of the suite judges what OpenAPI 3.1 can say."


def upgraded(document: Mapping[str, Any], targets: Sequence[Target], omissions: Omissions) -> dict[str, Any]:
    """The document as OpenAPI 3.1 says it."""
    whole = rebuilt(document, OPENAPI_GRAMMAR, targets, _Conversion(document, omissions).change)
    return {**{name: member for name, member in whole.items() if name != "$self"}, "openapi": "3.1.0"}


class _Conversion:
    def __init__(self, document: Mapping[str, Any], omissions: Omissions) -> None:
        self._document = document
        self._omissions = omissions

    def change(self, kind: str, value: dict[str, Any], steps: Steps) -> Any:
        changes = {
            "Components": self._components,
            "Path Item": self._path_item,
            "Operation": self._operation,
            "Media Type": self._media_type,
            "Encoding": self._encoding,
            "Response": self._response,
            "Example": self._example,
            "Schema": self._schema,
            "Security Scheme": self._security_scheme,
        }
        if kind in changes and ("$ref" not in value or kind in {"Path Item", "Media Type"}):
            return changes[kind](value, steps)
        return value

    def _left_out(self, value: dict[str, Any], names: Sequence[str], what: str, steps: Steps) -> dict[str, Any]:
        """The object without these members, which are named where it has them."""
        found = [name for name in names if name in value]
        for name in found:
            self._omissions.add(what.format(name=name), place=_shown((*steps, name)), mend=LATER)
        return {name: member for name, member in value.items() if name not in found}

    def _components(self, value: dict[str, Any], _: Steps) -> dict[str, Any]:
        return {name: member for name, member in value.items() if name != "mediaTypes"}

    def _path_item(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        for method, operation in value.get("additionalOperations", {}).items():
            self._unjudged(method, operation, steps)
        if "query" in value:
            self._unjudged("QUERY", value["query"], steps)
        return {name: member for name, member in value.items() if name not in {"query", "additionalOperations"}}

    def _unjudged(self, method: str, operation: Any, steps: Steps) -> None:
        named = str(operation.get("operationId", "")) if isinstance(operation, dict) else ""
        shown = f"{method} {steps[-1]}" if steps else method
        self._omissions.add(f"operations with the method {method} are not judged", place=named or shown, mend=LATER)

    def _operation(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        """Without parameters that take the query as a whole."""
        kept = []
        for declared in value.get("parameters", []):
            parameter = follow(self._document, declared)
            if parameter.get("in") == "querystring":
                self._omissions.add(
                    f"the query as a whole, {parameter.get('name')}, is not judged",
                    place=str(value.get("operationId") or _shown(steps)),
                    mend="parameters:\n  - in: query\n    name: …  # each by itself",
                )
            else:
                kept.append(declared)
        return {**value, "parameters": kept} if "parameters" in value else value

    def _media_type(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        """With what its reference names, since 3.1 has none here, and without what tells of the items of a stream."""
        whole = follow(self._document, value) if "$ref" in value else value
        what = "`{name}`, which tells of the items of a stream or the parts of a body, is not judged"
        return self._left_out(dict(whole), ("itemSchema", "prefixEncoding", "itemEncoding"), what, steps)

    def _encoding(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        what = "`{name}` within an encoding is not judged"
        return self._left_out(value, ("encoding", "prefixEncoding", "itemEncoding"), what, steps)

    def _response(self, value: dict[str, Any], _: Steps) -> dict[str, Any]:
        summary = value.get("summary", "")
        return {"description": summary, **{name: member for name, member in value.items() if name != "summary"}}

    def _example(self, value: dict[str, Any], _: Steps) -> dict[str, Any]:
        """With its value where 3.1 has that."""
        rest = {name: member for name, member in value.items() if name not in {"dataValue", "serializedValue"}}
        return {**rest, "value": value["dataValue"]} if "dataValue" in value else rest

    def _schema(self, value: dict[str, Any], _: Steps) -> dict[str, Any]:
        rules = value.get("discriminator")
        if not isinstance(rules, dict) or "defaultMapping" not in rules:
            return value
        return {**value, "discriminator": {name: rules[name] for name in rules if name != "defaultMapping"}}

    def _security_scheme(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        found = {name: member for name, member in value.items() if name not in {"deprecated", "oauth2MetadataUrl"}}
        flows = found.get("flows")
        if not isinstance(flows, dict) or "deviceAuthorization" not in flows:
            return found
        self._omissions.add("the flow deviceAuthorization is not judged", place=_shown(steps), mend=LATER)
        rest = {name: flow for name, flow in flows.items() if name != "deviceAuthorization"}
        return {**found, "flows": rest}


def _shown(steps: Steps) -> str:
    return "/".join(map(str, steps))
