"""Which operations a check is about; each predicate's docstring completes "no operation …"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.operation import Operation


def anything(operation: Operation) -> bool:
    """is declared"""
    return bool(operation.id)


def secured(operation: Operation) -> bool:
    """requires credentials"""
    return operation.secured


def public(operation: Operation) -> bool:
    """is open to everybody"""
    return not operation.secured


def bearing(operation: Operation) -> bool:
    """takes a bearer token"""
    return operation.bearer


def scoped(operation: Operation) -> bool:
    """requires a scope"""
    return operation.bearer and bool(operation.scopes)


def private(operation: Operation) -> bool:
    """addresses an object that belongs to somebody"""
    return operation.private


def private_read(operation: Operation) -> bool:
    """reads an object that belongs to somebody"""
    return operation.private and operation.safe


def private_update(operation: Operation) -> bool:
    """changes an object that belongs to somebody"""
    return operation.private and operation.method in {"PATCH", "PUT"}


def private_delete(operation: Operation) -> bool:
    """deletes an object that belongs to somebody"""
    return operation.private and operation.method == "DELETE"


def private_action(operation: Operation) -> bool:
    """acts upon an object that belongs to somebody"""
    return operation.private and operation.method == "POST"


def collection(operation: Operation) -> bool:
    """lists what belongs to the caller"""
    return operation.secured and operation.method == "GET" and not operation.path.endswith("}")


def creation(operation: Operation) -> bool:
    """makes an object"""
    return operation.method == "POST" and 201 in operation.success


def changing(operation: Operation) -> bool:
    """changes something"""
    return not operation.safe


def keyed(operation: Operation) -> bool:
    """takes an idempotency key"""
    return operation.idempotency is not None and operation.secured


def taking_json(operation: Operation) -> bool:
    """takes a JSON body"""
    return operation.takes_json


def emitting(operation: Operation) -> bool:
    """emits an event"""
    return bool(operation.emits)


def locating(operation: Operation) -> bool:
    """says where the thing is that it made"""
    return any(answer.status == "201" and "location" in answer.headers for answer in operation.answers)


def reading_one(operation: Operation) -> bool:
    """reads one object that belongs to somebody"""
    return operation.private and operation.method == "GET" and operation.path.endswith("}")


def action_only(operation: Operation) -> bool:
    """acts upon an object under a path of its own"""
    return operation.private and operation.method == "POST" and not operation.path.endswith("}")


def merge_patching(operation: Operation) -> bool:
    """takes a JSON merge patch"""
    return "application/merge-patch+json" in operation.bodies and operation.private
