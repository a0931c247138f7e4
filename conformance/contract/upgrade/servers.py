"""Servers: which operations the target serves, and below which path each of them is.

An operation or a path may name servers of its own (OpenAPI 3.1, section 4.8.5). What is on the host of the contract's
own servers, below another path, is served by the target too; what is on another host is not, and nobody else is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from conformance.contract.document import ContractError, follow
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.contract.reading.objects import METHODS
from conformance.contract.upgrade.rebuilding import moved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.contract.reading.grammar import Steps, Target
    from conformance.contract.upgrade.omissions import Omissions

MEND = "conformance run https://…  # with that host as the target"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A document whose operations are all below one path: that of its first server, or none.

    `within` is the path of the first server where it became a part of every path.
    """

    document: dict[str, Any]
    base_path: str
    within: str = ""


def served(document: dict[str, Any], targets: Sequence[Target], omissions: Omissions) -> Served:
    """The document without operations that are served elsewhere, which are named."""
    known = document.get("servers", [])
    base = base_path(known)
    hosts = {"", *(_parts(server_url(server)).netloc for server in known)}
    found = list(_found(document, hosts, base))
    for path, method, operation, where in found:
        if where is None:
            name = str(operation.get("operationId") or f"{method.upper()} {path}")
            omissions.add(f"operations of {_elsewhere(document, operation)} are not judged", place=name, mend=MEND)
    if all(where == base for *_, where in found):
        return Served(document=document, base_path=base)
    here = [(path, method, where) for path, method, _, where in found if where is not None]
    rebased = any(where != base for *_, where in here)
    places = {(path, method): f"{where}{path}" if rebased else path for path, method, where in here}
    whole = {**document, "paths": _paths(document, places)}
    moved(whole, OPENAPI_GRAMMAR, targets, lambda steps: _place(steps, places))
    return Served(document=whole, base_path="" if rebased else base, within=base if rebased else "")


def base_path(servers: Sequence[Mapping[str, Any]]) -> str:
    """The path of the first server's URL, which stands before every path, with the defaults of its variables."""
    return _parts(server_url(next(iter(servers), {}))).path.rstrip("/")


def _parts(url: str) -> SplitResult:
    """The parts of a server's URL. Raises ContractError if it has none."""
    try:
        return urlsplit(url)
    except ValueError:
        raise ContractError(f"A server of the contract has the URL {url!r}, which is no address. Mend it.") from None


def server_url(server: Mapping[str, Any]) -> str:
    """The URL with the defaults of its variables."""
    url = str(server.get("url", ""))
    for name, variable in server.get("variables", {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url


def _found(
    document: Mapping[str, Any], hosts: set[str], base: str
) -> Iterator[tuple[str, str, Mapping[str, Any], str | None]]:
    """Each operation: path, method, itself, and the path that stands before its own; None if it is on another host."""
    for path, declared in document.get("paths", {}).items():
        item = follow(document, declared)
        for method in (method for method in METHODS if method in item):
            own = item[method].get("servers") or item.get("servers") or []
            here = [server for server in own if _parts(server_url(server)).netloc in hosts]
            yield path, method, item[method], base if not own else base_path(here) if here else None


def _elsewhere(document: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    own = operation.get("servers") or next(
        item.get("servers", [])
        for item in (follow(document, declared) for declared in document["paths"].values())
        if any(item.get(method) is operation for method in METHODS)
    )
    return server_url(own[0])


def _paths(document: Mapping[str, Any], places: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The path items, each operation where it is now."""
    paths: dict[str, Any] = {}
    for path, declared in document["paths"].items():
        item = follow(document, declared)
        shared = {name: member for name, member in item.items() if name not in {*METHODS, "servers"}}
        for method in (method for method in METHODS if (path, method) in places):
            operation = {name: member for name, member in item[method].items() if name != "servers"}
            paths.setdefault(places[path, method], {**shared})[method] = operation
    return paths


def _place(steps: Steps, places: Mapping[tuple[str, str], str]) -> Steps:
    """Where what was at these steps is now."""
    if len(steps) < 3 or steps[0] != "paths":
        return steps
    now = places.get((str(steps[1]), str(steps[2])))
    return ("paths", now, *steps[2:]) if now else steps
