"""The WWW-Authenticate field, read as RFC 9110 section 11 writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[^"\\]|\\.)*"'
PARAMETER = re.compile(rf"(?P<name>{NAME})[ \t]*=[ \t]*(?P<value>{NAME}|{QUOTED})")
SCHEME = re.compile(rf"(?P<scheme>{NAME})(?: +(?P<rest>.+))?")
TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*")
ELEMENT = rf'(?:[^",]|{QUOTED})*'


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """One challenge: its scheme as it was written, and its parameters, names in lower case."""

    scheme: str
    parameters: dict[str, str]

    def add(self, text: str) -> None:
        """One more parameter. Raises ValueError if it is none, or is given twice."""
        found = PARAMETER.fullmatch(text)
        if found is None or found["name"].lower() in self.parameters:
            raise ValueError(text)
        self.parameters[found["name"].lower()] = unquoted(found["value"])


def challenges(field: str) -> list[Challenge]:
    """The challenges of a field. Raises ValueError if it breaks the grammar or repeats a parameter."""
    if re.fullmatch(rf"{ELEMENT}(?:,{ELEMENT})*", field) is None:
        raise ValueError(field)
    found: list[Challenge] = []
    for element in filter(None, (each.strip(" \t") for each in re.findall(rf"(?:^|(?<=,)){ELEMENT}", field))):
        if found and PARAMETER.fullmatch(element):
            found[-1].add(element)
        else:
            found.append(_begun(element))
    return found


def _begun(element: str) -> Challenge:
    """A challenge from its scheme and what stands before the next comma."""
    parts = SCHEME.fullmatch(element)
    if parts is None:
        raise ValueError(element)
    begun = Challenge(scheme=parts["scheme"], parameters={})
    if parts["rest"] and not TOKEN68.fullmatch(parts["rest"]):
        begun.add(parts["rest"])
    return begun


def unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
