"""The suite's configuration for a dialect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dialects.contract.security import asked_for
from dialects.operations import SHELVES
from dialects.server.people import GRANTS, VARIABLE

if TYPE_CHECKING:
    from dialects.dialect import Dialect

PEOPLE = ("alice", "bob")
TESTS = Path(__file__).parents[1]


def configuration(dialect: Dialect, *, contract: str, asyncapi: str, fault: str) -> str:
    """The text of `conformance.toml`."""
    known = {name: {held: f"{{secret:{name}-{held}}}" for held in (*GRANTS, "key")} for name in PEOPLE}
    told = ["--receiver={receiver}"] if dialect.events != "none" else []
    command = ["{python}", "-m", "dialects.serve", "dialect.json", "--port", "{port}", *told]
    lines = [
        "[target]",
        f"contract = {json.dumps(contract)}",
        *([f"asyncapi = {json.dumps(asyncapi)}"] if asyncapi else []),
        f"command = {json.dumps([*command, *(['--fault', fault] if fault else [])])}",
        "",
        "[target.environment]",
        f"PYTHONPATH = {json.dumps(str(TESTS))}",
        f"{VARIABLE} = '{json.dumps(known)}'",
    ]
    if dialect.events != "none":
        lines += ["", "[receiver]"]
    for name in PEOPLE:
        lines += identity(dialect, name)
    return "\n".join([*lines, *existing(dialect)]) + "\n"


def existing(dialect: Dialect) -> list[str]:
    """A shelf that there is, where the document does not tell, or leaves open whose it is."""
    unknown = dialect.shelf == "given" or (dialect.shelf == "example" and dialect.ownership != "undeclared")
    return ["", "[values]", f"shelf = {json.dumps(SHELVES[0])}"] if unknown else []


def identity(dialect: Dialect, name: str) -> list[str]:
    """Somebody with all the credentials that the dialect asks for."""
    schemes = asked_for(dialect)
    if "login" in schemes:
        login = [f'username = "{name}"', f'password = "{{secret:{name}-key}}"']
        return ["", f"[identities.{name}]", 'kind = "basic"', *login]
    lines = ["", f"[identities.{name}]", 'kind = "token"']
    if schemes & {"bearer", "oauth"}:
        lines.append(f'token = "{{secret:{name}-token}}"')
    if "key" in schemes:
        lines.append(f'keys = {{key = "{{secret:{name}-key}}"}}')
    for grant, scopes in GRANTS.items() if "oauth" in schemes else ():
        lines += [
            f"[[identities.{name}.tokens]]",
            f'token = "{{secret:{name}-{grant}}}"',
            f"scopes = {json.dumps(scopes)}",
        ]
    return lines
