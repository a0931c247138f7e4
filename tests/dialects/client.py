"""A client of the sound server, without a network, that holds each answer against the document."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from jsonschema import Draft202012Validator

from dialects.contract.files import inlined
from dialects.contract.openapi import openapi
from dialects.contract.security import key_place
from dialects.media import media_type
from dialects.operations import BASES, SHELVES, operations, requirements
from dialects.server.messages import Request, Response

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.operations import Operation
    from dialects.server.service import Service

LOCAL = "127.0.0.1:8080"
BOUNDARY = "part-of-a-thing"


@dataclass(kw_only=True)
class Client:
    """Asks a service as the people of the configuration do."""

    dialect: Dialect
    service: Service

    @cached_property
    def document(self) -> Json:
        """The document without references, as it is meant for answers: no writeOnly member is required in them."""
        whole = openapi(self.dialect)
        return without_write_only(inlined(whole, whole["components"]["schemas"]))

    def call(self, name: str, person: str, identifier: str = "", *, body: Any = None, **query: str) -> Response:
        """The answer to a valid request, which the document must describe."""
        operation = next(known for known in operations(self.dialect) if known.name == name)
        path = operation.path.replace(f"{{{self.dialect.parameter}}}", quote(identifier, safe=""))
        path = path.replace("{shelf}", SHELVES[0])
        headers, added = self.credentials(operation, person)
        if self.dialect.query == "required" and name != "readStatus":
            added["tenant"] = "north"
        if self.dialect.header and name == "createThing":
            headers["X-Channel"] = "mail"
        if self.dialect.tags == "demanded" and name in {"updateThing", "deleteThing"}:
            headers["If-Match"] = "*"
        content = b"" if body is None else self.encoded(name, body, headers)
        response = self.sent(operation.method, BASES[self.dialect.base] + path, headers, added | query, content)
        self.insist_on_contract(operation, response)
        return response

    def sent(
        self, method: str, path: str, headers: dict[str, str], query: dict[str, str], content: bytes = b""
    ) -> Response:
        fields = Message()
        for field, value in headers.items():
            fields[field] = value
        asked = Request(method=method, path=path, query=urlencode(query), headers=fields, content=content, local=LOCAL)
        return self.service(asked)

    def credentials(self, operation: Operation, person: str) -> tuple[dict[str, str], dict[str, str]]:
        """Header fields and query parameters of the last alternative; none for nobody."""
        headers: dict[str, str] = {}
        query: dict[str, str] = {}
        alternatives = requirements(self.dialect, operation)
        place, name = key_place(self.dialect)
        for scheme in alternatives[-1] if person and alternatives else ():
            if scheme == "login":
                headers["Authorization"] = f"Basic {b64encode(f'{person}:{person}-key'.encode()).decode()}"
            elif scheme != "key":
                headers["Authorization"] = f"Bearer {person}-token"
            elif place == "query":
                query[name] = f"{person}-key"
            else:
                headers.update({name: f"{person}-key"} if place == "header" else {"Cookie": f"{name}={person}-key"})
        return headers, query

    def encoded(self, operation: str, body: Any, headers: dict[str, str]) -> bytes:
        """The body as the operation takes it; its media type is added to the header fields."""
        wanted = media_type(self.dialect, operation)
        headers["Content-Type"] = wanted
        if wanted == "application/x-www-form-urlencoded":
            return urlencode(body).encode()
        if wanted == "application/octet-stream":
            return bytes(body)
        if wanted != "multipart/form-data":
            return json.dumps(body).encode()
        headers["Content-Type"] += f"; boundary={BOUNDARY}"
        parts = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in body.items())
        return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()

    def insist_on_contract(self, operation: Operation, response: Response) -> None:
        """Raises AssertionError where the document does not describe the response."""
        told = self.document["paths"][operation.path][operation.method.lower()]["responses"][str(response.status)]
        assert {
            name for name, header in told.get("headers", {}).items() if header["required"]
        } <= response.headers.keys()
        assert bool(response.content) == ("content" in told) or "octet-stream" in str(told)
        if response.content and "json" in response.headers["Content-Type"]:
            schema = told["content"][response.headers["Content-Type"]]["schema"]
            Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
                json.loads(response.content)
            )

    def path_of_things(self) -> str:
        found = next(known.path for known in operations(self.dialect) if known.name == "listThings")
        return found.replace("{shelf}", SHELVES[0])

    def listed(self, person: str) -> list[Json]:
        """All items of the list, page after page."""
        found: list[Json] = []
        query: dict[str, str] = {}
        for number in range(2, 20):
            shown = json.loads(self.call("listThings", person, **query).content)
            items = shown if isinstance(shown, list) else shown["data"]
            found += items
            query = {
                "none": {},
                "cursor": {"cursor": shown["next"]} if isinstance(shown, dict) and shown.get("next") else {},
                "page": {"page": str(number)} if items else {},
                "offset": {"offset": str(len(found))} if items else {},
            }[self.dialect.pages]
            if not query:
                break
        return found

    def identifier(self, response: Response, person: str, name: str) -> str:
        """The id of what was made, by whatever way the dialect has."""
        if "Location" in response.headers:
            start = f"http://{LOCAL}{BASES[self.dialect.base]}{self.path_of_things()}"
            path = urlsplit(urljoin(start, response.headers["Location"])).path
            return unquote(path.strip("/").rpartition("/")[2])
        if response.content:
            shown = json.loads(response.content)
            return str(shown.get("data", shown)["id"])
        return next(str(item["id"]) for item in self.listed(person) if item["name"] == name)


def without_write_only(value: Any) -> Any:
    """The value with schemas that require no writeOnly member."""
    if isinstance(value, list):
        return [without_write_only(item) for item in value]
    if not isinstance(value, dict):
        return value
    hidden = {name for name, schema in value.get("properties", {}).items() if "writeOnly" in schema}
    demanding = bool(hidden) and "required" in value
    needed = {"required": [name for name in value["required"] if name not in hidden]} if demanding else {}
    return {key: without_write_only(member) for key, member in value.items()} | needed
