"""Which operations a check of versions, keys, unique values or pages is about; docstrings complete "no operation …"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.contract.page_parameters import is_numbered
from conformance.selection.operations import collection, creation, keyed, paged, private_update, reading

if TYPE_CHECKING:
    from conformance.contract.operation import Operation

VERSION = re.compile(r"/v[0-9]+/")


def deprecated(operation: Operation) -> bool:
    """is deprecated"""
    return operation.deprecated


def announcing_deprecation(operation: Operation) -> bool:
    """declares Deprecation in its answers"""
    return any("deprecation" in answer.headers for answer in operation.answers)


def not_deprecated(operation: Operation) -> bool:
    """is neither deprecated nor declares Deprecation"""
    return not operation.deprecated and not announcing_deprecation(operation)


def announcing_sunset(operation: Operation) -> bool:
    """declares Sunset in its answers"""
    return operation.promises("sunset")


def versioned(operation: Operation) -> bool:
    """is read at a path with a version in it"""
    return reading(operation) and VERSION.search(operation.path) is not None


def with_key_retention(operation: Operation) -> bool:
    """takes an idempotency key and says how long it is remembered"""
    return keyed(operation) and bool(operation.idempotency and operation.idempotency.retention)


def marking_replays(operation: Operation) -> bool:
    """takes an idempotency key and marks what it answers again"""
    return keyed(operation) and bool(operation.idempotency and operation.idempotency.replayed)


def with_unique_member(operation: Operation) -> bool:
    """makes an object with a value that no other one may have (x-unique)"""
    return bool(operation.unique)


def storing_conflicts(operation: Operation) -> bool:
    """stores under an idempotency key that a value is taken (x-unique, and 409 under stored)"""
    rules = operation.idempotency
    return rules is not None and keyed(operation) and with_unique_member(operation) and 409 in rules.stored


def with_next_link(operation: Operation) -> bool:
    """is linked to itself by a cursor and declares Link"""
    return paged(operation) and operation.promises("link")


def list_taking_if_none_match(operation: Operation) -> bool:
    """lists what belongs to the caller and declares If-None-Match"""
    return collection(operation) and operation.takes("header", "If-None-Match")


def list_with_etag(operation: Operation) -> bool:
    """lists what belongs to the caller and declares ETag"""
    return collection(operation) and operation.promises("etag")


def replacing(operation: Operation) -> bool:
    """replaces an object by what a JSON body says (x-replaces)"""
    return operation.private and operation.takes_json and bool(operation.raw.get("x-replaces", False))


def keyed_registration(operation: Operation) -> bool:
    """registers a receiver and takes an idempotency key"""
    return keyed(operation) and operation.subscription is not None


def acting_upon_object(operation: Operation) -> bool:
    """changes an object, or acts upon it"""
    return operation.secured and operation.addressed and not operation.safe and operation.method != "DELETE"


def acting_under_own_path(operation: Operation) -> bool:
    """acts upon an object under a path of its own, whosever that is"""
    return acting_upon_object(operation) and operation.method == "POST" and not operation.about_object


def keyed_by_principal(operation: Operation) -> bool:
    """takes an idempotency key that is bound to its principal"""
    return keyed(operation) and "principal" in operation.raw["x-idempotency"].get("scope", ())


def telling_tag(operation: Operation) -> bool:
    """makes an object, or changes one, and declares ETag in its answer"""
    return operation.secured and operation.promises("etag") and (creation(operation) or private_update(operation))


def action_telling_tag(operation: Operation) -> bool:
    """acts upon an object and declares ETag in its answer"""
    return acting_upon_object(operation) and operation.method == "POST" and operation.promises("etag")


def numbered(operation: Operation) -> bool:
    """takes the size and the number, the offset or the cursor of a page"""
    return operation.method == "GET" and not operation.fed and is_numbered(operation)
