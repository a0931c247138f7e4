"""Generated requests about real objects, sent once in a run for each operation, and the replies."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from conformance.contract.operation import is_form
from conformance.contract.page_parameters import is_cursor
from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import FORM
from conformance.requests.arrangement import ANY_TAG
from conformance.requests.invalid_bodies import invalid_variants
from conformance.requests.objections import unaccepted
from conformance.requests.references import names_others, with_own_references
from conformance.requests.unanswered import Unanswered
from conformance.requests.validity import Validity
from conformance.schemas.composition import keyword, properties, required
from conformance.schemas.extremes import extremes
from conformance.schemas.free_texts import takes_any_text
from conformance.schemas.odd_values import odd_values
from conformance.serialization.bodies import MULTIPART
from conformance.serialization.idempotency_keys import with_new_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.memo import Memo
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.request_generator import RequestGenerator
    from conformance.requests.validity import RequestValidity
    from conformance.servers.webhook_receiver import Receiver

CLIENT_MEMBERS = {"client_id", "client_secret"}  # by which a client names itself in a form
ODD_TEXT = "a\0b"  # PostgreSQL, and whatever is written in C, has no room for it
FILE_NAME = "\u00fc\u6587"  # letters that no single byte holds
FIRST_MOMENT = "0000-01-01T00:00:00Z"  # RFC 3339, section 1; many a calendar begins a year later
MOST_ODD = 40  # requests with an odd value in the query, for one operation
MOST_EXTREMES = 12  # requests with a member at one of its bounds, for one operation
LONGEST = 2000  # characters of a request target; a server may refuse a longer one before it knows the operation
CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range")
FORM_STATUSES = {400, 405, 406, 411, 413, 414, 415, 422, 431}  # refusals that blame the form of the request
# OAuth errors that blame what is asked for, and not the form of the request.
POLICY_ERRORS = {"invalid_scope", "invalid_grant", "unauthorized_client", "invalid_target"}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A generated request, what the contract says of it, and the reply."""

    validity: Validity
    reply: Reply

    @property
    def accepted(self) -> bool:
        return self.reply.success or 300 <= self.reply.status < 400

    @property
    def refused_for_form(self) -> bool:
        """The reply refuses the form of the request, and not what it asks for."""
        return self.reply.status in FORM_STATUSES and str(self.reply.member("error")) not in POLICY_ERRORS

    def __repr__(self) -> str:
        request = self.reply.request
        body = (request.body or b"")[:120].decode("utf-8", "replace")
        return f"{self.reply.status} to the {self.validity} {request.method} {request.path[:80]} {body}".rstrip()


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """The generated requests for one operation, with their replies."""

    operation: Operation
    control: Reply  # to a plain valid request, which was accepted
    valid: tuple[Attempt, ...]
    invalid: tuple[Attempt, ...]
    unanswered: tuple[tuple[Request, str], ...]  # with the reason; a second try was not answered either, or all ended

    @property
    def replies(self) -> list[Reply]:
        return [self.control, *(attempt.reply for attempt in (*self.valid, *self.invalid))]

    @property
    def permitted(self) -> list[Attempt]:
        """Attempts whose requests the contract permits; those whose validity is doubtful are left out."""
        return [attempt for attempt in self.valid if attempt.validity is Validity.PERMITTED]

    @property
    def forbidden(self) -> list[Attempt]:
        """Attempts whose requests the contract forbids; those whose validity is doubtful are left out."""
        return [attempt for attempt in self.invalid if attempt.validity is Validity.FORBIDDEN]


