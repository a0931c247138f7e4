"""Findings about identities and token issuer: credentials are accepted, and belong to different principals."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from conformance.doctor.credentials import Credentials
from conformance.doctor.findings import defective, fine, misconfigured, note, skipped, unusable
from conformance.doctor.probes import (
    MOST_PROBED,
    REFUSALS,
    guarded_reads,
    permitted_reads,
    request_line,
    short_request_line,
    unexpected_answer,
)
from conformance.errors import BlockedError, ConfigurationError
from conformance.identity.same_principal import claims_of, shared_identity
from conformance.sut.identities import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import ProbedTarget
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account


def accounts_of(harness: Harness) -> tuple[list[Account], list[Finding]]:
    """The accounts of the configured identities, and findings about those that cannot be made."""
    found, problems = [], []
    for identity in harness.configuration.identities:
        try:
            found.append(harness.principals.account(identity))
        except ConfigurationError as error:
            problems.append(misconfigured(f"identity {identity.name}", str(error)))
    return found, problems


def issuer(target: ProbedTarget, *, accounts: list[Account]) -> Iterator[Finding]:
    """Whether a token of the suite's issuer is accepted, and the target has requested the issuer's keys."""
    harness = target.harness
    if harness.issuer is None:
        yield skipped("issuer", "there is no [issuer] in the configuration")
        return
    own = next((each for each in accounts if from_own_issuer(harness, each)), None)
    account = own or harness.principals.account(Identity(name="conformance", kind="issuer"))
    operation = next((each for each in permitted_reads(harness, account) if each.bearer), None)
    if operation is None:
        yield skipped("issuer", "the contract has no plain reading with a bearer token")
        return
    before = harness.issuer.key_requests
    reply = account.send(harness.arranger.request_with(operation, {}), "control")
    yield _issuer(harness, reply, asked=harness.issuer.key_requests > before)


def _issuer(harness: Harness, reply: Reply, *, asked: bool) -> Finding:
    """Judges the reply to a token of the suite's issuer; `asked`: its keys were asked for."""
    assert harness.issuer is not None
    url, request = harness.issuer.url, request_line(reply)
    if reply.status == 401 and not asked:
        message = (
            f"{request} answered 401 to a token of {url}, and nobody asked there for its keys: the target does not "
            f"trust this issuer, or cannot reach it. Have it trust {url} (a target that the suite starts is told with "
            "{issuer} in its `arguments`), or name as `url` under [issuer] where it can reach the suite."
        )
        return misconfigured("issuer", message, place="[issuer]")
    if reply.status == 401:
        message = f"{request} answered 401 to a token of {url}, although its keys were asked for. Mend `audience`"
        return misconfigured(
            "issuer", f"{message} (now {_audience(harness)}) or `claims` under [issuer].", place="[issuer]"
        )
    if reply.status == 403:
        message = f"{request} answered 403 to a token of {url} with every scope. Add what it lacks as `claims` under"
        return misconfigured("issuer", f"{message} [issuer].", place="[issuer]")
    if not asked:
        message = f"{request} answered {reply.status} to a token of {url}, whose keys nobody asked for."
        return defective("issuer", f"{message} Does the target verify signatures?")
    return fine("issuer", f"{url} was asked for its keys, and its token is accepted")


def _audience(harness: Harness) -> str:
    return harness.mint.audience if harness.mint else ""


def from_own_issuer(harness: Harness, account: Account) -> bool:
    """Whether the account's token was issued by the suite's issuer."""
    if harness.issuer is None:
        return False
    try:
        return bool(claims_of(account).get("iss") == harness.issuer.url)
    except BlockedError:
        return False


def identity(target: ProbedTarget, *, account: Account) -> Iterator[Finding]:
    """Whether the identity's token is as configured and accepted where requests without credentials are refused."""
    harness, subject = target.harness, f"identity {account.name}"
    credentials = Credentials(harness=harness, account=account)
    if credentials.defect:
        yield misconfigured(subject, credentials.defect, place=credentials.place)
        return
    operations = credentials.operations
    if not operations:
        yield skipped(subject, "the contract has no plain reading for which it has the credentials and the scopes")
        return
    chosen, unauthenticated = _refusing(target, operations)
    reply = account.send(harness.arranger.request_with(chosen, {}), "control")
    yield _verdict(credentials, chosen, reply, unauthenticated)


def _refusing(target: ProbedTarget, operations: list[Operation]) -> tuple[Operation, Reply]:
    """The first operation that refuses a request without credentials, with its reply; else the first operation."""
    replies = []
    for operation in operations[:MOST_PROBED]:
        replies.append((operation, target.without_credentials(operation)))
        if replies[-1][1].refused:
            return replies[-1]
    return replies[0]


def _verdict(credentials: Credentials, operation: Operation, reply: Reply, unauthenticated: Reply) -> Finding:
    """Judges the replies to one request, sent with the account's credentials and without any."""
    subject, request = f"identity {credentials.account.name}", request_line(reply)
    if reply.status == 401 and credentials.token_reply:
        message = f"{request} answered 401 to a token that the target has just granted. Is it meant for this API?"
        return defective(subject, f"{message} Mend the target.")
    if reply.status in REFUSALS:
        return misconfigured(subject, _refused(reply, credentials.claims), place=credentials.place)
    problem = unexpected_answer(reply, operation)
    if problem:
        return unusable("contract", problem)
    if not unauthenticated.refused:
        message = f"{request_line(unauthenticated)} is answered {unauthenticated.status} without credentials too, so "
        message += f"that it is accepted proves nothing. Guard it, or name {operation.id} as `public` under [target]."
        return defective(subject, message)
    if not operation.succeeded(reply.status):
        return note(subject, f"{request} answered {reply.status}, which does not tell whether it is known")
    return fine(subject, f"accepted on {short_request_line(reply)}, refused without credentials{credentials.facts}")


def _refused(reply: Reply, claims: dict[str, Any]) -> str:
    why = "its credentials are not accepted" if reply.status == 401 else "it may not do this"
    message = f"{request_line(reply)} answered {reply.status}, so {why}"
    message += f" (the token is of {claims['iss']} for {claims['aud']})" if {"iss", "aud"} <= set(claims) else ""
    remedy = "Give it a valid token that holds every scope of the contract, or name under `scopes` those that it has."
    return f"{message}. {remedy}"


def principals(target: ProbedTarget, *, accounts: list[Account]) -> Iterator[Finding]:
    """Whether all identities have credentials of their own, and the first two are different principals."""
    harness = target.harness
    first = {identity.name for identity in harness.principals.identities[:2]}
    principals = [account for account in accounts if account.name in first]
    problems = list(_shared(harness, accounts, principals))
    yield from problems
    if len(first) < 2:
        yield skipped("principals", "there are not two identities, so it is not judged whose things are whose")
    elif len(principals) < 2:
        yield skipped("principals", f"{' and '.join(sorted(first))} have to be sound first")
    elif not problems:
        yield fine("principals", f"{principals[0].name} and {principals[1].name} are two")


def _shared(harness: Harness, accounts: list[Account], principals: list[Account]) -> Iterator[Finding]:
    operations = guarded_reads(harness) or [each for each in harness.contract.operations if each.secured]
    for one, other in combinations(accounts, 2):
        same = shared_identity(one, other, operations)
        # Further identities may be further credentials of the same people.
        if same == "credential" or (same and [one, other] == principals):
            message = f"[identities.{other.name}] and [identities.{one.name}] have the same {same}, so they are one"
            yield misconfigured("principals", f"{message} principal. Give each its own.")
