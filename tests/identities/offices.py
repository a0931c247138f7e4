"""Offices that nobody can found by the API: each belongs to somebody, and holds letters to customers of its own."""

from __future__ import annotations

import json
from itertools import count

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from identities.library import KEYS, PROBLEM, SCHEMES
from identities.service import RefusalError, Service, answer

OFFICES = {"o-7001": "ann", "o-7002": "ben"}
CUSTOMERS = {"c-8001": "ann", "c-8002": "ben"}
REGION = "north"

TEXT = {"type": "string", "minLength": 1, "maxLength": 80}
WRITTEN = {"type": "object", "required": ["text", "customerId"], "properties": {"text": TEXT, "customerId": TEXT}}
SHOWN = {"type": "object", "properties": {"id": {"type": "integer"}, "text": TEXT, "customerId": TEXT}}
OFFICE = {"type": "object", "properties": {"id": TEXT, "of": TEXT}}


def document():
    region = {"name": "region", "in": "query", "required": True, "schema": TEXT}
    page = {"name": "floor", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    office = {"name": "office", "in": "path", "required": True, "schema": TEXT}

    def operation(name, status, schema, **members):
        content = {"content": {"application/json": {"schema": schema}}} if schema else {}
        responses = {status: {"description": "So.", **content}}
        responses |= dict.fromkeys(("400", "401", "404", "415", "422"), PROBLEM)
        return {"operationId": name, "security": [{"key": []}], "responses": responses, **members}

    body = {"required": True, "content": {"application/json": {"schema": WRITTEN}}}
    listed = {"type": "array", "items": SHOWN}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Offices", "version": "1"},
        "x-ownership": {"visibility": "private", "stranger": 404},
        "components": {"securitySchemes": {"key": SCHEMES["key"]}},
        "paths": {
            "/offices/{office}": {
                "parameters": [office],
                "get": operation("readOffice", "200", OFFICE, parameters=[page]),
                "delete": operation("closeOffice", "204", None),
            },
            "/offices/{office}/letters": {
                "parameters": [office],
                "get": operation("listLetters", "200", listed, parameters=[region]),
                "post": operation("writeLetter", "201", SHOWN, requestBody=body, parameters=[region]),
            },
            "/offices/{office}/letters/{number}": {
                "parameters": [office, number],
                "get": operation("readLetter", "200", SHOWN),
                "delete": operation("burnLetter", "204", None),
            },
        },
    }


class Offices(Service):
    """One instance; `closed` must never hold anything."""

    routes = Map(
        [
            Rule("/offices/<office>", methods=["GET"], endpoint="read_office"),
            Rule("/offices/<office>", methods=["DELETE"], endpoint="close_office"),
            Rule("/offices/<office>/letters", methods=["GET"], endpoint="list_letters"),
            Rule("/offices/<office>/letters", methods=["POST"], endpoint="write_letter"),
            Rule("/offices/<office>/letters/<int:number>", methods=["GET"], endpoint="read_letter"),
            Rule("/offices/<office>/letters/<int:number>", methods=["DELETE"], endpoint="burn_letter"),
        ],
        merge_slashes=False,
    )

    def __init__(self):
        self.letters, self.ids, self.closed, self.floors = {}, count(1), [], set()

    def answered(self, name, request, path):
        return getattr(self, name)(request, self.caller(request), **path)

    def caller(self, request):
        if request.headers.get("X-Key") not in KEYS:
            raise RefusalError(401, "a key is needed")
        return KEYS[request.headers["X-Key"]]

    def own(self, caller, office):
        if OFFICES.get(office) != caller:
            raise RefusalError(404, "there is no such office")

    def read_office(self, request, caller, office):
        self.own(caller, office)
        floor = request.args.get("floor", "0")
        if not floor.isascii() or not floor.isdigit():
            raise RefusalError(422, "a floor is a number")
        self.floors.add(request.args.get("floor"))
        return answer(200, {"id": office, "of": caller})

    def close_office(self, _request, caller, office):
        self.own(caller, office)
        self.closed.append(office)
        return Response(status=204)

    def list_letters(self, request, caller, office):
        self.own(caller, office)
        self.insist_on_region(request)
        return answer(200, [letter for place, letter in self.letters.values() if place == office])

    def write_letter(self, request, caller, office):
        self.own(caller, office)
        self.insist_on_region(request)
        if request.mimetype != "application/json":
            raise RefusalError(415, "send application/json")
        letter = self.letter_of(request, caller)
        number = next(self.ids)
        self.letters[number] = (office, {"id": number, **letter})
        return answer(201, self.letters[number][1])

    def letter_of(self, request, caller):
        try:
            value = json.loads(request.get_data().decode("utf-8"))
            text, customer = value["text"], value["customerId"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise RefusalError(400, "a text and a customer are needed") from None
        if not isinstance(text, str) or not 1 <= len(text) <= 80 or not isinstance(customer, str):
            raise RefusalError(422, "the text does not fit")
        if CUSTOMERS.get(customer) != caller:
            raise RefusalError(422, "there is no such customer")
        return {"text": text, "customerId": customer}

    def insist_on_region(self, request):
        if request.args.get("region") != REGION:
            raise RefusalError(400, "there is no such region")

    def read_letter(self, _request, caller, office, number):
        self.own(caller, office)
        return answer(200, self.letter(office, number))

    def burn_letter(self, _request, caller, office, number):
        self.own(caller, office)
        self.letter(office, number)
        del self.letters[number]
        return Response(status=204)

    def letter(self, office, number):
        place, letter = self.letters.get(number, ("", {}))
        if place != office:
            raise RefusalError(404, "there is no such letter")
        return letter
