"""The operations of an OpenAPI document, whatever its version, as OpenAPI 3.1 says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract import asyncapi
from conformance.contract.arazzo.workflow import Journeys
from conformance.contract.document import ContractError, follow
from conformance.contract.name_validation import asked_for, insist_on_names
from conformance.contract.operation_reader import OperationReader, scheme_of
from conformance.contract.reading.document_validation import check_openapi
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.reading.overlay import overlaid
from conformance.contract.relations.inferred_references import with_inferred_references
from conformance.contract.relations.related_operations import maker, with_relations
from conformance.contract.upgrade.omissions import Omission, Omissions
from conformance.contract.upgrade.servers import served
from conformance.contract.upgrade.versions import upgraded, version_of
from conformance.contract.vocabulary import (
    AccessToken,
    CrossOrigin,
    DeliveryLog,
    SessionRules,
    Subscription,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.contract.operation import Operation, Scheme
    from conformance.contract.reading.location import Location

WELL_KNOWN = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


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
    within: str = ""  # the path of the first server where every path has it already
    body_limit: int | None = None  # bytes, wherever 413 is declared
    journeys: Journeys = field(default_factory=Journeys)
    omissions: tuple[Omission, ...] = ()  # what its documents say and nothing judges

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
    def answers_head(self) -> bool:
        """HEAD is answered wherever GET is (x-head)."""
        return bool(self.document.get("x-head", False))

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

    def receiver_member(self, update: Operation) -> str:
        """The member by which a change of a subscription names its receiver, which exists; "" for others."""
        known = self.subscription
        return known.url.strip("/") if known and known.update == update.id else ""


def read(where: Location, events: Location | None = None, overlays: Sequence[Path] = ()) -> Contract:
    """The contract in an OpenAPI document, with overlays, and, where there are events, an AsyncAPI document."""
    reading, omissions = gathered(where, OPENAPI_GRAMMAR), Omissions()
    for overlay in overlays:
        overlaid(reading.document, overlay)
    version = version_of(reading.document, reading.shown)
    check_openapi(reading, version)
    reading.problems.insist()
    whole = served(upgraded(reading.document, version, reading.targets, omissions), reading.targets, omissions)
    document = whole.document
    declared = document.get("components", {}).get("securitySchemes", {})
    raw_schemes = {name: follow(document, scheme) for name, scheme in declared.items()}
    schemes = {name: scheme_of(name, scheme) for name, scheme in raw_schemes.items()}
    reader = OperationReader(document, schemes, pages=frozenset({_flow_path(raw_schemes, "authorizationUrl")}))
    operations = with_inferred_references(with_relations(reader.operations(), document), document)
    if not operations:
        empty = f"{reading.shown} declares no operation, so there is nothing to check. Is it the whole contract?"
        raise ContractError(empty)
    insist_on_names(operations, reading)
    bounds = document.get("x-bounds", {})
    told = asyncapi.read(events) if events else asyncapi.NONE
    tokens = (AccessToken.of(name, scheme.get("x-access-token")) for name, scheme in raw_schemes.items())
    return Contract(
        title=str(document["info"].get("title", "")),
        version=str(document["info"].get("version", "")),
        document=document,
        operations=operations,
        events=told,
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
        base_path=whole.base_path,
        within=whole.within,
        body_limit=document.get("x-body-limit"),
        omissions=(*omissions.found, *told.omissions),
    )


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
