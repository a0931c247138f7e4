"""Expected replies, compared by `==`; their `repr` is what a report shows as expected."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.operation import is_form
from conformance.judgement.expectation import Expectation
from conformance.judgement.oauth_expectations import oauth_error
from conformance.observations.challenges import challenges
from conformance.results.wording import described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply
    from conformance.observations.challenges import Challenge

CHALLENGE = ("WWW-Authenticate",)


refused = Expectation("refused (4xx, or a redirect elsewhere)", lambda reply: reply.refused)
# A PUT of what is not there makes it, and says so by 201 (RFC 9110, section 9.3.4).
not_found = Expectation(
    "refused, or made anew (201 to a PUT)",
    lambda reply: reply.refused or (reply.status == HTTPStatus.CREATED and reply.request.method == "PUT"),
)
found = Expectation("neither 404 nor 410", lambda reply: reply.status not in {404, 410})
success = Expectation("a 2xx answer", lambda reply: reply.success)
no_server_error = Expectation("no 5xx", lambda reply: reply.status < 500)

naming_its_status = Expectation(
    "the number on the status line in the status member, if there is one",
    lambda reply: reply.member("status") is None or described(reply.member("status")) == str(reply.status),
)


def significant_parts(reply: Reply) -> tuple[int, str, Any]:
    """The parts by which a reply is a replay of another: status, Location and body (JSON by its value)."""
    return (reply.status, reply.header("Location"), reply.body if reply.json is None else reply.json)


def distinct(replies: Iterable[Reply]) -> list[Reply]:
    """The replies without those that equal an earlier one in their significant parts."""
    found: list[Reply] = []
    for reply in replies:
        if significant_parts(reply) not in [significant_parts(known) for known in found]:
            found.append(reply)
    return found


def replay_of(first: Reply) -> Expectation:
    """A replay of the first reply."""
    return Expectation(
        f"the first answer again, {first!r}", lambda reply: significant_parts(reply) == significant_parts(first)
    )


def status(*wanted: int) -> Expectation:
    """An answer with one of these statuses."""
    return Expectation(" or ".join(map(str, wanted)), lambda reply: reply.status in wanted)


def problem(*wanted: int, **members: Any) -> Expectation:
    """A problem document (RFC 9457) with one of these statuses and these members."""
    return Expectation(
        " or ".join(map(str, wanted))
        + " as application/problem+json"
        + (f" with {described(members)}" if members else ""),
        lambda reply: (
            reply.status in wanted
            and reply.media_type == "application/problem+json"
            and all(reply.member(name) == value for name, value in members.items())
        ),
    )


def challenge(scheme: str, **parameters: str) -> Expectation:
    """A WWW-Authenticate challenge of this scheme with these parameters."""
    wanted = ", ".join(f'{name}="{value}"' for name, value in parameters.items())
    return Expectation(
        f"WWW-Authenticate: {scheme} {wanted}".rstrip(),
        lambda reply: any(
            known.scheme.lower() == scheme.lower() and parameters.items() <= known.parameters.items()
            for known in parsed_challenges(reply)
        ),
        about=CHALLENGE,
    )


def challenge_without(parameter: str) -> Expectation:
    """Challenges, none of which has this parameter."""

    def holds(reply: Reply) -> bool:
        found = parsed_challenges(reply)
        return bool(found) and not any(parameter in known.parameters for known in found)

    return Expectation(f"WWW-Authenticate without {parameter}", holds, about=CHALLENGE)


def challenged(operation: Operation) -> Expectation:
    """A challenge of an authentication scheme that the operation takes; any challenge if it also takes API keys.

    No name is registered for the scheme of an API key: where it takes nothing else, there need be none.
    """
    kinds = [{scheme.kind for scheme in alternative} & {"bearer", "basic"} for alternative in operation.scheme_sets]
    named = sorted(set().union(*kinds))
    if not named:
        return Expectation(
            "a well-formed WWW-Authenticate, or none",
            lambda reply: bool(parsed_challenges(reply)) or not reply.header("WWW-Authenticate"),
            about=CHALLENGE,
        )
    if not all(kinds):
        return Expectation(
            "WWW-Authenticate with a challenge", lambda reply: bool(parsed_challenges(reply)), about=CHALLENGE
        )
    return Expectation(
        f"WWW-Authenticate: {' or '.join(kind.capitalize() for kind in named)}",
        lambda reply: any(known.scheme.lower() in named for known in parsed_challenges(reply)),
    )


def parsed_challenges(reply: Reply) -> list[Challenge]:
    """The challenges of a reply (RFC 9110, section 11.6.1); none if they break the grammar."""
    try:
        return challenges(reply.header("WWW-Authenticate"))
    except ValueError:
        return []


def refusal(operation: Operation, *wanted: int) -> Expectation:
    """A refusal; with one of these statuses where the operation declares any of them."""
    return status(*wanted) if any(map(operation.declares, wanted)) else refused


def gone_or_like(unknown: Reply | None, *, part: bool) -> Expectation:
    """404 or 410, or the refusal that what nobody made gets; of a `part` of an object also a list without items.

    A list stays where it is without what it listed. Some servers answer 403 to whoever asks for what is not there.
    """
    refusals = {404, 410} | ({unknown.status} if unknown is not None and unknown.refused else set())
    return Expectation(
        " or ".join(map(str, sorted(refusals))) + (", or an empty list" if part else ""),
        lambda reply: reply.status in refusals or (part and _is_empty_list(reply)),
    )


def _is_empty_list(reply: Reply) -> bool:
    """A success that shows a list without items: bare, or in an envelope that holds no value beside it."""
    members = list(reply.json.values()) if isinstance(reply.json, dict) else [reply.json]
    return reply.success and [] in members and not any(not isinstance(member, dict) and member for member in members)


def not_acceptable_or_like(control: Reply) -> Expectation:
    """406, or the representation that the control has (RFC 9110, section 12.5.1)."""
    form = (control.status, control.media_type)
    return Expectation(
        f"406, or {control.status} {control.media_type}".rstrip(),
        lambda reply: reply.status == HTTPStatus.NOT_ACCEPTABLE or (reply.status, reply.media_type) == form,
    )


def refused_or_like(control: Reply) -> Expectation:
    """A refusal, or what the control was answered."""
    return Expectation(
        f"refused (4xx), or again {control!r}",
        lambda reply: reply.refused or significant_parts(reply) == significant_parts(control),
    )


def method_not_allowed(declared: frozenset[str], *, normative: bool, head: bool) -> Expectation:
    """405 with the declared methods in Allow (RFC 9110, section 15.5.6); other answers too if not `normative`.

    A contract that is not normative may be silent about methods, so that Allow may list more. HEAD stands beside GET if
    the contract says that it is answered (`head`).
    """
    open_to_choice = {"OPTIONS"} if head else {"HEAD", "OPTIONS"}
    wanted = (declared | {"HEAD"} if head and "GET" in declared else declared) - open_to_choice

    def holds(reply: Reply) -> bool:
        if reply.status != HTTPStatus.METHOD_NOT_ALLOWED:
            return not normative
        allowed = {method.strip().upper() for method in reply.header("Allow").split(",")} - {*open_to_choice, ""}
        return wanted == allowed if normative else wanted <= allowed

    return Expectation(f"405 with Allow: {', '.join(sorted(wanted))}", holds, about=("Allow",))


def head_of(control: Reply) -> Expectation:
    """The reply to HEAD that belongs to this reply to GET; fields of the representation may be left out."""
    fields = {name: control.header(name) for name in ("Content-Type", "ETag", "Cache-Control") if control.header(name)}
    return Expectation(
        f"{control.status} without content, with {described(fields)}",
        lambda reply: (
            reply.status == control.status
            and not reply.body
            and all(reply.header(name) in {"", value} for name, value in fields.items())
        ),
    )


def holding(text: str) -> Expectation:
    """An answer whose body is one object, bare or in an envelope, with this text in a member."""
    return Expectation(
        f"an object with {described(text)} in a member",
        lambda reply: isinstance(reply.json, dict) and any(text in value for value in texts(reply.json)),
    )


def texts(document: Any) -> Iterator[str]:
    """Every text, number and truth value of one object in a JSON document, as text; nothing of lists of objects."""
    if isinstance(document, dict):
        for member in document.values():
            yield from texts(member)
    elif isinstance(document, list):
        yield from (str(each) for each in document if not isinstance(each, (dict, list)))
    elif document is not None:
        yield str(document)


def holding_text(member: str) -> Expectation:
    """An answer whose body is an object with a text as this member."""
    return Expectation(f"an object with a text as {member}", lambda reply: isinstance(reply.member(member), str))


def accepted(operation: Operation) -> Expectation:
    """An answer with a status by which the operation says that it did what was asked."""
    wanted = ", ".join(map(str, operation.success)) or "2xx"
    return Expectation(f"accepted ({wanted})", lambda reply: operation.succeeded(reply.status))


problem_document = Expectation(
    "a JSON object as application/problem+json",
    lambda reply: reply.media_type == "application/problem+json" and isinstance(reply.json, dict),
)


def unauthorized(operation: Operation, *, normative: bool) -> Expectation:
    """A 401; of a client that should show itself to an authorization server also the 400 that OAuth permits.

    RFC 6749, section 5.2: 400 unless the client has tried to authenticate by the field Authorization. Such requests are
    forms. Where each alternative asks for a cookie and for something beside it, the proof against forged requests may
    be missed before the cookie is, and be answered with a declared 403, unless the contract is `normative`.
    """
    oauth = is_form(operation.media_type) and operation.declares(HTTPStatus.BAD_REQUEST)
    forged = not normative and operation.declares(HTTPStatus.FORBIDDEN) and _asks_for_proof(operation)
    others = [words for words, due in (("an OAuth error", oauth), ("a 403 for want of a proof", forged)) if due]
    return Expectation(
        ", or ".join(["401", *others]),
        lambda reply: (
            reply.status == HTTPStatus.UNAUTHORIZED
            or (oauth and reply == oauth_error)
            or (forged and reply.status == HTTPStatus.FORBIDDEN)
        ),
    )


def _asks_for_proof(operation: Operation) -> bool:
    """Every alternative has a cookie and something beside it."""
    known = [[requirement.scheme.place for requirement in alternative] for alternative in operation.alternatives]
    return all(len(places) > 1 and "cookie" in places for places in known)
