"""The composition root: it reads the contract, starts the suite's servers and the target, and makes a harness."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.assembly.documents import catalogue_of, contract_of
from conformance.assembly.preconditions import check_preconditions, default_workers
from conformance.assembly.suite_servers import ALGORITHMS, bind_servers, with_addresses
from conformance.assembly.transport import transport_of
from conformance.contract.secret_members import secret_members
from conformance.errors import ConfigurationError
from conformance.harness import Harness
from conformance.http.client import Client
from conformance.http.guard import RequestGuard
from conformance.http.memo import Memo
from conformance.http.redaction import Redaction
from conformance.jobs.job import Jobs
from conformance.judgement.contract_gaps import Gaps
from conformance.judgement.server_errors import ServerErrors
from conformance.oauth.authorization_server import AuthorizationServer
from conformance.oauth.identity_sources import IdentitySources
from conformance.oauth.principals import Principals
from conformance.requests.arrangement import Arranger
from conformance.requests.bodies import Bodies
from conformance.requests.exploration import Explorer
from conformance.requests.provoked_errors import ProvokedErrors
from conformance.requests.request_generator import RequestGenerator
from conformance.requests.validity import RequestValidity
from conformance.servers.token_issuer import IssuerKeys, Mint
from conformance.servers.webhook_handshake import consent_for
from conformance.sut.bounds import bounds_of
from conformance.sut.configuration import check_url
from conformance.sut.fork_server import ForkServer
from conformance.sut.process import Command, Placeholders, free_port, running
from conformance.webhooks.subscriptions import Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.assembly.options import Options
    from conformance.assembly.suite_servers import SuiteServers
    from conformance.contract.openapi import Contract
    from conformance.servers.token_issuer import TokenIssuer
    from conformance.sut.configuration import Configuration


STOP_TIMEOUT = 5.0  # seconds that a target has to end by itself


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the runs of several variants of one target share."""

    contract: Contract
    keys: IssuerKeys
    placeholders: Placeholders
    fork_server: ForkServer | None


@contextlib.contextmanager
def shared_between_variants(configuration: Configuration, options: Options) -> Iterator[Shared]:
    """Reads the contract, makes keys and starts the fork server once, if the configuration has one."""
    placeholders = Placeholders({"python": sys.executable})
    with contextlib.ExitStack() as stack:
        command = Command.of(configuration, configuration.target.fork_server, placeholders)
        fork_server = stack.enter_context(ForkServer(command)) if configuration.target.fork_server else None
        yield Shared(
            contract=contract_of(configuration, options),
            keys=IssuerKeys(),
            placeholders=placeholders,
            fork_server=fork_server,
        )


@contextlib.contextmanager
def open_run(
    configuration: Configuration, options: Options, workers: int | None = 1, shared: Shared | None = None
) -> Iterator[tuple[Harness, ...]]:
    """Runs the target, if the suite starts it, and gives a harness with servers of its own for each worker.

    Without a number of workers it is `default_workers`. Raises ContractError, ConfigurationError, UnreachableError.
    """
    contract = shared.contract if shared else contract_of(configuration, options)
    placeholders = shared.placeholders if shared else Placeholders({"python": sys.executable})
    count = workers or default_workers(configuration, contract, elsewhere=bool(options.url or options.receiver_url))
    check_preconditions(configuration, contract, workers=count, receiver_url=options.receiver_url)
    algorithms = contract.access_token.algorithms if contract.access_token else ALGORITHMS
    keys = [shared.keys if shared else IssuerKeys() for _ in range(count)]
    consent = consent_for(contract.subscription.handshake if contract.subscription else "")
    suite_servers = tuple(bind_servers(configuration, algorithms, each, options.receiver_url, consent) for each in keys)
    with contextlib.ExitStack() as stack:
        for each in suite_servers:
            stack.callback(each.close)
        url = _start_target(
            configuration, options, placeholders, suite_servers, stack, shared.fork_server if shared else None
        )
        yield tuple(
            _make_harness(configuration, options, contract, url, each, placeholders, count) for each in suite_servers
        )


def _start_target(
    configuration: Configuration,
    options: Options,
    placeholders: Placeholders,
    suite_servers: tuple[SuiteServers, ...],
    stack: contextlib.ExitStack,
    fork_server: ForkServer | None,
) -> str:
    """The URL of the target, which is started on the stack if the suite has to."""
    target = configuration.target
    if options.url or not target.command:
        if options.fault:
            raise ConfigurationError("--fault needs a target that the suite starts: `command` under [target], no URL.")
        if not (options.url or target.url):
            raise ConfigurationError("No target is given. Name its URL on the command line or as `url` under [target].")
        return check_url(options.url or target.url)
    url = check_url(target.url or f"http://127.0.0.1:{free_port()}")
    placeholders.known["scratch"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="conformance-"))
    placeholders.known |= {"port": url.rpartition(":")[2].partition("/")[0], "url": url, "fault": options.fault}
    given = (*target.arguments, *(target.variant if options.fault else ()))
    if fork_server is not None:
        return stack.enter_context(
            fork_server.serving([placeholders(word) for word in with_addresses(given, suite_servers)])
        )
    command = Command.of(configuration, with_addresses((*target.command, *given), suite_servers), placeholders)
    grace = 0.0 if options.fault else STOP_TIMEOUT  # nobody will miss a faulty variant
    stack.enter_context(running(command, url=url, ready=target.ready, timeout=target.start_timeout, grace=grace))
    return url


