"""The operations of a dialect, by which the document and the server agree on methods and paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialects.dialect import Dialect

READ, WRITE = "things.read", "things.write"  # scopes
BASES = {"root": "", "path": "/api", "variable": "/v1"}
SHELVES = ("north", "south")  # those that there are


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation; `path` is a template below the base, `scope` what an OAuth token needs for it."""

    name: str
    method: str
    path: str
    scope: str
    takes_body: bool = False

    @property
    def addressed(self) -> bool:
        return "{" in self.path


def operations(dialect: Dialect) -> tuple[Operation, ...]:
    """All operations, those on collections first."""
    end = "/" if dialect.slash else ""
    above = "" if dialect.shelf == "none" else "/shelves/{shelf}"
    things, thing = f"{above}/things{end}", f"{above}/things/{{{dialect.parameter}}}{end}"
    creation = {"post": things, "put": thing}[dialect.creation]
    making = dialect.creation.upper()
    known = [
        Operation(name="listThings", method="GET", path=things, scope=READ),
        Operation(name="createThing", method=making, path=creation, scope=WRITE, takes_body=True),
        Operation(name="readThing", method="GET", path=thing, scope=READ),
        Operation(name="deleteThing", method="DELETE", path=thing, scope=WRITE),
    ]
    if dialect.update != "none":
        method = dialect.update.upper()
        known.append(Operation(name="updateThing", method=method, path=thing, scope=WRITE, takes_body=True))
    if dialect.exception == "public-status":
        known.append(Operation(name="readStatus", method="GET", path=f"/status{end}", scope=""))
    if dialect.file != "none":
        file = f"{above}/things/{{{dialect.parameter}}}/file{end}"
        known.append(Operation(name="storeFile", method="PUT", path=file, scope=WRITE, takes_body=True))
        known.append(Operation(name="readFile", method="GET", path=file, scope=READ))
    if dialect.events != "none":
        known.append(Operation(name="addHook", method="POST", path=f"/hooks{end}", scope=WRITE, takes_body=True))
        known.append(Operation(name="dropHook", method="DELETE", path=f"/hooks/{{hook}}{end}", scope=WRITE))
    return tuple(known)


def requirements(dialect: Dialect, operation: Operation) -> list[dict[str, list[str]]]:
    """The security requirements of an operation, as OpenAPI writes them."""
    if operation.name == "readStatus":
        return []
    if operation.name == "listThings" and dialect.exception == "key-for-list":
        return [{"key": []}]
    usual: dict[str, list[dict[str, list[str]]]] = {
        "bearer": [{"bearer": []}],
        "basic": [{"login": []}],
        "bearer-and-key": [{"bearer": [], "key": []}],
        "bearer-or-key": [{"bearer": []}, {"key": []}],
        "oauth2": [{"oauth": [operation.scope]}],
    }
    found = usual.get(dialect.credentials, [{"key": []}])
    optional = operation.name == "readThing" and dialect.exception == "optional-read"
    return [{}, *found] if optional else found
