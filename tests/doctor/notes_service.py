"""The notes of docs/first-run.md, with the document that FastAPI makes of them. Whose note is read, nobody asks."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, g, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound, Unauthorized, UnprocessableEntity

PEOPLE = {"Bearer token-of-alice": "alice", "Bearer token-of-bob": "bob"}
DOCUMENT = Path(__file__).with_name("fastapi.json")


def authenticate():
    if request.path != "/openapi.json":
        g.person = PEOPLE.get(request.headers.get("Authorization", ""))
        if g.person is None:
            raise Unauthorized


def refuse(error):
    challenge = {"WWW-Authenticate": "Bearer"} if error.code == 401 else {}
    return {"detail": error.name}, error.code, challenge


def application(*, mended):
    """The service; `mended`, it shows a note to its writer alone."""
    app = Flask(__name__)
    notes = []

    @app.get("/openapi.json")
    def document():
        return json.loads(DOCUMENT.read_text(encoding="utf-8"))

    app.before_request(authenticate)
    app.register_error_handler(HTTPException, refuse)

    @app.post("/notes")
    def add():
        told = request.get_json(silent=True)
        if not isinstance(told, dict) or not isinstance(told.get("text"), str):
            raise UnprocessableEntity
        notes.append((g.person, {"id": len(notes) + 1, "text": told["text"]}))
        return notes[-1][1], 201

    @app.get("/notes")
    def list_all():
        return jsonify([note for owner, note in notes if owner == g.person])

    @app.get("/notes/<int:number>")
    def read(number):
        shown = [note for owner, note in notes if note["id"] == number and (owner == g.person or not mended)]
        if not shown:
            raise NotFound
        return shown[0]

    return app