def _make_harness(
    configuration: Configuration,
    options: Options,
    contract: Contract,
    url: str,
    suite_servers: SuiteServers,
    placeholders: Placeholders,
    workers: int,
) -> Harness:
    target, bounds = configuration.target, bounds_of(configuration, contract)
    managed = bool(target.command and not options.url)
    guard = RequestGuard(
        operations=contract.operations,
        never_call=frozenset(target.never_call),
        may_change=frozenset(target.may_change),
        given=configuration.given.identifiers,
        disposable=managed,
    )
    server_errors = ServerErrors(contract=contract)
    redaction = Redaction(declared=secret_members(contract.document))
    client = Client(
        with_base_path(url, contract),
        deadline=target.deadline,
        transport=transport_of(configuration, placeholders, redaction, workers),
        guard=guard,
        witnesses=(server_errors.see, redaction.see),
        key_headers=_key_headers(contract),
    )
    for secret in (value for name, value in placeholders.known.items() if name.startswith("secret:")):
        redaction.learn(secret)
    mint = _make_mint(configuration, contract, suite_servers.issuer, url)
    request_generator = RequestGenerator(contract.document, seed=options.seed)
    validator = RequestValidity(contract=contract)
    bodies = Bodies(
        contract=contract,
        request_generator=request_generator,
        receiver=suite_servers.receiver,
        validity=validator,
    )
    arranger = Arranger(
        contract=contract, bodies=bodies, request_generator=request_generator, guard=guard, given=configuration.given
    )
    authorization_server = AuthorizationServer(client=client, contract=contract)
    sources = IdentitySources(
        folder=configuration.folder,
        client=client,
        contract=contract,
        mint=mint,
        authorization_server=authorization_server,
        redaction=redaction,
        placeholders=placeholders,
    )
    principals = Principals(identities=configuration.principals, kept=configuration.kept_identities, sources=sources)
    gaps = Gaps()
    for omission in contract.omissions:
        gaps.note(what=omission.what, place=omission.place, mend=omission.mend)
    return Harness(
        gaps=gaps,
        url=url,
        configuration=configuration,
        contract=contract,
        catalogue=catalogue_of(configuration, options),
        client=client,
        redaction=redaction,
        authorization_server=authorization_server,
        principals=principals,
        request_generator=request_generator,
        arranger=arranger,
        explorer=Explorer(
            contract=contract,
            request_generator=request_generator,
            arranger=arranger,
            receiver=suite_servers.receiver,
            validator=validator,
            examples=options.examples,
            memo=Memo(client=client),
        ),
        provoked_errors=ProvokedErrors(
            contract=contract,
            arranger=arranger,
            validator=validator,
            nobody=principals.nobody,
            memo=Memo(client=client),
        ),
        receiver=suite_servers.receiver,
        canary=suite_servers.canary,
        canaries=suite_servers.canaries,
        subscriber=Subscriber(
            contract=contract,
            arranger=arranger,
            receiver=suite_servers.receiver,
            redaction=redaction,
            job_bound=bounds.job,
        ),
        jobs=Jobs(contract=contract, arranger=arranger, bound=bounds.job),
        issuer=suite_servers.issuer,
        dns_server=suite_servers.resolver,
        mint=mint,
        bounds=bounds,
        memo=Memo(client=client),
        server_errors=server_errors,
        examples=options.examples,
        roll_over=Command.of(configuration, target.roll_over, placeholders).run if target.roll_over else None,
        managed=managed,
        fast=options.fast,
    )


def with_base_path(url: str, contract: Contract) -> str:
    """The URL that the contract's paths are appended to; a URL with a path of its own is taken as it is."""
    path = urlsplit(url).path.rstrip("/")
    if contract.within and path == contract.within:  # every path of the contract has it
        return url.rstrip("/").removesuffix(path)
    return url if path else url.rstrip("/") + contract.base_path


def _key_headers(contract: Contract) -> frozenset[str]:
    """The names of header fields that hold idempotency keys, in lower case."""
    return frozenset(each.idempotency.header.lower() for each in contract.operations if each.idempotency)


def _make_mint(configuration: Configuration, contract: Contract, issuer: TokenIssuer | None, url: str) -> Mint | None:
    if issuer is None or configuration.issuer is None:
        return None
    token = contract.access_token
    return Mint(
        issuer=issuer.url,
        audience=configuration.issuer.audience.replace("{url}", url) or url,
        keys=issuer.keys,
        algorithm=token.algorithms[0] if token else "RS256",
        typ=token.typ if token else "JWT",
        roles_claim=token.roles if token else "",
        roles=tuple(sorted(contract.roles)),
        tenant_claim=token.tenant if token else "",
        extra=configuration.issuer.claims,
    )
