"""A library that others built: books that belong to members, whom an admin admits; served in this process."""

from __future__ import annotations

import json
import secrets
from itertools import count
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.x509.oid import NameOID
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from identities.service import RefusalError, Service, answer

SCOPES = ("books.read", "books.write")
PASSWORDS = {"ann": "pass-of-ann-5e1d", "ben": "pass-of-ben-8c40", "ada": "pass-of-ada-77b2"}
KEYS = {"key-of-ann-1f7c20": "ann", "key-of-ben-93d0b1": "ben", "key-of-ada-0c44e2": "ada"}
ADMIN = "ada"

SCHEMES = {
    "oauth": {
        "type": "oauth2",
        "flows": {"password": {"tokenUrl": "/token", "scopes": dict.fromkeys(SCOPES, "")}},
    },
    "login": {"type": "http", "scheme": "basic"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "tls": {"type": "mutualTLS"},
}
TEXT = {"type": "string", "minLength": 1, "maxLength": 80}
BOOK = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": TEXT},
    "example": {"title": "On the sea"},
}
SHOWN = {**BOOK, "required": ["id", "title"], "properties": {"id": {"type": "integer"}, "title": TEXT}}
PROBLEM = {
    "description": "Not done.",
    "content": {"application/json": {"schema": {"type": "object", "properties": {"error": {"type": "string"}}}}},
}


def document(scheme):
    """The contract, for callers who show themselves by this security scheme."""
    problems = dict.fromkeys(("400", "401", "403", "404", "415", "422"), PROBLEM)
    answers = {
        "one": {"description": "It.", "content": {"application/json": {"schema": SHOWN}}},
        "all": {
            "description": "They.",
            "content": {"application/json": {"schema": {"type": "array", "items": SHOWN}}},
        },
        "gone": {"description": "Gone."},
    }
    body = {"required": True, "content": {"application/json": {"schema": BOOK}}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}

    def operation(name, status, answer, scope, **members):
        security = [{scheme: [scope] if scheme == "oauth" else []}]
        responses = {status: answers[answer], **problems}
        return {"operationId": name, "security": security, "responses": responses, **members}

    mine = {"x-ownership": {"visibility": "private", "stranger": 404}}
    everyones = {"x-ownership": {"visibility": "public"}}
    admins = {"x-roles": ["librarian"], **everyones}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "components": {"securitySchemes": {scheme: SCHEMES[scheme]}},
        "paths": {
            "/books": {
                "get": operation("listBooks", "200", "all", "books.read", **mine),
                "post": operation("addBook", "201", "one", "books.write", requestBody=body, **mine),
            },
            "/books/{id}": {
                "parameters": [number],
                "get": operation("readBook", "200", "one", "books.read", **mine),
                "delete": operation("dropBook", "204", "gone", "books.write", **mine),
            },
            "/rooms": {"post": operation("openRoom", "201", "one", "books.write", requestBody=body, **admins)},
            "/rooms/{id}": {
                "parameters": [number],
                "get": operation("readRoom", "200", "one", "books.read", **everyones),
                "delete": operation("closeRoom", "204", "gone", "books.write", **admins),
            },
        },
    }


