"""A small server that issues credentials of every shape, and shows things that are none."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

KEY = "q7Zp3vXn8Lw2Rk5Tt9Yb4Hs6"  # what a random key looks like
MEMBERS = {
    "access_token": "at-7f3e9c1b5a2d8e4f",
    "refreshToken": "rt-8a4f0d2c6b3e9f5a",
    "id_token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.aWQtdG9rZW4tc2lnbmF0dXJl",
    "client_secret": "cs-9b5a1e3d7c4f0a6b",
    "apiKey": "ak-0c6b2f4e8d5a1b7c",
    "api_key": "ak-1d7c3a5f9e6b2c8d",
    "password": "Tr0ub4dor&3-horse",
    "secret": "s-2e8d4b6a0f7c3d9e",
    "session": "sess-3f9e5c7b1a8d4e0f",
    "sessionId": "sid-4a0f6d8c2b9e5f1a",
    "csrf_token": "csrf-5b1a7e9d3c0f6a2b",
    "xsrf": "xsrf-6c2b8f0e4d1a7b3c",
    "privateKey": "pk-7d3c9a1f5e2b8c4d",
    "signing_key": "sk-8e4d0b2a6f3c9d5e",
    "otp": "otp-739156-8f5e1c3b",
    "connectionString": "Server=db;User=sa;Pwd=9a6f2d4c8b5e1f7a",
    "github": "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
    "gitlab": "glpat-x1Y2z3A4b5C6d7E8f9G0",
    "payment": "sk_" + "live_51HxYzAbCdEfGhIjKlMnOpQr",
    "cloud": "AKIAIOSFODNN7EXAMPLE",
    "chat": "xoxb-123456789012-AbCdEfGhIjKlMnOp",
    "maps": "AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "mail": "SG.aBcDeFgHiJkLmNoPqRsTuV.wXyZ0123456789abcdefghijklmnopqrstuvwxyzABC",
    "package": "npm_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "signer": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
    "database": "postgres://app:p4ssw0rd-of-app@db.example/app",
    "key": KEY,
    "hashed": "$2b$12$KIXQe1f0yqzJ4mZp8wV5uOa7b3c9d2e6f",
    "passkeyMaterial": "declared-by-format-0a1b2c",
    "kept": "declared-by-extension-3d4e5f",
}
LISTED = {"recovery_codes": ["rc-1a2b-3c4d-5e", "rc-6f7a-8b9c-0d"]}
BESIDE = {"settings": [{"name": "DB_PASSWORD", "value": "beside-its-name-7e8f9a"}]}
FIELDS = {"X-Api-Key": "hk-4c8d2e6f0a5b9c3d", "X-Auth-Token": "ht-5d9e3f7a1b6c0d4e"}
COOKIES = {"sid": "ck-6e0f4a8b2c7d1e5f", "remember": "cr-7f1a5b9c3d8e2f6a"}
SECRETS = {
    **MEMBERS,
    "connectionString": "9a6f2d4c8b5e1f7a",
    "database": "p4ssw0rd-of-app",
    "pem": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    **dict(enumerate(LISTED["recovery_codes"])),
    "DB_PASSWORD": "beside-its-name-7e8f9a",
    **FIELDS,
    **{f"cookie {name}": value for name, value in COOKIES.items()},
}
EVIDENCE = {
    "id": "thg_01HZX3J9N2Q4T6V8",
    "uuid": "5f0c1e2d-3b4a-4c5d-8e6f-7a8b9c0d1e2f",
    "next_page_token": "eyJvZmZzZXQiOjIwLCJsaW1pdCI6MjB9",
    "cursor": "b2Zmc2V0PTIwJmxpbWl0PTIw",
    "token_type": "DPoP-and-not-Bearer",
    "title": "a plain title 2026",
    "digest": "9f86d081884c7d659a2feaa0c55ad015",
    "created_at": "2026-11-26T20:48:14.145Z",
}
SHOWN_FIELDS = {"ETag": '"33a64df551425fcc55e4d42a148795d9"', "X-Request-Id": "7a1b5c9d3e8f2a6b4c0d"}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Leaky", "version": "1"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "security": [{"bearer": []}],
                "responses": {
                    "200": {
                        "description": "All.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["missing"],
                                    "properties": {
                                        "passkeyMaterial": {"type": "string", "format": "password"},
                                        "kept": {"type": "string", "x-secret": True},
                                    },
                                }
                            }
                        },
                    }
                },
            }
        }
    },
}


class Handler(BaseHTTPRequestHandler):
    """Answers everything with all of it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        shown = {**EVIDENCE, **MEMBERS, **LISTED, **BESIDE} if "things" in self.path else {}
        body = json.dumps(shown).encode()
        self.send_response(200)
        for name, value in {"Content-Type": "application/json", **FIELDS, **SHOWN_FIELDS}.items():
            self.send_header(name, value)
        for name, value in COOKIES.items():
            self.send_header("Set-Cookie", f"{name}={value}; Path=/; HttpOnly")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def leaky():
    """The URL of the server while it runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
