"""The test harness of one worker: everything that a run is made with, put together once by `conformance.assembly`."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from conformance.identity.accounts import COLLEAGUE, NEWCOMER
from conformance.judgement.contract_gaps import Gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.requirements import Catalogue
    from conformance.http.client import Client
    from conformance.http.memo import Memo
    from conformance.http.redaction import Redaction
    from conformance.jobs.job import Jobs
    from conformance.judgement.server_errors import ServerErrors
    from conformance.oauth.authorization_server import AuthorizationServer
    from conformance.oauth.principals import Principals
    from conformance.requests.arrangement import Arranger
    from conformance.requests.exploration import Explorer
    from conformance.requests.provoked_errors import ProvokedErrors
    from conformance.requests.request_generator import RequestGenerator
    from conformance.results.leftovers import Leftover
    from conformance.servers.dns_server import DnsServer
    from conformance.servers.token_issuer import Mint, TokenIssuer
    from conformance.servers.webhook_receiver import Receiver
    from conformance.sut.bounds import Bounds
    from conformance.sut.configuration import Configuration
    from conformance.webhooks.subscriptions import Subscriber


@dataclass(frozen=True, kw_only=True)
class Harness:
    """One target, one contract, one set of instruments."""

    url: str  # of the target, as it was given; the contract's paths may be below another path
    configuration: Configuration
    contract: Contract
    catalogue: Catalogue
    client: Client
    redaction: Redaction
    authorization_server: AuthorizationServer
    principals: Principals
    request_generator: RequestGenerator
    arranger: Arranger
    explorer: Explorer
    provoked_errors: ProvokedErrors
    receiver: Receiver
    canary: Receiver
    canaries: tuple[Receiver, ...]  # at other loopback addresses, on the port of the receiver
    subscriber: Subscriber
    jobs: Jobs
    issuer: TokenIssuer | None
    dns_server: DnsServer | None
    mint: Mint | None
    bounds: Bounds
    memo: Memo[bool]  # what checks need to know of the target, and have asked once
    examples: int  # generated requests for each operation and each kind
    roll_over: Callable[[], str] | None  # has the target sign with another key; None without a command for it
    managed: bool  # the suite started the target and throws its world away
    server_errors: ServerErrors
    fast: bool = False  # stop a clause at its first failure
    gaps: Gaps = field(default_factory=Gaps)
    leftovers: list[Leftover] = field(default_factory=list)  # what was made and could not be deleted

    def is_reused(self, identity: str) -> bool:
        """The same person meets again in later checks what one check has made, so that it is deleted after it."""
        minted = (each for each in self.configuration.identities if each.kind == "issuer" and not each.subject)
        fresh = {called.format(each.name) for each in minted for called in ("{}", COLLEAGUE, NEWCOMER)}
        return not self.managed or self.mint is None or identity not in fresh

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """The suite's own servers while they answer."""
        with contextlib.ExitStack() as stack:
            for server in (self.receiver, self.canary, *self.canaries, self.issuer, self.dns_server):
                if server is not None:
                    stack.enter_context(server)
            yield


HARNESS = pytest.StashKey[Harness]()  # where it is kept within pytest
