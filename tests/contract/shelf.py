"""A small service in Flask that publishes what it promises in four versions: items on a shelf, each with its owner."""

from __future__ import annotations

import json
import secrets

from flask import Flask, abort, jsonify, request

LARGEST = 2**20
KEYS = {"key-of-ann-5b1d": "ann", "key-of-ben-07fe": "ben"}
NUMBER, TEXT = {"type": "number"}, {"type": "string", "minLength": 1, "maxLength": 40}
PROBLEM = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
ID = {"name": "id", "in": "path", "required": True}
PAGE = {"name": "tags", "in": "query"}
STATUSES = {"200": "Done", "201": "Made", "204": "Gone"}
REFUSALS = {"400": "Malformed", "401": "Who?", "404": "No such item", "413": "Too long", "415": "No such media type"}


class Shelf:
    """The items; a wrong one overrides a method."""

    def __init__(self):
        self.items = {}

    def add(self, owner, told):
        item = {"id": secrets.token_hex(8), "name": told["name"], "price": told["price"], "note": told.get("note")}
        self.items[item["id"]] = (owner, item)
        return item

    def mine(self, owner):
        return [self.shown(item) for known, item in self.items.values() if known == owner]

    def find(self, owner, identifier):
        known, item = self.items.get(identifier, ("", {}))
        return item if known == owner else abort(404)

    def shown(self, item):
        return item


class TellsNumbersAsTexts(Shelf):
    """Answers with a price in quotes."""

    def shown(self, item):
        return {**item, "price": str(item["price"])}


def create_app(shelf):
    app = Flask(__name__)
    app.json.sort_keys = False
    app.config["MAX_CONTENT_LENGTH"] = LARGEST

    @app.before_request
    def known():
        if request.path.startswith("/api/"):
            request.environ["owner"] = KEYS.get(request.headers.get("X-Key", "")) or abort(401)

    add_items(app, shelf)
    add_photos(app, shelf)
    for code in (400, 401, 404, 405, 413, 415):
        app.register_error_handler(code, refused)
    for name, document in documents().items():
        app.add_url_rule(f"/{name}.json", name, lambda document=document: jsonify(document))
    return app


def refused(error):
    fields = {} if error.code == 401 else {name: value for name, value in error.get_headers() if name != "Content-Type"}
    challenge = {"WWW-Authenticate": "ApiKey"} if error.code == 401 else {}
    return jsonify(title=error.name), error.code, {**fields, **challenge, "Content-Type": "application/problem+json"}


def add_items(app, shelf):
    @app.get("/api/items")
    def listed():
        return jsonify(shelf.mine(request.environ["owner"]))

    @app.post("/api/items")
    def made():
        if request.mimetype != "application/json":
            abort(415)
        body = request.get_data()
        if len(body) >= LARGEST:  # of a body in chunks nobody knows the length before
            abort(413)
        told = parsed(body)
        if not valid(told):
            abort(400)
        item = shelf.add(request.environ["owner"], told)
        return jsonify(shelf.shown(item)), 201, {"Location": f"/api/items/{item['id']}"}

    @app.get("/api/items/<identifier>")
    def shown(identifier):
        return jsonify(shelf.shown(shelf.find(request.environ["owner"], identifier)))

    @app.delete("/api/items/<identifier>")
    def removed(identifier):
        shelf.find(request.environ["owner"], identifier)
        del shelf.items[identifier]
        return "", 204


def add_photos(app, shelf):
    @app.put("/api/items/<identifier>/photo")
    def pictured(identifier):
        shelf.find(request.environ["owner"], identifier)
        if request.mimetype != "multipart/form-data":
            abort(415)
        return ("", 204) if "photo" in request.files else abort(400)


