"""`conformance doctor`: all probes one after the other, until a finding makes further ones useless."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.doctor import connectivity, contract, identities, receiver
from conformance.doctor.findings import Mark, defective, misconfigured, skipped, unusable
from conformance.doctor.probes import ProbedTarget
from conformance.engine.cleanup import clean_up
from conformance.engine.worker import PreflightResult
from conformance.errors import BlockedError, ConfigurationError, InapplicableError, UntestableError
from conformance.http.client import Recorder
from conformance.results.model import Blame
from conformance.results.untrusted_text import one_line

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import Probe
    from conformance.harness import Harness
    from conformance.identity.accounts import Account

LONGEST_LINE = 1000  # characters of a line


def preflight(harness: Harness) -> PreflightResult:
    """The findings that keep the target from being judged; what clauses are about is left to them."""
    found = list(_examination(harness, thorough=False))
    return PreflightResult(
        misconfigured="\n".join(each.sentence for each in found if each.misconfigured),
        unanswered=next((each.sentence for each in found if each.unusable), ""),
    )


def examine(harness: Harness) -> Iterator[Finding]:
    """All findings, as they are made."""
    return _examination(harness, thorough=True)


def _examination(harness: Harness, *, thorough: bool) -> Iterator[Finding]:
    harness.client.recorder = Recorder()
    seen: dict[str, str] = {}
    try:
        for finding in _findings(harness, thorough=thorough):
            yield _without_repetition(
                replace(finding, message=one_line(harness.redaction(finding.message), LONGEST_LINE)), seen
            )
            if finding.mark is Mark.WRONG and finding.final:
                return
    finally:
        clean_up(harness)


def _without_repetition(finding: Finding, seen: dict[str, str]) -> Finding:
    """The finding, with a reference in the place of a message that was given before."""
    first = seen.setdefault(finding.message, finding.subject)
    if finding.mark is not Mark.WRONG or first == finding.subject:
        return finding
    return replace(finding, message=f"the same as {first}. Mend it likewise.")


def _findings(harness: Harness, *, thorough: bool) -> Iterator[Finding]:
    accounts, problems = identities.accounts_of(harness)
    if problems:  # before anything is asked
        yield from problems
        return
    target = ProbedTarget(harness=harness)
    yield from _guarded(target, connectivity.url, "URL")
    yield from _guarded(target, connectivity.ready, "readiness")
    yield from _guarded(target, connectivity.clock, "clock")
    yield from _guarded(target, partial(contract.contract, accounts=accounts), "contract")
    if thorough:
        yield from _guarded(target, connectivity.certificate, "certificate")
        yield from _guarded(target, contract.metadata, "authorization server")
    yield from _identities(target, accounts)


def _identities(target: ProbedTarget, accounts: list[Account]) -> Iterator[Finding]:
    """The findings about identities, and about what needs sound ones: principals and the receiver."""
    trusted = yield from _all_sound(
        _guarded(target, partial(identities.issuer, accounts=accounts), "issuer", "[issuer]")
    )
    able = []
    for account in accounts:
        subject = f"identity {account.name}"
        if not trusted and identities.from_own_issuer(target.harness, account):
            yield skipped(subject, "no token of the suite's issuer is accepted")
            continue
        probe = partial(identities.identity, account=account)
        sound = yield from _all_sound(_guarded(target, probe, subject, f"[identities.{account.name}]"))
        able += [account] if sound else []
    yield from _guarded(target, partial(identities.principals, accounts=able), "principals")
    yield from _guarded(target, partial(receiver.receiver, accounts=able), "receiver", "[receiver]")


def _all_sound(findings: Iterator[Finding]) -> Generator[Finding, None, bool]:
    """Passes findings on; returns whether none of them is wrong."""
    sound = True
    for finding in findings:
        sound = sound and finding.mark is not Mark.WRONG
        yield finding
    return sound


def _server_error(harness: Harness) -> bool:
    """Whether the last reply was a server error."""
    last = next(reversed(harness.client.recorder.records), None)
    return last is not None and last.reply is not None and last.reply.status >= 500


def _guarded(target: ProbedTarget, probe: Probe, subject: str, place: str = "") -> Iterator[Finding]:
    """The findings of a probe; an error that ends it becomes one more finding."""
    try:
        yield from probe(target)
    except BlockedError as error:
        if error.blame == Blame.CONFIGURATION and not _server_error(target.harness):
            yield misconfigured(subject, str(error), place=place)
        else:
            yield (
                unusable(subject, str(error))
                if target.harness.client.liveness.unanswered
                else defective(subject, str(error))
            )
    except ConfigurationError as error:
        yield misconfigured(subject, str(error), place=place)
    except (UntestableError, InapplicableError) as error:
        yield skipped(subject, str(error))
