"""Challenges in the WWW-Authenticate field (RFC 9110, section 11.6.1)."""

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
    """One challenge: its scheme as written, and its parameters by their names in lower case."""

    scheme: str
    parameters: dict[str, str]

    def add(self, text: str) -> None:
        """Adds a parameter. Raises ValueError if the text is no parameter, or repeats one."""
        found = PARAMETER.fullmatch(text)
        if found is None or found["name"].lower() in self.parameters:
            raise ValueError(text)
        self.parameters[found["name"].lower()] = unquoted(found["value"])


def challenges(field: str) -> list[Challenge]:
    """The challenges of a field value. Raises ValueError if it breaks the grammar or repeats a parameter."""
    if re.fullmatch(rf"{ELEMENT}(?:,{ELEMENT})*", field) is None:
        raise ValueError(field)
    found: list[Challenge] = []
    for element in filter(None, (each.strip(" \t") for each in re.findall(rf"(?:^|(?<=,)){ELEMENT}", field))):
        if found and PARAMETER.fullmatch(element):
            found[-1].add(element)
        else:
            found.append(_new_challenge(element))
    return found


def _new_challenge(element: str) -> Challenge:
    """A challenge from its first element: the scheme, and perhaps a token68 or a parameter."""
    parts = SCHEME.fullmatch(element)
    if parts is None:
        raise ValueError(element)
    challenge = Challenge(scheme=parts["scheme"], parameters={})
    if parts["rest"] and not TOKEN68.fullmatch(parts["rest"]):
        challenge.add(parts["rest"])
    return challenge


def unquoted(value: str) -> str:
    """The text of a quoted-string or token (RFC 9110, section 5.6)."""
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