@dataclass(kw_only=True)
class Explorer:
    """Explores each operation once in a run."""

    contract: Contract
    request_generator: RequestGenerator
    arranger: Arranger
    receiver: Receiver
    validator: RequestValidity
    examples: int
    memo: Memo[Exploration]

    def explore(self, operation: Operation, owner: Account) -> Exploration:
        """The exploration of an operation. Raises BlockedError if not even a plain valid request is accepted."""
        return self.memo(operation.id, lambda: self._explore(operation, owner))

    def _explore(self, operation: Operation, owner: Account) -> Exploration:
        self._add_to_list(operation, owner)
        _, control = self.arranger.accepted(operation, owner, "control")
        if not operation.succeeded(control.status):
            raise unaccepted(
                operation,
                control,
                f"the control was not accepted: {operation.id} answered {control.status} to {owner.name} with a plain "
                "valid request, so generated ones would show nothing",
            )
        placeholders = {name: f"in-the-place-of-{name}" for name in operation.path_parameters}
        valid = self._valid(operation, placeholders)
        invalid = distinct(self.request_generator.invalid(operation, placeholders, count=self.examples))
        with_one_error = self._invalid_bodies(operation, placeholders, owner) if operation.takes_json else []
        with_one_error += self._odd_texts(operation, placeholders) if operation.takes_json else []
        with_one_error += self._odd_file_names(operation, placeholders)
        with_one_error += self._odd_identifiers(operation, control.request)
        with_one_error += self._odd_queries(operation, placeholders)
        existing = self.arranger.existing
        adapted = [existing.as_given(self._adapted(drawn, operation), operation, owner.name) for drawn in valid]
        lost = Unanswered(arranger=self.arranger, operation=operation, owner=owner)
        return Exploration(
            operation=operation,
            control=control,
            valid=tuple(self._attempts(adapted, control, lost)),
            invalid=tuple(self._attempts([*invalid, *with_one_error], control, lost)),
            unanswered=tuple(lost.requests),
        )

    def _valid(self, operation: Operation, placeholders: dict[str, str]) -> list[Request]:
        """Requests that the schema permits: those with one member at a bound first, which take the place of others."""
        drawn = self.request_generator.valid(operation, placeholders, count=self.examples)
        if not operation.takes_json and operation.media_type != FORM:
            return distinct(drawn)
        bounds = list(extremes(self.contract.document, operation.body_schema))[:MOST_EXTREMES]
        plain = [self.arranger.request_with(operation, placeholders) for _ in bounds]
        extreme = [each.with_members(**{name: value}) for each, (name, value) in zip(plain, bounds, strict=True)]
        return distinct([*extreme, *drawn])[: max(self.examples, len(extreme))]

    def _add_to_list(self, operation: Operation, owner: Account) -> None:
        """Makes something that a list shows: an empty one shows nothing of the schema of its items."""
        maker = self.contract.maker(operation) if operation.safe and not operation.about_object else None
        if maker and not maker.interactive:
            with contextlib.suppress(BlockedError, UntestableError):
                self.arranger.create(maker, operation, owner)

    def _odd_identifiers(self, operation: Operation, plain: Request) -> list[Request]:
        """Readings of an object whose identifier is a NUL, at which databases choke."""
        if not (operation.safe and operation.addressed):
            return []
        return [self.arranger.request_with(operation, {**dict(plain.parameters), operation.path_parameters[-1]: "\0"})]

    def _odd_texts(self, operation: Operation, placeholders: dict[str, str]) -> list[Request]:
        """Plain requests in which every free text holds a NUL, or every moment is the first one that can be written."""
        document = self.contract.document
        declared = properties(document, operation.body_schema)
        texts = [name for name, schema in declared.items() if takes_any_text(document, schema)]
        moments = [name for name, schema in declared.items() if keyword(document, schema, "format") == "date-time"]
        plain = self.arranger.request_with(operation, placeholders)
        odd = ((texts, ODD_TEXT), (moments, FIRST_MOMENT))
        return [plain.with_members(**dict.fromkeys(names, value)) for names, value in odd if names]

    def _odd_file_names(self, operation: Operation, placeholders: dict[str, str]) -> list[Request]:
        """A plain request whose files have names beyond ASCII (RFC 7578, section 5.1.3)."""
        if operation.media_type != MULTIPART:
            return []
        plain = self.arranger.request_with(operation, placeholders)
        named = (plain.body or b"").replace(b'filename="', b'filename="' + FILE_NAME.encode())
        return [plain.with_body(named)] if named != plain.body else []

    def _odd_queries(self, operation: Operation, placeholders: dict[str, str]) -> list[Request]:
        """Plain requests with one parameter of the query that is odd, or with one that is required left out."""
        plain = self.arranger.request_with(operation, placeholders)
        asked = [each for each in operation.parameters if each.place == "query" and each.name not in operation.fed]
        odd = [
            plain.with_query(**{each.name: value})
            for each in asked
            for value in odd_values(self.contract.document, each.schema)
        ]
        return [*(plain.without_query(each.name) for each in asked if each.required), *odd[:MOST_ODD]]

    def _invalid_bodies(self, operation: Operation, placeholders: dict[str, str], owner: Account) -> list[Request]:
        """Requests of which one member breaks one constraint."""
        plain = self.arranger.request_with(operation, placeholders)
        plain = self.arranger.existing.put_into(plain, operation, owner.name)
        bodies = invalid_variants(self.contract, self.validator, operation.body_schema, plain.json)
        return [self.arranger.request_with(operation, placeholders).with_json(body) for body in bodies]

    def _attempts(self, drawn: list[Request], control: Reply, lost: Unanswered) -> Iterator[Attempt]:
        """Sends the drawn requests; those that get no answer are added to `lost`."""
        for each in drawn:
            if lost.enough:
                return
            request = self._about_object(each, lost.operation, lost.owner, control)
            reply = lost.reply(request)
            if reply is not None:
                yield Attempt(validity=self.validator.validity(lost.operation, request), reply=reply)

    def _about_object(self, drawn: Request, operation: Operation, owner: Account, control: Reply) -> Request:
        """A drawn request about a real object: the control's, unless that is deleted; it names no other one."""
        if names_others(drawn, operation):
            drawn = with_own_references(drawn, self.arranger.request(operation, owner), operation)
        consumed = operation.method == "DELETE"
        parameters = self.arranger.request(operation, owner).parameters if consumed else control.request.parameters
        path, body = drawn.path, drawn.body
        for name, value in parameters:
            path = path.replace(f"in-the-place-of-{name}", quote(value, safe=""))
            body = body and body.replace(f"in-the-place-of-{name}".encode(), json.dumps(value)[1:-1].encode())
        return replace(drawn, path=path, body=body, parameters=parameters)

    def _adapted(self, drawn: Request, operation: Operation) -> Request:
        """A drawn request without what only the server can know, with a fresh key and with a receiver that exists."""
        request = drawn
        for name in CONDITIONS:
            request = request.without_header(name)
        if operation.demands_tag:
            request = request.with_header(*ANY_TAG)
        parts = urlsplit(request.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        cursors = {each.name for each in operation.of_place("query") if is_cursor(each.name, each.schema)}
        query = [(name, value) for name, value in pairs if name not in cursors | operation.fed.keys()]
        if len(query) < len(pairs):
            request = request.at(parts.path + (f"?{urlencode(query)}" if query else ""))
        if operation.takes_json:
            request = self._without_cursors(request, operation)
        if operation.idempotency and request.header(operation.idempotency.header):
            request = with_new_key(request, operation)
        return self._with_receiver(without_second_client(request, operation), operation)

    def _without_cursors(self, request: Request, operation: Operation) -> Request:
        """The request without the members of its body that take what only a former answer can give."""
        declared = properties(self.contract.document, operation.body_schema)
        cursors = {name for name, schema in declared.items() if is_cursor(name, schema)}
        optional = cursors & request.json.keys() - required(self.contract.document, operation.body_schema)
        kept = {name: value for name, value in request.json.items() if name not in optional}
        return request.with_json(kept) if optional else request

    def _with_receiver(self, request: Request, operation: Operation) -> Request:
        subscription = self.contract.subscription
        if subscription is None or operation.id not in {subscription.operation, subscription.update}:
            return request
        member = subscription.url.strip("/")
        if member not in request.json:
            return request
        return request.with_members(**{member: self.receiver.open("/explored").url})


def without_second_client(request: Request, operation: Operation) -> Request:
    """The request without credentials of a client in its form, where it has those of its owner in Authorization.

    A client authenticates in one way in each request, and as itself (RFC 6749, sections 2.3 and 5.2).
    """
    if not is_form(operation.media_type) or not any(scheme.kind == "basic" for scheme in operation.schemes):
        return request
    pairs = parse_qsl((request.body or b"").decode(), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name not in CLIENT_MEMBERS]
    return request if len(kept) == len(pairs) else request.with_body(urlencode(kept).encode())


def distinct(requests: list[Request]) -> list[Request]:
    """The requests without repetitions, in their order, as far as every HTTP server takes them."""
    found = {(request.path, request.headers, request.body): request for request in requests}
    return [request for request in found.values() if len(request.path) <= LONGEST]
