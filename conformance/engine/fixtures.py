"""The words that checks speak: people, ready requests, and instruments."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from conformance.engine.ready import Ready
from conformance.engine.stash import SESSION
from conformance.target.errors import InapplicableError, UntestableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.engine.session import Bounds, Session
    from conformance.instruments.actors import Actors
    from conformance.instruments.arranging import Arranger
    from conformance.instruments.generated import Generated
    from conformance.instruments.identities import Account
    from conformance.instruments.issuer import Mint, TokenIssuer
    from conformance.instruments.receiver import Receiver
    from conformance.instruments.signatures import Signatures
    from conformance.instruments.subscribing import Registration, Subscriber
    from conformance.target.client import Client, Recorder

Result = TypeVar("Result")


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Session:
    return request.config.stash[SESSION]


@pytest.fixture
def contract(session: Session) -> Contract:
    return session.contract


@pytest.fixture
def bounds(session: Session) -> Bounds:
    return session.bounds


@pytest.fixture
def client(session: Session) -> Client:
    return session.client


@pytest.fixture
def recorder(session: Session) -> Recorder:
    """The exchanges of this check so far."""
    return session.client.recorder


@pytest.fixture
def actors(session: Session) -> Actors:
    return session.actors


@pytest.fixture
def arrange(session: Session) -> Arranger:
    return session.arranger


@pytest.fixture
def generated(session: Session) -> Generated:
    return session.generated


@pytest.fixture
def nobody(session: Session) -> Account:
    """Somebody without credentials."""
    return session.actors.nobody


@pytest.fixture
def alice(session: Session) -> Account:
    """The first principal, with every scope."""
    return session.actors.principal(0)


@pytest.fixture
def bob(session: Session) -> Account:
    """Another principal, with every scope."""
    return session.actors.principal(1)


@pytest.fixture
def partner(session: Session) -> Account:
    """A client with credentials for the token endpoint."""
    return session.actors.of_kind("client-credentials")


@pytest.fixture
def mint(session: Session) -> Mint:
    """Makes tokens of an issuer that the target trusts."""
    if session.mint is None:
        raise UntestableError("needs tokens of a trusted issuer. Add an [issuer] that the target is configured to trust.")
    return session.mint


@pytest.fixture
def issuer(session: Session, mint: Mint) -> TokenIssuer:
    """The issuer itself, whose keys can be changed."""
    del mint
    assert session.issuer is not None
    return session.issuer


@pytest.fixture
def owner(session: Session, operation: Operation, alice: Account) -> Account:
    """Alice, or whoever has the kind of credentials that the operation asks for."""
    return session.actors.able(operation, alice)


@pytest.fixture
def ready(session: Session, operation: Operation, owner: Account) -> Ready:
    """A valid request for the operation about real objects; its twin was accepted a moment ago."""
    return Ready.made(session, operation, owner)


@pytest.fixture
def receiver(session: Session) -> Receiver:
    return session.receiver


@pytest.fixture
def canary(session: Session) -> Receiver:
    """A listener that the target must never call."""
    return session.canary


@pytest.fixture
def subscriber(session: Session) -> Subscriber:
    return session.subscriber


@pytest.fixture
def signatures(session: Session) -> Signatures:
    return session.subscriber.signatures


@pytest.fixture
def hook(session: Session, alice: Account) -> Registration:
    """A receiver that Alice registered for every event."""
    return session.subscriber.register(alice)


@pytest.fixture
def key() -> str:
    """An idempotency key that nobody has used."""
    return str(uuid.uuid4())


@pytest.fixture
def at_once() -> Callable[[int, Callable[[], Any]], list[Any]]:
    """Lets equal calls loose together and gives their results."""

    def let_loose(count: int, call: Callable[[], Result]) -> list[Result]:
        barrier = Barrier(count)

        def wait_and_call() -> Result:
            barrier.wait()
            return call()

        with ThreadPoolExecutor(count) as pool:
            return [future.result() for future in [pool.submit(wait_and_call) for _ in range(count)]]

    return let_loose


@pytest.fixture
def needs_marker(ready: Ready) -> str:
    """The text in the operation's object that only its owner can know."""
    if not ready.request.marker:
        raise InapplicableError("no member of the body takes a free text, so no marker can be planted")
    return ready.request.marker
