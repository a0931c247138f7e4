"""Where frameworks put the documents of an API, below its URL."""

from __future__ import annotations

FOLDERS = ("", "/v1", "/docs", "/api", "/api/v1", "/static")
ASYNCAPI = tuple(f"{folder}/asyncapi.{kind}" for folder in FOLDERS for kind in ("json", "yaml", "yml"))

# Who puts it there → the paths, the likelier ones first.
OPENAPI = {
    "FastAPI, and by hand": tuple(f"{folder}/openapi.{kind}" for folder in FOLDERS for kind in ("json", "yaml", "yml")),
    "Django REST framework (drf-spectacular, drf-yasg)": (
        "/api/schema/",
        "/schema/",
        "/api/schema",
        "/api/v1/schema/",
        "/openapi/",
        "/swagger.yaml",
    ),
    "Spring (springdoc, Springfox)": ("/v3/api-docs", "/v3/api-docs.yaml", "/v2/api-docs", "/q/openapi"),
    "ASP.NET": ("/openapi/v1.json", "/swagger/v1/swagger.json", "/swagger/docs/v1"),
    "Express, Fastify, NestJS": (
        "/swagger.json",
        "/api-docs.json",
        "/api-docs",
        "/api-docs/swagger.json",
        "/docs-json",
        "/api-json",
        "/documentation/json",
    ),
    "Rails (rswag, Grape)": (
        "/api-docs/v1/swagger.yaml",
        "/api-docs/v1/swagger.json",
        "/api-docs/v1/openapi.yaml",
        "/swagger_doc",
        "/swagger_doc.json",
    ),
    "Litestar": ("/schema/openapi.json", "/schema/openapi.yaml"),
    "Flask, Go": ("/apispec_1.json", "/swagger/doc.json"),
}
READY = ("/readyz", "/healthz", "/ready", "/health", "/livez", "/status", "/ping", "/actuator/health")
METADATA = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")


def openapi_paths() -> tuple[str, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(path for paths in OPENAPI.values() for path in paths)


def tried() -> str:
    """All of them in words, by framework."""
    return "; ".join(f"{name}: {', '.join(paths)}" for name, paths in OPENAPI.items())
