"""Everything a run has at hand: made once, used by the fixtures."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.engine.gaps import Gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.requirements import Catalogue
    from conformance.engine.bounds import Bounds
    from conformance.instruments.actors import Actors
    from conformance.instruments.arranging import Arranger
    from conformance.instruments.exploring import Explorer
    from conformance.instruments.generated import Generated
    from conformance.instruments.issuer import Mint, TokenIssuer
    from conformance.instruments.jobs import Jobs
    from conformance.instruments.nameserver import NameServer
    from conformance.instruments.once import Once
    from conformance.instruments.provider import Provider
    from conformance.instruments.receiver import Receiver
    from conformance.instruments.refusing import Refusing
    from conformance.instruments.subscribing import Subscriber
    from conformance.target.client import Client
    from conformance.target.configuration import Configuration
    from conformance.target.redaction import Redaction


@dataclass(frozen=True, kw_only=True)
class Session:
    """One target, one contract, one set of instruments."""

    configuration: Configuration
    contract: Contract
    catalogue: Catalogue
    client: Client
    redaction: Redaction
    provider: Provider
    actors: Actors
    generated: Generated
    arranger: Arranger
    explorer: Explorer
    refusing: Refusing
    receiver: Receiver
    canary: Receiver
    canaries: tuple[Receiver, ...]  # at other loopback addresses, on the port of the receiver
    subscriber: Subscriber
    jobs: Jobs
    issuer: TokenIssuer | None
    resolver: NameServer | None
    mint: Mint | None
    bounds: Bounds
    once: Once[bool]  # what checks need to know of the target, and have asked once
    examples: int  # generated requests for each operation and each kind
    roll_over: Callable[[], str] | None  # has the target sign with another key; None without a command for it
    managed: bool  # the suite started the target and throws its world away
    fast: bool = False  # stop a clause at its first failure
    gaps: Gaps = field(default_factory=Gaps)

    def lasting(self, identity: str) -> bool:
        """The same person meets again in later checks what one check has made, so that it is deleted after it."""
        minted = (each for each in self.configuration.identities if each.kind == "issuer" and not each.subject)
        fresh = {name for each in minted for name in (each.name, f"colleague of {each.name}")}
        return not self.managed or self.mint is None or identity not in fresh

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """The suite's own servers while they answer."""
        with contextlib.ExitStack() as stack:
            for server in (self.receiver, self.canary, *self.canaries, self.issuer, self.resolver):
                if server is not None:
                    stack.enter_context(server)
            yield
