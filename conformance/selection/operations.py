"""Which operations a check is about; each predicate's docstring completes "no operation …"."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.contract.vocabulary import archives, is_upsert

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Operation


def both(first: Callable[[Operation], bool], second: Callable[[Operation], bool]) -> Callable[[Operation], bool]:
    """Selects what two predicates select."""

    def holds(operation: Operation) -> bool:
        return first(operation) and second(operation)

    holds.__doc__ = f"{first.__doc__} and {second.__doc__}"
    return holds


def declaring(status: int) -> Callable[[Operation], bool]:
    """Selects operations for which the contract declares an answer with this status."""

    def holds(operation: Operation) -> bool:
        return operation.declares(status)

    holds.__doc__ = f"declares {status}"
    return holds


def any_operation(operation: Operation) -> bool:
    """is declared"""
    return bool(operation.id)


def secured(operation: Operation) -> bool:
    """requires credentials"""
    return operation.secured


def public(operation: Operation) -> bool:
    """is open to everybody"""
    return not operation.secured and not (operation.takes_credentials and operation.addressed)


def bearer_authenticated(operation: Operation) -> bool:
    """takes a bearer token"""
    return operation.bearer


def cookie_authenticated(operation: Operation) -> bool:
    """takes a cookie"""
    return bool(operation.cookie_alternative)


def bearer_only(operation: Operation) -> bool:
    """takes a bearer token and no cookie"""
    return operation.bearer and operation.secured and not operation.cookie_alternative


def scoped(operation: Operation) -> bool:
    """requires a scope"""
    return operation.bearer and bool(operation.scopes)


def private(operation: Operation) -> bool:
    """addresses an object that belongs to somebody"""
    return operation.private


def private_read(operation: Operation) -> bool:
    """reads an object that belongs to somebody"""
    return operation.private and operation.safe


def stable_read(operation: Operation) -> bool:
    """reads an object that belongs to somebody and stays as it is"""
    return _of_somebody(operation) and operation.safe and operation.steady


def _of_somebody(operation: Operation) -> bool:
    """It addresses an object of whoever has made it, though credentials may be optional."""
    return operation.takes_credentials and operation.addressed and operation.ownership.visibility != "public"


def private_update(operation: Operation) -> bool:
    """changes an object that belongs to somebody"""
    return operation.private and operation.method in {"PATCH", "PUT"}


def private_delete(operation: Operation) -> bool:
    """deletes an object that belongs to somebody, so that it is gone (x-archives)"""
    return operation.private and operation.method == "DELETE" and not archives(operation.raw)


def upsert(operation: Operation) -> bool:
    """makes what is not there (x-upsert, or a PUT that declares 201)"""
    return is_upsert(operation.raw) or (operation.method == "PUT" and operation.declares(HTTPStatus.CREATED))


def whole_delete(operation: Operation) -> bool:
    """deletes an object that belongs to somebody, and not only what is below it"""
    return private_delete(operation) and operation.about_object


def collection(operation: Operation) -> bool:
    """lists what belongs to the caller"""
    return operation.secured and operation.method == "GET" and not operation.about_object


def creation(operation: Operation) -> bool:
    """makes an object"""
    return operation.method == "POST" and 201 in operation.success


def secured_creation(operation: Operation) -> bool:
    """makes an object for somebody"""
    return creation(operation) and operation.secured


def mutating(operation: Operation) -> bool:
    """makes, changes or deletes what belongs to somebody"""
    about_somebody = operation.private or secured_creation(operation) or bool(operation.emits)
    return operation.secured and not operation.safe and about_somebody


def emitting_update(operation: Operation) -> bool:
    """changes an object and emits an event"""
    return private_update(operation) and emitting(operation)


def emitting_action(operation: Operation) -> bool:
    """acts upon an object, or deletes it, and emits an event"""
    return (
        mutating(operation) and operation.addressed and operation.method in {"POST", "DELETE"} and emitting(operation)
    )


def emitting_upon_object(operation: Operation) -> bool:
    """does something to an object and emits an event"""
    return emitting(operation) and operation.addressed and 201 not in operation.success


def emitting_write(operation: Operation) -> bool:
    """writes what a JSON body says and emits an event"""
    return mutating(operation) and operation.takes_json and emitting(operation)


def reading(operation: Operation) -> bool:
    """reads"""
    return operation.method == "GET"


def changing(operation: Operation) -> bool:
    """changes something"""
    return not operation.safe


def keyed(operation: Operation) -> bool:
    """takes an idempotency key"""
    return operation.idempotency is not None and operation.secured


def server_metadata(operation: Operation) -> bool:
    """serves the metadata of an authorization server"""
    return "/.well-known/oauth-authorization-server" in operation.path or "openid-configuration" in operation.path


def key_required(operation: Operation) -> bool:
    """requires an idempotency key"""
    return keyed(operation) and operation.demands_key


def key_optional(operation: Operation) -> bool:
    """takes an idempotency key and can do without"""
    return keyed(operation) and not operation.demands_key


def addressed(operation: Operation) -> bool:
    """addresses an object"""
    return operation.addressed


def unaddressed(operation: Operation) -> bool:
    """addresses no object"""
    return not operation.addressed


def emitting(operation: Operation) -> bool:
    """emits an event"""
    return bool(operation.emits)


def emitting_for_anybody(operation: Operation) -> bool:
    """emits an event about an object upon which anybody may act (x-ownership, public)"""
    return emitting(operation) and operation.addressed and operation.ownership.visibility == "public"


def with_location(operation: Operation) -> bool:
    """says where the thing is that it made"""
    return any(answer.status == "201" and "location" in answer.headers for answer in operation.answers)


def stable_object_read(operation: Operation) -> bool:
    """reads one object that belongs to somebody, as it was written"""
    return object_read(operation) and operation.steady


def object_read(operation: Operation) -> bool:
    """reads one object that belongs to somebody"""
    return _of_somebody(operation) and operation.method == "GET" and operation.about_object


def action_only(operation: Operation) -> bool:
    """acts upon an object under a path of its own"""
    return operation.private and operation.method == "POST" and not operation.about_object


def merge_patching(operation: Operation) -> bool:
    """takes a JSON merge patch"""
    return "application/merge-patch+json" in operation.bodies and operation.private


def declaring_problems(operation: Operation) -> bool:
    """declares problem documents for refusals"""
    return any(
        answer.status[0] in "45" and "application/problem+json" in answer.content for answer in operation.answers
    )


def with_etag(operation: Operation) -> bool:
    """reads one object and declares its ETag"""
    return object_read(operation) and any(
        answer.status.startswith("2") and "etag" in answer.headers for answer in operation.answers
    )


def taking_if_none_match(operation: Operation) -> bool:
    """reads one object and declares If-None-Match"""
    return object_read(operation) and operation.takes("header", "If-None-Match")


def taking_if_match(operation: Operation) -> bool:
    """changes an object and declares If-Match"""
    changes = operation.secured and operation.addressed and not operation.safe and not creation(operation)
    return changes and operation.takes("header", "If-Match")


def requiring_if_match(operation: Operation) -> bool:
    """changes an object and requires If-Match"""
    return taking_if_match(operation) and operation.demands("If-Match")


def update_taking_if_match(operation: Operation) -> bool:
    """updates an object and declares If-Match"""
    return taking_if_match(operation) and private_update(operation)


def with_owner(operation: Operation) -> bool:
    """is about what belongs to somebody, as x-ownership says"""
    return operation.secured and operation.ownership.declared and operation.ownership.visibility != "public"


def counting(operation: Operation) -> bool:
    """counts the successes of another one (x-counts)"""
    return operation.counts is not None


def paged(operation: Operation) -> bool:
    """is linked to itself by a cursor"""
    return operation.method == "GET" and any(operation.takes("query", name) for name in operation.fed)


def with_request_id(operation: Operation) -> bool:
    """declares a request id in its answers"""
    return any("request-id" in name for answer in operation.answers for name in answer.headers)


def declaring_no_store(operation: Operation) -> bool:
    """declares that its answer is not to be stored"""
    declared = [answer.headers.get("cache-control", {}) for answer in operation.answers if answer.status[0] == "2"]
    return any("no-store" in str(header.get("schema", {}).get("const", "")) for header in declared)


def registering_receiver(operation: Operation) -> bool:
    """registers a receiver and answers with its secret"""
    return operation.subscription is not None and bool(operation.subscription.secret)
