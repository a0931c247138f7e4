"""What can be found out about an API by asking its URL, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.contract.document import ContractError
from conformance.contract.openapi import read
from conformance.contract.reading.location import Text, is_url
from conformance.contract.reading.parsing import mapping
from conformance.contract.upgrade.servers import server_url
from conformance.errors import BlockedError, ConfigurationError, UnreachableError
from conformance.http.client import Client
from conformance.http.messages import Request
from conformance.init.places import ASYNCAPI, METADATA, READY, openapi_paths, tried
from conformance.sut.configuration import check_url

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.contract.reading.location import Location
    from conformance.http.messages import Reply

OPENAPI_MEMBERS = ("openapi", "swagger")
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
    given: str = "/"  # the path and the query of the URL itself, which may be a document's

    @classmethod
    def at(cls, url: str) -> Explorer:
        parts = urlsplit(url)
        given = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        client = Client(f"{parts.scheme}://{parts.netloc}", deadline=DEADLINE)
        return cls(client=client, prefix=parts.path.rstrip("/"), given=given)

    def insist_on_answer(self) -> None:
        """Raises UnreachableError if nobody answers there."""
        try:
            self._read(f"{self.prefix}/")
        except BlockedError as error:
            raise UnreachableError(str(error)) from error

    def itself(self) -> Document | None:
        """The OpenAPI document whose own URL was given; None if it is not that of a document."""
        return self._document(self.given, OPENAPI_MEMBERS)

    def document(self, members: tuple[str, ...], paths: tuple[str, ...]) -> Document | None:
        """The first of the documents at these paths that has one of these members."""
        found = (self._document(path, members) for path in self._places(paths))
        return next((document for document in found if document is not None), None)

    def ready(self) -> str:
        """The path, below the URL, at which the target says that it is ready; empty if none is found."""
        return next((path for path in READY if self._found(self.prefix + path) is not None), "")

    def metadata(self) -> dict[str, Any]:
        """What the authorization server says of itself."""
        for path in METADATA:
            reply = self._found(path)
            if reply is not None and isinstance(reply.member("issuer"), str):
                return dict(reply.json)
        return {}

    def _document(self, path: str, members: tuple[str, ...]) -> Document | None:
        reply = self._found(path)
        member = kind_of(reply.body, members) if reply is not None else ""
        if reply is None or not member:
            return None
        kind = "json" if reply.body.lstrip().startswith(b"{") else "yaml"
        return Document(url=reply.url, name=f"{member}.{kind}", content=reply.body)

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
    check_url(url.partition("?")[0])
    explorer = Explorer.at(url)
    explorer.insist_on_answer()
    itself = None if contract else explorer.itself()
    if itself is not None:
        url = server_of(itself.url)
        explorer = Explorer.at(url)
    check_url(url)
    openapi = itself or (None if contract else explorer.document(OPENAPI_MEMBERS, openapi_paths()))
    if contract is None and openapi is None:
        raise ConfigurationError(
            f"No OpenAPI document was found at {url}. Tried {tried()}. Give the document's own URL in the place of the "
            "API's, or name a file with --contract."
        )
    return Discovery(
        url=url,
        openapi=openapi,
        asyncapi=explorer.document(("asyncapi",), ASYNCAPI),
        ready=explorer.ready(),
        metadata=explorer.metadata(),
    )


def described(document: Path) -> Discovery:
    """What a file tells, for which nobody is asked. Raises ConfigurationError if it does not name the API's URL."""
    if not document.is_file():
        raise ConfigurationError(
            f"There is no file {document}; a URL begins with http:// or https://. Give the API's, or its document's."
        )
    return Discovery(url=server_of(document), openapi=None, asyncapi=None, ready="", metadata={})


def server_of(document: Location) -> str:
    """The URL of the API, as its document's first server says it. Raises ConfigurationError if that cannot be asked."""
    server = next(iter(read(document).document.get("servers", [])), {"url": "/"})
    told, shown = server_url(server), str(document)
    url = urljoin(document if isinstance(document, str) else "", told).rstrip("/")
    remedy = f"Give the API's own URL, and the document with --contract {shown}."
    if not is_url(url):
        raise ConfigurationError(
            f"{shown} does not say at which URL its API is: its first server is {told!r}. {remedy}"
        )
    if isinstance(document, str) and urlsplit(document).netloc != urlsplit(check_url(url)).netloc:
        raise ConfigurationError(f"The first server of {shown} is {url}, on another host, which is not asked. {remedy}")
    return check_url(url)


def kind_of(content: bytes, members: tuple[str, ...]) -> str:
    """Which of these members a YAML or JSON document has at its top; empty for none."""
    try:
        text = Text(shown="the answer", content=content.decode("utf-8-sig"), json=False)
        found = mapping(text)
    except (UnicodeDecodeError, ContractError):
        return ""
    return next((member for member in members if member in found), "")
