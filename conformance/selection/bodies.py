"""Which bodies an operation takes; each predicate's docstring completes "no operation …"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.operation import Operation

OTHER_MEDIA_TYPES = {"text": "text/plain", "xml": "application/xml"}


def with_closed_media_types(operation: Operation) -> bool:
    """takes a body, and none that is text/plain or application/xml"""
    return bool(operation.bodies) and not any(map(operation.body_of, OTHER_MEDIA_TYPES.values()))


def with_closed_json(operation: Operation) -> bool:
    """takes a body, and none that is application/json"""
    return bool(operation.bodies) and operation.body_of("application/json") is None


def taking_body(operation: Operation) -> bool:
    """takes a body"""
    return bool(operation.bodies)


def taking_json(operation: Operation) -> bool:
    """takes a JSON body"""
    return operation.takes_json


def writing_json(operation: Operation) -> bool:
    """writes what a JSON body says"""
    return operation.takes_json and not operation.safe


def writing_synchronously(operation: Operation) -> bool:
    """writes what a JSON body says before it answers"""
    return writing_json(operation) and operation.job is None


def with_size_limit(operation: Operation) -> bool:
    """takes JSON and declares 413"""
    return operation.takes_json and operation.declares(413)
