"""Operations out of the Path Items of an OpenAPI 3.1 document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.contract.document import ContractError, follow
from conformance.contract.operation import Answer, Operation, Requirement, Scheme
from conformance.contract.parameters import parameter_of
from conformance.contract.vocabulary import (
    Counts,
    DeliveryLog,
    Idempotency,
    JobRules,
    Ownership,
    SessionRules,
    Subscription,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Parameter

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class OperationReader:
    """Reads the operations of an OpenAPI 3.1 document."""

    def __init__(self, document: Mapping[str, Any], schemes: Mapping[str, Scheme], pages: frozenset[str]) -> None:
        self._document = document
        self._pages = pages
        self._schemes = schemes
        self._logouts = frozenset(
            raw["x-session"].get("logout")
            for item in document.get("paths", {}).values()
            for raw in item.values()
            if isinstance(raw, dict) and "x-session" in raw
        )

    def operations(self) -> list[Operation]:
        found = []
        for path, item in self._document.get("paths", {}).items():
            whole = follow(self._document, item)
            found += [self._operation(path, method, whole) for method in METHODS if method in whole]
        return found

    def _operation(self, path: str, method: str, item: Mapping[str, Any]) -> Operation:
        raw = item[method]
        name = identifier(path, method, raw)
        body = follow(self._document, raw.get("requestBody", {}))
        ownership = {
            **self._document.get("x-ownership", {}),
            **item.get("x-ownership", {}),
            **raw.get("x-ownership", {}),
        }
        return Operation(
            id=name,
            method=method.upper(),
            path=path,
            summary=raw.get("summary", ""),
            tags=tuple(raw.get("tags", ())),
            alternatives=self._alternatives(raw.get("security", self._document.get("security", []))),
            parameters=self._parameters([*item.get("parameters", []), *raw.get("parameters", [])]),
            bodies=body.get("content", {}),
            body_required=bool(body.get("required", False)),
            answers=tuple(self._answer(status, answer) for status, answer in raw.get("responses", {}).items()),
            ownership=Ownership.of(ownership),
            idempotency=Idempotency.of(raw.get("x-idempotency")),
            subscription=Subscription.of(name, raw.get("x-subscription")),
            delivery_log=DeliveryLog.of(name, raw.get("x-delivery-log")),
            session_rules=SessionRules.of(name, raw.get("x-session")),
            job=JobRules.of(raw.get("x-job")),
            counts=Counts.of(raw.get("x-counts")),
            roles=frozenset(raw.get("x-roles", ())),
            emits=tuple(raw.get("x-emits", ())),
            deprecated=bool(raw.get("deprecated", False)),
            interactive=path in self._pages or name in self._logouts or "x-session" in raw,
            raw=raw,
        )

    def _alternatives(self, security: list[Mapping[str, list[str]]]) -> tuple[tuple[Requirement, ...], ...]:
        return tuple(
            tuple(
                Requirement(scheme=self._known(name), scopes=frozenset(scopes)) for name, scopes in alternative.items()
            )
            for alternative in security
        )

    def _known(self, name: str) -> Scheme:
        if name not in self._schemes:
            raise ContractError(f"The contract requires the security scheme {name}, which is not there. Declare it.")
        return self._schemes[name]

    def _parameters(self, declared: list[Any]) -> tuple[Parameter, ...]:
        found = [follow(self._document, parameter) for parameter in declared]
        unique = {(parameter["name"], parameter["in"]): parameter for parameter in found}
        return tuple(parameter_of(self._document, parameter) for parameter in unique.values())

    def _answer(self, status: str, declared: Any) -> Answer:
        answer = follow(self._document, declared)
        headers = {name.lower(): follow(self._document, header) for name, header in answer.get("headers", {}).items()}
        links = {name: self._link(follow(self._document, link)) for name, link in answer.get("links", {}).items()}
        return Answer(status=status, content=answer.get("content", {}), headers=headers, links=links)

    def _link(self, declared: Mapping[str, Any]) -> Mapping[str, Any]:
        """The link, with the operationId of what its operationRef points to (OpenAPI 3.1, section 4.8.20)."""
        steps = [unquote(step) for step in str(declared.get("operationRef", "")).split("/")]
        if steps[:2] != ["#", "paths"] or len(steps) != 4:
            return declared
        path, method = steps[2].replace("~1", "/").replace("~0", "~"), steps[3]
        raw = self._document.get("paths", {}).get(path, {}).get(method, {})
        return {**declared, "operationId": identifier(path, method, raw)}


def identifier(path: str, method: str, declared: Mapping[str, Any]) -> str:
    """The id of an operation: its operationId, or else its method and path."""
    return str(declared.get("operationId") or f"{method.upper()} {path}")


def scheme_of(name: str, declared: Mapping[str, Any]) -> Scheme:
    """The scheme that a Security Scheme Object declares."""
    if declared.get("type") == "apiKey":
        return Scheme(name=name, kind="key", place=declared.get("in", "header"), parameter=declared.get("name", ""))
    if declared.get("type") == "http" and str(declared.get("scheme", "")).lower() == "basic":
        return Scheme(name=name, kind="basic")
    if declared.get("type") in {"http", "oauth2", "openIdConnect"}:
        return Scheme(name=name, kind="bearer")
    return Scheme(name=name, kind=str(declared.get("type")))
