"""What the services of strangers have in common: routes, answers in JSON, and refusals."""

from __future__ import annotations

import json

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response


class RefusalError(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Service:
    """A WSGI application; the endpoint of a route is the name of the method that answers."""

    routes = None  # werkzeug's Map
    challenge = ""  # WWW-Authenticate of a 401

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            name, path = self.routes.bind_to_environ(environ).match()
            response = self.answered(name, request, path)
        except HTTPException as error:
            response = answer(error.code, {"error": error.name})
            response.headers.extend([field for field in error.get_headers() if field[0] == "Allow"])
        except RefusalError as refusal:
            response = answer(refusal.status, {"error": refusal.message})
            if refusal.status == 401 and self.challenge:
                response.headers["WWW-Authenticate"] = self.challenge
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response(environ, start_response)

    def answered(self, name, request, path):
        return getattr(self, name)(request, **path)


def answer(status, value):
    return Response(json.dumps(value), status, content_type="application/json")
