"""Writing the first files of a configuration, none of them over one that is there."""

from __future__ import annotations

import os
import tempfile
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.assembly.run import with_base_path
from conformance.contract import asyncapi, openapi
from conformance.contract.document import ContractError
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR
from conformance.errors import ConfigurationError
from conformance.http.client import Client
from conformance.init.discovery import DEADLINE, described, discovered
from conformance.init.events import EVENTS, EventGuesses
from conformance.init.links import InferredLinks
from conformance.init.overlay import overlay_text
from conformance.init.proposals import Guesses
from conformance.init.sessions import SessionGuess
from conformance.init.trial import trial
from conformance.init.undeclared_security import UndeclaredSecurity
from conformance.init.writing import Writer
from conformance.sut import configuration

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.reading.location import Location
    from conformance.init.discovery import Document
    from conformance.init.proposals import Proposal

OVERLAY = "promises.overlay.yaml"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """The files that were written, and the environment variables that they refer to."""

    files: tuple[Path, ...]
    variables: tuple[str, ...]


def begin(place: Location, *, given: Location | None, output: Path) -> Begun:
    """Writes what a URL shows of itself, or a document says.

    Raises ConfigurationError, ContractError, UnreachableError.
    """
    _insist_on_absence(output, "Name another with --output, or remove it.")
    overlay = output.parent / OVERLAY
    _insist_on_absence(overlay, "Remove it, or write into another folder with --output.")
    if isinstance(place, Path):
        found, given = described(place), place
    else:
        found = discovered(place, contract=given)
    promised = given or _saved(found.openapi, output.parent)
    assert promised is not None
    events = _events(found.asyncapi, output.parent)
    guesses = Guesses(contract=openapi.read(promised), raw=gathered(promised, OPENAPI_GRAMMAR).document)
    security = _undeclared_security(guesses, found.url) if isinstance(place, str) else []
    security += SessionGuess(guesses=guesses).proposals()
    contract = _with(security, promised) if security else guesses.contract
    guesses = replace(guesses, contract=contract)
    links, sent = InferredLinks(guesses=guesses), EventGuesses(guesses=guesses)
    begun = output.parent / EVENTS
    beginning = sent.text() if events is None and not begun.exists() else ""
    writer = Writer(
        discovery=found,
        contract=contract,
        contract_path=_relative(promised, output.parent),
        asyncapi_path=_relative(events, output.parent) if events else "",
        overlay_path=OVERLAY,
        orphans=links.orphans(),
        registering=guesses.registering(),
        events_begun=bool(beginning),
    )
    settings = configuration.parse(tomllib.loads(writer.text), output.parent, str(output))
    with trial(settings, writer.variables if isinstance(place, str) and writer.orphans else ()) as confirms:
        proposals = [*security, *guesses.proposals(), *sent.proposals(), *links.proposals(confirms)]
    _create(output, writer.text.encode())
    _create(overlay, overlay_text(proposals).encode())
    if beginning:
        _create(begun, beginning.encode())
    saved = [promised] if isinstance(promised, Path) and not given else []
    files = (output, overlay, *saved, *([events] if events else []), *([begun] if beginning else []))
    return Begun(files=files, variables=tuple(writer.variables))


def _undeclared_security(guesses: Guesses, url: str) -> list[Proposal]:
    client = Client(with_base_path(url, guesses.contract), deadline=DEADLINE)
    return UndeclaredSecurity(guesses=guesses, client=client).proposals()


def _with(proposals: list[Proposal], document: Location) -> Contract:
    """The contract with these proposals in force."""
    with tempfile.TemporaryDirectory() as folder:
        overlay = Path(folder) / OVERLAY
        overlay.write_text(overlay_text(proposals), encoding="utf-8")
        return openapi.read(document, overlays=(overlay,))


def _saved(document: Document | None, folder: Path) -> Path | None:
    """Where the document is from now on, beside the configuration."""
    if document is None:
        return None
    path = folder / document.name
    _insist_on_absence(path, f"It may not be what {document.url} shows: give it with --contract, or remove it.")
    _create(path, document.content)
    return path


def _events(document: Document | None, folder: Path) -> Path | None:
    """Where the description of events is saved; None if there is none that can be read."""
    if document is None or (folder / document.name).exists():
        return None
    path = _saved(document, folder)
    assert path is not None
    try:
        asyncapi.read(path)
    except ContractError:
        path.unlink()
        return None
    return path


def _insist_on_absence(path: Path, remedy: str) -> None:
    if path.exists():
        raise ConfigurationError(f"{path} is there already, and is not written over. {remedy}")


def _create(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}. Name another with --output.") from None


def _relative(path: Location, folder: Path) -> str:
    if isinstance(path, str):
        return path
    return Path(os.path.relpath(path, folder)).as_posix()
