"""The operations of an OpenAPI 3.1 document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from conformance.contract import asyncapi
from conformance.contract.arazzo.workflow import Journeys
from conformance.contract.document import ContractError, follow, load
from conformance.contract.document_validation import insist_on_openapi
from conformance.contract.name_validation import asked_for, insist_on_names
from conformance.contract.operation import Answer, Operation, Requirement, Scheme
from conformance.contract.overlay import overlaid
from conformance.contract.parameters import parameter_of
from conformance.contract.related_operations import maker, with_relations
from conformance.contract.vocabulary import (
    AccessToken,
    Counts,
    CrossOrigin,
    DeliveryLog,
    Idempotency,
    JobRules,
    Ownership,
    SessionRules,
    Subscription,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.contract.operation import Parameter

WELL_KNOWN = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, kw_only=True, eq=False)
class Contract:
    """All that is promised: operations, events, tokens and bounds."""

    title: str
    version: str
    document: Mapping[str, Any]
    operations: tuple[Operation, ...]
    events: asyncapi.Events
    normative: bool
    access_token: AccessToken | None
    cross_origin: CrossOrigin | None
    scopes: frozenset[str]
    token_path: str
    authorization_path: str
    metadata_paths: tuple[str, ...]  # where the authorization server describes itself
    event_bound: float
    code_bound: float  # 0 where nothing is promised
    revocation_bound: float
    rotation_bound: float
    job_bound: float
    count_bound: float
    base_path: str  # of the first server, put before every path
    journeys: Journeys = field(default_factory=Journeys)

    def operation(self, identifier: str) -> Operation:
        for operation in self.operations:
            if operation.id == identifier:
                return operation
        raise ContractError(f"The contract names the operation {identifier}, but declares none of that id.")

    def at(self, method: str, path: str) -> Operation | None:
        """The operation with this method and path template, a slash at its end apart."""
        route = path.rstrip("/") or "/"
        found = [known for known in self.operations if (known.method, known.route) == (method, route)]
        return next((known for known in found if known.path == path), next(iter(found), None))

    def methods(self, path: str) -> frozenset[str]:
        return frozenset(operation.method for operation in self.operations if operation.path == path)

    def routed_methods(self, path: str) -> frozenset[str]:
        """The methods that lead to some operation at the paths of this template, whichever template declares it."""
        return frozenset(known.method for known in self.operations if known.path == path or known.matches(path))

    def schema(self, value: Any) -> Any:
        """A schema with its `$ref` followed one level."""
        return follow(self.document, value)

    @property
    def revocable(self) -> bool:
        """There is an authorization server that describes itself, and so may say where tokens are taken back."""
        return bool(self.metadata_paths)

    @property
    def roles(self) -> frozenset[str]:
        """All roles that operations ask for."""
        return frozenset().union(*(operation.roles for operation in self.operations))

    def maker(self, listing: Operation) -> Operation | None:
        """The operation that makes what a list shows."""
        return maker(listing, self.operations)

    def scheme(self, name: str) -> Scheme:
        """The security scheme of this name, as an operation asks for it."""
        return next(scheme for scheme in asked_for(self.operations) if scheme.name == name)

    @property
    def session_rules(self) -> SessionRules | None:
        """How a person logs in and out with a session of its own."""
        return next((operation.session_rules for operation in self.operations if operation.session_rules), None)

    @property
    def delivery_log(self) -> DeliveryLog | None:
        """How deliveries to a receiver are listed."""
        return next((operation.delivery_log for operation in self.operations if operation.delivery_log), None)

    @property
    def subscription(self) -> Subscription | None:
        return next((operation.subscription for operation in self.operations if operation.subscription), None)


def read(path: Path, events: Path | None = None, overlays: Sequence[Path] = ()) -> Contract:
    """The contract in an OpenAPI 3.1 document, with overlays, and, where there are events, an AsyncAPI 3 document."""
    document = load(path)
    for overlay in overlays:
        document = overlaid(document, overlay)
    _insist_on_openapi_31(document, path)
    declared = document.get("components", {}).get("securitySchemes", {})
    raw_schemes = {name: follow(document, scheme) for name, scheme in declared.items()}
    schemes = {name: _scheme(name, scheme) for name, scheme in raw_schemes.items()}
    reader = _Reader(document, schemes, pages=frozenset({_flow_path(raw_schemes, "authorizationUrl")}))
    operations = with_relations(reader.operations(), document)
    if not operations:
        raise ContractError(f"{path} declares no operation, so there is nothing to check. Is it the whole contract?")
    insist_on_names(operations, path)
    bounds = document.get("x-bounds", {})
    tokens = (AccessToken.of(name, scheme.get("x-access-token")) for name, scheme in raw_schemes.items())
    return Contract(
        title=str(document["info"].get("title", path.stem)),
        version=str(document["info"].get("version", "")),
        document=document,
        operations=operations,
        events=asyncapi.read(events) if events else asyncapi.NONE,
        normative=bool(document.get("x-normative", False)),
        cross_origin=CrossOrigin.of(document.get("x-cors")),
        access_token=next((token for token in tokens if token), None),
        scopes=frozenset().union(*(operation.scopes for operation in operations)),
        token_path=_flow_path(raw_schemes, "tokenUrl"),
        authorization_path=_flow_path(raw_schemes, "authorizationUrl"),
        metadata_paths=_metadata_paths(raw_schemes, operations),
        event_bound=float(bounds.get("event", 30)),
        code_bound=float(bounds.get("code", 0)),
        revocation_bound=float(bounds.get("revocation", 10)),
        rotation_bound=float(bounds.get("rotation", 0)),
        job_bound=float(bounds.get("job", 60)),
        count_bound=float(bounds.get("count", 30)),
        base_path=_base_path(document),
    )


def _base_path(document: Mapping[str, Any]) -> str:
    """The path of the first server's URL, which stands before every path, with the defaults of its variables."""
    first: Mapping[str, Any] = next(iter(document.get("servers", [])), {})
    url = str(first.get("url", ""))
    for name, variable in first.get("variables", {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return urlsplit(url).path.rstrip("/")


def _insist_on_openapi_31(document: Mapping[str, Any], path: Path) -> None:
    version = document.get("openapi")
    if version is None:
        told = "an AsyncAPI document" if "asyncapi" in document else "no OpenAPI document: it has no `openapi` member"
        raise ContractError(f"{path} is {told}. Give the OpenAPI 3.1 document as the contract.")
    if not str(version).startswith("3.1"):
        raise ContractError(f"{path} is OpenAPI {version}; this suite reads 3.1. Convert it, mostly by hand.")
    insist_on_openapi(document, path)


class _Reader:
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


def _scheme(name: str, declared: Mapping[str, Any]) -> Scheme:
    if declared.get("type") == "apiKey":
        return Scheme(name=name, kind="key", place=declared.get("in", "header"), parameter=declared.get("name", ""))
    if declared.get("type") == "http" and str(declared.get("scheme", "")).lower() == "basic":
        return Scheme(name=name, kind="basic")
    if declared.get("type") in {"http", "oauth2", "openIdConnect"}:
        return Scheme(name=name, kind="bearer")
    return Scheme(name=name, kind=str(declared.get("type")))


def _metadata_paths(schemes: Mapping[str, Mapping[str, Any]], operations: tuple[Operation, ...]) -> tuple[str, ...]:
    """Where openIdConnectUrl points, and the well-known paths that the contract declares."""
    linked = [
        urlsplit(str(scheme["openIdConnectUrl"])).path for scheme in schemes.values() if "openIdConnectUrl" in scheme
    ]
    declared = [known.path for known in operations if known.path.endswith(WELL_KNOWN)]
    return tuple(dict.fromkeys([*linked, *sorted(declared, reverse=True)]))


def _flow_path(schemes: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """The path of an OAuth endpoint, as the first flow that has it says it; empty if none does."""
    flows = (flow for scheme in schemes.values() for flow in scheme.get("flows", {}).values())
    url = next((flow[name] for flow in flows if name in flow), "")
    return urlsplit(url).path
