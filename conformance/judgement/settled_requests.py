"""Requests of which the contract settles that they are right: plain ones with values that are enumerated or bound."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract.operation import is_json
from conformance.http.messages import FORM
from conformance.schemas.composition import properties
from conformance.schemas.free_texts import is_identifying, takes_any_text
from conformance.schemas.settled import settles
from conformance.serialization.bodies import BodyFormat
from conformance.serialization.readings import UnclearError, query_value, raw_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request

TELLING = 4  # letters of a name that stands in a sentence by chance no more
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, kw_only=True)
class SettledRequests:
    """Makes such requests for an operation out of generated ones, which its schemas permit."""

    operation: Operation
    document: Mapping[str, Any]

    def settled(self, drawn: Request, plain: Request) -> Request | None:
        """The plain request with what is settled of the drawn one in its place; None if that changes nothing."""
        query, members = self._query(drawn), self._members(drawn, plain)
        request = plain.with_query(**query) if query else plain
        request = request.with_members(**members) if members else request
        return None if (request.path, request.body) == (plain.path, plain.body) else request

    def names_absent(self, reply: Reply) -> bool:
        """A refusal speaks of a declared member that its request does not have: members depend on each other."""
        words = _folded(reply.text)
        declared = properties(self.document, self.operation.body_schema)
        present = self._body(reply.request) if reply.request.body else {}
        absent = declared.keys() - (present if isinstance(present, dict) else {}).keys()
        return any(_folded(name) in words for name in absent if len(name) >= TELLING)

    def _query(self, drawn: Request) -> dict[str, str]:
        """The parameters of one value each, as text."""
        pairs, found = raw_pairs(urlsplit(drawn.path).query), {}
        for parameter in (known for known in self.operation.parameters if known.place == "query"):
            try:
                value = query_value(self.document, parameter, pairs)
            except UnclearError:
                continue
            if isinstance(value, (str, int)) and settles(self.document, parameter.schema, value):
                found[parameter.name] = str(value).lower() if isinstance(value, bool) else str(value)
        return found

    def _members(self, drawn: Request, plain: Request) -> dict[str, Any]:
        """The members of a body in JSON, or of one value each in a form."""
        own, other = self._body(drawn), self._body(plain)
        if not (isinstance(own, dict) and isinstance(other, dict)):
            return {}
        declared = properties(self.document, self.operation.body_schema)
        known = {name: self._anew(name, value, declared[name]) for name, value in own.items() if name in declared}
        return {
            name: value
            for name, value in known.items()
            if value not in (None, other.get(name)) and settles(self.document, declared[name], value)
        }

    def _anew(self, name: str, value: Any, schema: Any) -> Any:
        """The value; for a text that is odd, or could be taken already, a new one as long of letters and digits.

        None for what could be taken and is not free to be another.
        """
        taken = name in self.operation.unique or is_identifying(name)
        if not isinstance(value, str) or not value or not takes_any_text(self.document, schema):
            return None if taken else value
        return value if value.isascii() and value.isprintable() and not taken else new_text(len(value))

    def _body(self, request: Request) -> Any:
        content_type = request.header("Content-Type").partition(";")[0].strip().lower()
        if is_json(content_type):
            return request.document
        declared = self.operation.body_of(content_type)
        if content_type != FORM or declared is None:
            return None
        try:
            fields = BodyFormat.of(self.document, *declared).decoded(request.body or b"", content_type)
        except ValueError:
            return None
        return {name: value for name, value in fields.items() if isinstance(value, (str, int, float))}


def _folded(text: str) -> str:
    """The letters and digits of a text: `shared_wallet_id` is `Shared wallet ID`."""
    return "".join(each for each in text.lower() if each.isalnum())


def new_text(length: int) -> str:
    """A text of so many letters and digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))
