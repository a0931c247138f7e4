"""What can be found out about an API by asking its URL, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.contract.document import ContractError
from conformance.contract.reading.location import Text
from conformance.contract.reading.parsing import mapping
from conformance.errors import BlockedError, ConfigurationError, UnreachableError
from conformance.http.client import Client
from conformance.http.messages import Request

if TYPE_CHECKING:
    from conformance.contract.reading.location import Location
    from conformance.http.messages import Reply

FOLDERS = ("", "/v1", "/docs", "/api", "/api/v1", "/static")
OPENAPI = (
    *(f"{folder}/openapi.{kind}" for folder in FOLDERS for kind in ("json", "yaml", "yml")),
    "/openapi/v1.json",
    "/v3/api-docs",
    "/v2/api-docs",
    "/swagger.json",
    "/swagger/v1/swagger.json",
)
ASYNCAPI = tuple(f"{folder}/asyncapi.{kind}" for folder in FOLDERS for kind in ("json", "yaml", "yml"))
READY = ("/readyz", "/healthz", "/ready", "/health", "/livez", "/status", "/ping", "/actuator/health")
METADATA = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
DEADLINE = 10.0  # seconds for each answer


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that the target serves."""

    url: str
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What a URL shows of itself."""

    url: str
    openapi: Document | None
    asyncapi: Document | None
    ready: str
    metadata: dict[str, Any]  # of the authorization server; empty if it has none here


@dataclass(frozen=True, kw_only=True)
class Explorer:
    """Asks one origin for what APIs usually show."""

    client: Client
    prefix: str  # the path of the URL, below which things may be as well as at the root

    @classmethod
    def at(cls, url: str) -> Explorer:
        parts = urlsplit(url)
        client = Client(f"{parts.scheme}://{parts.netloc}", deadline=DEADLINE)
        return cls(client=client, prefix=parts.path.rstrip("/"))

    def insist_on_answer(self) -> None:
        """Raises UnreachableError if nobody answers there."""
        try:
            self._read(f"{self.prefix}/")
        except BlockedError as error:
            raise UnreachableError(str(error)) from error

    def document(self, members: tuple[str, ...], paths: tuple[str, ...]) -> Document | None:
        """The first of the documents at these paths that has one of these members."""
        for path in self._places(paths):
            reply = self._found(path)
            member = kind_of(reply.body, members) if reply is not None else ""
            if reply is not None and member:
                kind = "json" if reply.body.lstrip().startswith(b"{") else "yaml"
                return Document(url=reply.url, name=f"{member}.{kind}", content=reply.body)
        return None

    def ready(self) -> str:
        """The path at which the target says that it is ready; empty if none is found."""
        return next((path for path in READY if self._found(path) is not None), "")

    def metadata(self) -> dict[str, Any]:
        """What the authorization server says of itself."""
        for path in METADATA:
            reply = self._found(path)
            if reply is not None and isinstance(reply.member("issuer"), str):
                return dict(reply.json)
        return {}

    def _places(self, paths: tuple[str, ...]) -> list[str]:
        return list(dict.fromkeys([*(self.prefix + path for path in paths), *paths]))

    def _found(self, path: str) -> Reply | None:
        try:
            reply = self._read(path)
        except BlockedError:
            return None
        return reply if reply.success and reply.media_type != "text/html" else None

    def _read(self, path: str) -> Reply:
        return self.client.exchange(Request(method="GET", path=path, headers=(("Accept", "*/*"),)))


def discovered(url: str, *, contract: Location | None) -> Discovery:
    """All that is found there. Raises UnreachableError, and ConfigurationError if there is no contract."""
    explorer = Explorer.at(url)
    explorer.insist_on_answer()
    openapi = None if contract else explorer.document(("openapi", "swagger"), OPENAPI)
    if contract is None and openapi is None:
        raise ConfigurationError(
            f"No OpenAPI document was found at {url} (tried {', '.join(OPENAPI[:4])} and {len(OPENAPI) - 4} more). "
            "Name a file with --contract."
        )
    return Discovery(
        url=url,
        openapi=openapi,
        asyncapi=explorer.document(("asyncapi",), ASYNCAPI),
        ready=explorer.ready(),
        metadata=explorer.metadata(),
    )


def kind_of(content: bytes, members: tuple[str, ...]) -> str:
    """Which of these members a YAML or JSON document has at its top; empty for none."""
    try:
        text = Text(shown="the answer", content=content.decode("utf-8-sig"), json=False)
        found = mapping(text)
    except (UnicodeDecodeError, ContractError):
        return ""
    return next((member for member in members if member in found), "")