def parsed(body):
    """What a body holds; None if it is no JSON, or too deep."""
    try:
        return json.loads(body, object_pairs_hook=once, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def once(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def refuse(name):
    raise ValueError(name)


def valid(told):
    """What the schema of an item permits."""
    if not isinstance(told, dict) or told.keys() - {"name", "price", "note"}:
        return False
    name, price, note = told.get("name"), told.get("price"), told.get("note")
    return (
        isinstance(name, str)
        and 1 <= len(name) <= 40
        and isinstance(price, (int, float))
        and not isinstance(price, bool)
        and 0 < price <= 1000
        and (note is None or (isinstance(note, str) and 1 <= len(note) <= 40))
    )


def documents():
    """The same contract in each version, by the name under which it is published."""
    return {
        "swagger": swagger(),
        "openapi30": openapi("3.0.3", {**NUMBER, "minimum": 0, "exclusiveMinimum": True}, {**TEXT, "nullable": True}),
        "openapi31": openapi("3.1.0", {**NUMBER, "exclusiveMinimum": 0}, {**TEXT, "type": ["string", "null"]}),
        "openapi32": openapi("3.2.0", {**NUMBER, "exclusiveMinimum": 0}, {**TEXT, "type": ["string", "null"]}),
    }


def schemas(prefix, price, note):
    told = {"name": TEXT, "price": {**price, "maximum": 1000}, "note": note}
    new = {"type": "object", "required": ["name", "price"], "properties": told, "additionalProperties": False}
    item = {"type": "object", "required": ["id", *told], "properties": {"id": TEXT, **told}}
    items = {"type": "array", "items": {"$ref": f"{prefix}/Item"}}
    return {"NewItem": new, "Item": item, "Items": items, "Problem": PROBLEM}


def openapi(version, price, note):
    """The contract in OpenAPI 3."""
    binary = {"type": "string", "format": "binary"}
    photo = binary if version.startswith("3.0") else {"type": "string", "contentMediaType": "application/octet-stream"}
    form = {"type": "object", "required": ["photo"], "properties": {"photo": photo}}

    def referred(media_type, name):
        return {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}

    def operation(name, success, answer=None, body=None):
        done = {"description": STATUSES[success], **(referred("application/json", answer) if answer else {})}
        refused = {
            status: {"description": told, **referred("application/problem+json", "Problem")}
            for status, told in REFUSALS.items()
        }
        return {"operationId": name, "responses": {success: done, **refused}, **({"requestBody": body} if body else {})}

    where = [{**ID, "schema": TEXT}]
    return {
        "openapi": version,
        "info": {"title": "Shelf", "version": "1"},
        "servers": [{"url": "/api"}],
        "security": [{"key": []}],
        "paths": {
            "/items": {
                "get": operation("listItems", "200", "Items"),
                "post": operation(
                    "addItem", "201", "Item", {"required": True, **referred("application/json", "NewItem")}
                ),
            },
            "/items/{id}": {
                "parameters": where,
                "get": operation("getItem", "200", "Item"),
                "delete": operation("removeItem", "204"),
            },
            "/items/{id}/photo": {
                "parameters": where,
                "put": operation(
                    "putPhoto", "204", None, {"required": True, "content": {"multipart/form-data": {"schema": form}}}
                ),
            },
        },
        "components": {
            "schemas": schemas("#/components/schemas", price, note),
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    }


def swagger():
    """The contract in Swagger 2.0."""
    price = {**NUMBER, "minimum": 0, "exclusiveMinimum": True}

    def operation(name, success, answer=None, **members):
        schema = {"schema": {"$ref": f"#/definitions/{answer}"}} if answer else {}
        refused = {
            status: {"description": told, "schema": {"$ref": "#/definitions/Problem"}}
            for status, told in REFUSALS.items()
        }
        return {
            "operationId": name,
            "responses": {success: {"description": STATUSES[success], **schema}, **refused},
            **members,
        }

    body = {"name": "item", "in": "body", "required": True, "schema": {"$ref": "#/definitions/NewItem"}}
    photo = {"name": "photo", "in": "formData", "required": True, "type": "file"}
    return {
        "swagger": "2.0",
        "info": {"title": "Shelf", "version": "1"},
        "basePath": "/api",
        "consumes": ["application/json"],
        "produces": ["application/json", "application/problem+json"],
        "security": [{"key": []}],
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "definitions": schemas("#/definitions", price, {**TEXT, "x-nullable": True}),
        "paths": {
            "/items": {
                "get": operation("listItems", "200", "Items"),
                "post": operation("addItem", "201", "Item", parameters=[body]),
            },
            "/items/{id}": {
                "parameters": [{**ID, **TEXT}],
                "get": operation("getItem", "200", "Item"),
                "delete": operation("removeItem", "204"),
            },
            "/items/{id}/photo": {
                "parameters": [{**ID, **TEXT}],
                "put": operation("putPhoto", "204", parameters=[photo], consumes=["multipart/form-data"]),
            },
        },
    }
