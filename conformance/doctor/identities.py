"""Those who are to ask: whether their credentials are accepted, and whether they are who they are said to be."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from conformance.doctor.credentials import Credentials
from conformance.doctor.findings import defective, fine, misconfigured, note, unfit, untried
from conformance.doctor.probes import FEW, REFUSALS, guarded, named, shortly, unsound, within_reach
from conformance.errors import BlockedError, ConfigurationError
from conformance.identity.same_principal import claims_of, shared_identity
from conformance.sut.configuration import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import Patient
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account


def accounts_of(harness: Harness) -> tuple[list[Account], list[Finding]]:
    """Everybody whom the configuration names, and why some of them cannot be."""
    found, troubles = [], []
    for identity in harness.configuration.identities:
        try:
            found.append(harness.principals.account(identity))
        except ConfigurationError as error:
            troubles.append(misconfigured(f"identity {identity.name}", str(error)))
    return found, troubles


def issuer(patient: Patient, *, accounts: list[Account]) -> Iterator[Finding]:
    """A token of the suite's own issuer is accepted, and the target has asked for its keys."""
    harness = patient.harness
    if harness.issuer is None:
        yield untried("issuer", "there is no [issuer] in the configuration")
        return
    own = next((each for each in accounts if minted(harness, each)), None)
    account = own or harness.principals.account(Identity(name="conformance", kind="issuer"))
    operation = next((each for each in within_reach(harness, account) if each.bearer), None)
    if operation is None:
        yield untried("issuer", "the contract has no plain reading with a bearer token")
        return
    before = harness.issuer.asked
    reply = account.send(harness.arranger.request_with(operation, {}), "control")
    yield _issuer(harness, reply, asked=harness.issuer.asked > before)


def _issuer(harness: Harness, reply: Reply, *, asked: bool) -> Finding:
    assert harness.issuer is not None
    url = harness.issuer.url
    if reply.status == 401 and not asked:
        told = (
            f"{named(reply)} answered 401 to a token of {url}, and nobody asked there for its keys: the target does "
            f"not trust this issuer, or cannot reach it. Have it trust {url} (a target that the suite starts is told "
            "with {issuer} in its `arguments`), or name as `url` under [issuer] where it can reach the suite."
        )
        return misconfigured("issuer", told, place="[issuer]")
    if reply.status == 401:
        told = f"{named(reply)} answered 401 to a token of {url}, although its keys were asked for. Mend `audience`"
        return misconfigured(
            "issuer", f"{told} (now {_audience(harness)}) or `claims` under [issuer].", place="[issuer]"
        )
    if reply.status == 403:
        told = f"{named(reply)} answered 403 to a token of {url} with every scope. Add what it lacks as `claims` under"
        return misconfigured("issuer", f"{told} [issuer].", place="[issuer]")
    if not asked:
        told = f"{named(reply)} answered {reply.status} to a token of {url}, whose keys nobody asked for."
        return defective("issuer", f"{told} Does the target verify signatures?")
    return fine("issuer", f"{url} was asked for its keys, and its token is accepted")


def _audience(harness: Harness) -> str:
    return harness.mint.audience if harness.mint else ""


def minted(harness: Harness, account: Account) -> bool:
    """The account's tokens come from the suite's own issuer."""
    if harness.issuer is None:
        return False
    try:
        return bool(claims_of(account).get("iss") == harness.issuer.url)
    except BlockedError:
        return False


def identity(patient: Patient, *, account: Account) -> Iterator[Finding]:
    """What its token says is what the configuration says; it is accepted, and nobody is refused."""
    harness, subject = patient.harness, f"identity {account.name}"
    credentials = Credentials(harness=harness, account=account)
    if credentials.trouble:
        yield misconfigured(subject, credentials.trouble, place=credentials.place)
        return
    operations = credentials.operations
    if not operations:
        yield untried(subject, "the contract has no plain reading for which it has the credentials and the scopes")
        return
    chosen, bare = _closed(patient, operations)
    reply = account.send(harness.arranger.request_with(chosen, {}), "control")
    yield _received(credentials, chosen, reply, bare)


def _closed(patient: Patient, operations: list[Operation]) -> tuple[Operation, Reply]:
    """The first operation that refuses nobody's request, with that refusal; else the first one."""
    replies = []
    for operation in operations[:FEW]:
        replies.append((operation, patient.bare(operation)))
        if replies[-1][1].refused:
            return replies[-1]
    return replies[0]


def _received(credentials: Credentials, operation: Operation, reply: Reply, bare: Reply) -> Finding:
    subject = f"identity {credentials.account.name}"
    if reply.status == 401 and credentials.granting:
        told = f"{named(reply)} answered 401 to a token that the target has just granted. Is it meant for this API?"
        return defective(subject, f"{told} Mend the target.")
    if reply.status in REFUSALS:
        return misconfigured(subject, _refused(reply, credentials.claims), place=credentials.place)
    trouble = unsound(reply, operation)
    if trouble:
        return unfit("contract", trouble)
    if not bare.refused:
        told = f"{named(bare)} is answered {bare.status} without credentials too, so that it is accepted proves"
        return defective(subject, f"{told} nothing. Guard it, or name {operation.id} as `public` under [target].")
    if not operation.succeeded(reply.status):
        return note(subject, f"{named(reply)} answered {reply.status}, which does not tell whether it is known")
    return fine(subject, f"accepted on {shortly(reply)}, refused without credentials{credentials.facts}")


def _refused(reply: Reply, claims: dict[str, Any]) -> str:
    why = "its credentials are not accepted" if reply.status == 401 else "it may not do this"
    told = f"{named(reply)} answered {reply.status}, so {why}"
    told += f" (the token is of {claims['iss']} for {claims['aud']})" if {"iss", "aud"} <= set(claims) else ""
    return (
        f"{told}. Give it a valid token that holds every scope of the contract, or name under `scopes` those that it "
        "has."
    )


def difference(patient: Patient, *, accounts: list[Account]) -> Iterator[Finding]:
    """No two identities have one credential, and the two principals are two."""
    harness = patient.harness
    first = {identity.name for identity in harness.configuration.identities[:2]}
    principals = [account for account in accounts if account.name in first]
    troubles = list(_alike(harness, accounts, principals))
    yield from troubles
    if len(first) < 2:
        yield untried("principals", "there are not two identities, so it is not judged whose things are whose")
    elif len(principals) < 2:
        yield untried("principals", f"{' and '.join(sorted(first))} have to be sound first")
    elif not troubles:
        yield fine("principals", f"{principals[0].name} and {principals[1].name} are two")


def _alike(harness: Harness, accounts: list[Account], principals: list[Account]) -> Iterator[Finding]:
    operations = guarded(harness) or [each for each in harness.contract.operations if each.secured]
    for one, other in combinations(accounts, 2):
        same = shared_identity(one, other, operations)
        # Further identities may be further credentials of the same people.
        if same == "credential" or (same and [one, other] == principals):
            told = f"[identities.{other.name}] and [identities.{one.name}] have the same {same}, so they are one"
            yield misconfigured("principals", f"{told} principal. Give each its own.")
