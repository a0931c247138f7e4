"""The notes application."""

from __future__ import annotations

import json
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

import yaml
from flask import Flask, Response, request
from jsonschema_rs import Draft202012Validator
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = dict[str, Any]

MAX_BODY = 65536  # bytes


class RefusalError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Notes:
    """One method for each operation of the contract; each returns status and content."""

    def __init__(self, users: Mapping[str, str], text: Draft202012Validator) -> None:
        self._users = users
        self._text = text
        self._notes: dict[int, tuple[str, str]] = {}  # id -> (writer, text)
        self._ids = count(1)
        self._lock = Lock()

    def add_note(self) -> tuple[int, Any]:
        user = self.user("addNote")
        text = self.text()
        with self._lock:
            number = next(self._ids)
            self._notes[number] = (user, text)
        return 201, self.shown(number, text)

    def list_notes(self) -> tuple[int, Any]:
        user = self.user("listNotes")
        with self._lock:
            return 200, [self.shown(number, text) for number, (writer, text) in self._notes.items() if writer == user]

    def read_note(self, number: int) -> tuple[int, Any]:
        user = self.user("readNote")
        with self._lock:
            return 200, self.shown(number, self._own(user, number))

    def rewrite_note(self, number: int) -> tuple[int, Any]:
        user = self.user("rewriteNote")
        with self._lock:
            self._own(user, number)
        text = self.text()
        with self._lock:
            self._own(user, number)
            self._notes[number] = (user, text)
        return 200, self.shown(number, text)

    def drop_note(self, number: int) -> tuple[int, Any]:
        user = self.user("dropNote")
        with self._lock:
            self._own(user, number)
            del self._notes[number]
        return 204, None

    def user(self, _operation: str) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self._users:
            raise RefusalError(401, "Send a token of yours.")
        return self._users[token]

    def text(self) -> str:
        if request.mimetype != "application/json":
            raise RefusalError(415, "Send application/json.")
        body = self.parsed(read_content())
        errors = [error.message for error in self._text.iter_errors(body)]
        if errors:
            raise RefusalError(400, errors[0][:200])
        return str(body["text"])

    def parsed(self, content: bytes) -> Any:
        try:
            value = json.loads(content.decode("utf-8"), parse_constant=refuse_constant)
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate is no text
        except (ValueError, RecursionError) as error:
            raise RefusalError(400, "The body is not JSON.") from error
        return value

    def shown(self, number: int, text: str) -> Json:
        return {"id": number, "text": text}

    def _own(self, user: str, number: int) -> str:
        writer, text = self._notes.get(number, ("", ""))
        if writer != user or not text:
            raise RefusalError(404, "You have no such note.")
        return text


def refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_content() -> bytes:
    try:
        content = request.get_data()
    except OSError as error:
        raise RefusalError(400, "The body could not be read.") from error
    if len(content) > MAX_BODY:
        raise RefusalError(413, "The body is too large.")
    return content


def create_app(contract: Path, users: Mapping[str, str], notes_class: type[Notes]) -> Flask:
    document = yaml.safe_load(contract.read_text(encoding="utf-8"))
    notes = notes_class(users, Draft202012Validator(document["components"]["schemas"]["Text"], validate_formats=True))
    app = Flask("notes", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1  # a chunked body is cut off here in silence
    app.url_map.merge_slashes = False

    def bind(method: str, rule: str, name: str) -> None:
        def view(**path: int) -> Response:
            return answer(*getattr(notes, name)(**path))

        app.add_url_rule("/api" + rule, name, view, methods=[method], provide_automatic_options=False)

    bind("POST", "/notes", "add_note")
    bind("GET", "/notes", "list_notes")
    bind("GET", "/notes/<int:number>", "read_note")
    bind("PUT", "/notes/<int:number>", "rewrite_note")
    bind("DELETE", "/notes/<int:number>", "drop_note")
    app.register_error_handler(RefusalError, refused)
    app.register_error_handler(HTTPException, failed)

    def sealed(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.after_request(sealed)
    return app


def answer(status: int, content: Any) -> Response:
    if content is None:
        return Response(status=status)
    return Response(json.dumps(content), status, content_type="application/json")


def refused(refusal: RefusalError) -> Response:
    response = answer(refusal.status, {"message": str(refusal)})
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="notes"'
    return response


def failed(error: HTTPException) -> Response:
    response = answer(error.code or 500, {"message": error.name})
    response.headers.extend([field for field in error.get_headers() if field[0] == "Allow"])
    return response