class Library(Service):
    """One instance; `books` and `rooms` show what is left in the end."""

    routes = Map(
        [
            Rule("/token", methods=["POST"], endpoint="token"),
            Rule("/books", methods=["GET"], endpoint="list_books"),
            Rule("/books", methods=["POST"], endpoint="add_book"),
            Rule("/books/<int:number>", methods=["GET"], endpoint="read_book"),
            Rule("/books/<int:number>", methods=["DELETE"], endpoint="drop_book"),
            Rule("/rooms", methods=["POST"], endpoint="open_room"),
            Rule("/rooms/<int:number>", methods=["GET"], endpoint="read_room"),
            Rule("/rooms/<int:number>", methods=["DELETE"], endpoint="close_room"),
        ],
        merge_slashes=False,
    )

    def __init__(self, scheme="oauth"):
        self.scheme = scheme
        self.books, self.rooms, self.ids = {}, {}, count(1)
        self.tokens, self.refresh_tokens = {}, {}
        self.seen = []  # (method, path, who)

    @property
    def challenge(self):
        return f'{CHALLENGES[self.scheme]} realm="library"'

    # Who asks

    def caller(self, request, scope):
        ways = {"oauth": self.by_token, "login": self.by_password, "key": self.by_key, "tls": self.by_certificate}
        name = ways[self.scheme](request, scope)
        self.seen.append((request.method, request.path, name))
        return name

    def by_key(self, request, _scope):
        if request.headers.get("X-Key") not in KEYS:
            raise RefusalError(401, "a key is needed")
        return KEYS[request.headers["X-Key"]]

    def by_certificate(self, request, _scope):
        shown = request.environ.get("SSL_CLIENT_CERT")
        if not shown:
            raise RefusalError(401, "a certificate is needed")
        certificate = x509.load_pem_x509_certificate(shown.encode())
        return certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value

    def by_password(self, request, _scope):
        given = request.authorization
        if not given or given.type != "basic" or PASSWORDS.get(given.username) != given.password:
            raise RefusalError(401, "name and password are needed")
        return given.username

    def by_token(self, request, scope):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() not in self.tokens:
            raise RefusalError(401, "a token is needed")
        name, scopes = self.tokens[token.strip()]
        if scope not in scopes:
            raise RefusalError(403, "the scope is missing")
        return name

    def admin(self, request):
        name = self.caller(request, "books.write")
        if name != ADMIN:
            raise RefusalError(403, "librarians alone do this")
        return name

    # The token endpoint

    def token(self, request):
        form = {name: values[0] for name, values in parse_qs(request.get_data(as_text=True)).items()}
        if form.get("grant_type") == "password":
            name = form.get("username", "")
            if PASSWORDS.get(name) != form.get("password"):
                return answer(400, {"error": "invalid_grant"})
        elif form.get("grant_type") == "refresh_token":
            name = self.refresh_tokens.pop(form.get("refresh_token"), None)
            if name is None:
                return answer(400, {"error": "invalid_grant"})
        else:
            return answer(400, {"error": "unsupported_grant_type"})
        return answer(200, self.granted(name, form.get("scope", " ".join(SCOPES))))

    def granted(self, name, scope):
        token, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens[token], self.refresh_tokens[refresh] = (name, scope.split()), name
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 600,
            "refresh_token": refresh,
            "scope": scope,
        }

    # Books

    def list_books(self, request):
        name = self.caller(request, "books.read")
        return answer(200, [shown(number, title) for number, (owner, title) in self.books.items() if owner == name])

    def add_book(self, request):
        name = self.caller(request, "books.write")
        title, number = title_of(request), next(self.ids)
        self.books[number] = (name, title)
        return answer(201, shown(number, title))

    def read_book(self, request, number):
        return answer(200, shown(number, self.own(self.caller(request, "books.read"), number)))

    def drop_book(self, request, number):
        self.own(self.caller(request, "books.write"), number)
        del self.books[number]
        return Response(status=204)

    def own(self, name, number):
        owner, title = self.books.get(number, ("", ""))
        if owner != name:
            raise RefusalError(404, "there is no such book")
        return title

    # Rooms, which a librarian opens for everybody

    def open_room(self, request):
        self.admin(request)
        title, number = title_of(request), next(self.ids)
        self.rooms[number] = title
        return answer(201, shown(number, title))

    def read_room(self, request, number):
        self.caller(request, "books.read")
        if number not in self.rooms:
            raise RefusalError(404, "there is no such room")
        return answer(200, shown(number, self.rooms[number]))

    def close_room(self, request, number):
        self.admin(request)
        if self.rooms.pop(number, None) is None:
            raise RefusalError(404, "there is no such room")
        return Response(status=204)


CHALLENGES = {"oauth": "Bearer", "login": "Basic", "key": "ApiKey", "tls": "Mutual"}


def title_of(request):
    if request.mimetype != "application/json":
        raise RefusalError(415, "send application/json")
    try:
        value = json.loads(request.get_data().decode("utf-8"))
        title = value["title"] if isinstance(value, dict) else None
        json.dumps(title, ensure_ascii=False).encode("utf-8")
    except (ValueError, KeyError, RecursionError):
        raise RefusalError(400, "a title is needed") from None
    if not isinstance(title, str) or not 1 <= len(title) <= 80:
        raise RefusalError(422, "the title does not fit")
    return title


def shown(number, title):
    return {"id": number, "title": title}
