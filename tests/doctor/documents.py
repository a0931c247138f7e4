"""Small documents, and a server that shows them."""

from __future__ import annotations

import json

from bad_input.servers import answer

OPERATION = {"responses": {"200": {"description": "Done."}}}


def contract(**members):
    """A contract with one operation, and these members instead or beside."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"get": OPERATION}},
    }
    return {**document, **members}


def shows(*documents, asked=None):
    """A server that answers these paths with these documents, and everything else with 404."""

    def behave(server, connection, head):
        path = head.split()[1].decode()
        if asked is not None:
            asked.append(path)
        found = next((value for known, value in documents if known == path), None)
        text = found if isinstance(found, str) else json.dumps(found).replace("URL", server.url)
        connection.sendall(answer(404) if found is None else answer(200, text))

    return behave
