"""OpenAPI Overlay 1.0: extensions added from outside to a contract that stays as it is."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import jsonpath

from conformance.contract.document import ContractError
from conformance.contract.reading.parsing import parsed

if TYPE_CHECKING:
    from pathlib import Path


def overlaid(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """The document after the overlay's actions, in their order (OpenAPI Overlay 1.0, section 4.4.3)."""
    overlay = parsed(path, what="overlay")
    if not str(overlay.get("overlay", "")).startswith("1."):
        raise ContractError(f"{path} is no OpenAPI Overlay 1: it has no member `overlay: 1.0.0`.")
    for number, action in enumerate(overlay.get("actions", []), 1):
        _act(document, action, f"{path}, action {number}")
    return document


def _act(document: dict[str, Any], action: Any, where: str) -> None:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise ContractError(f"{where} has no target. Give it a JSONPath, such as $.paths['/orders'].post.")
    try:
        matches = list(jsonpath.finditer(action["target"], document))
    except jsonpath.JSONPathError as error:
        raise ContractError(f"{where} has a target that is no JSONPath: {error}. Mend it.") from None
    if not matches:
        told = _behind_reference(document, action["target"]) or "Mend the target."
        raise ContractError(f"{where} targets {action['target']}, which is nowhere in the contract. {told}")
    if not ({"update", "remove"} & action.keys()):
        raise ContractError(
            f"{where} has neither `update` nor `remove`, and so does nothing. Give it one, or leave it out."
        )
    for match in matches:
        if action.get("remove"):
            _remove(match)
        elif "update" in action:
            # Each match gets a copy of its own, or a later action on one of them would change the others.
            _update(match.obj, deepcopy(action["update"]), where)


def _behind_reference(document: dict[str, Any], target: str) -> str:
    """The reference on the way to the target, in a sentence; empty if there is none."""
    for end in range(len(target) - 1, 0, -1):
        if target[end] not in ".[":
            continue
        try:
            found = jsonpath.match(target[:end], document)
        except jsonpath.JSONPathError:
            continue
        if found is not None:
            reference = found.obj.get("$ref") if isinstance(found.obj, dict) else None
            return (
                f"At {target[:end]} stands a reference to {reference}, which no overlay follows." if reference else ""
            )
    return ""


def _remove(match: jsonpath.JSONPathMatch) -> None:
    if match.parent is None:
        raise ContractError("An overlay cannot remove the whole contract. Mend its target.")
    container: Any = match.parent.obj
    del container[match.parts[-1]]


def _update(target: Any, update: Any, where: str) -> None:
    """Merges an object into an object, member by member; adds an entry to a list."""
    if isinstance(target, list):
        target.append(update)
        return
    if not isinstance(target, dict) or not isinstance(update, dict):
        raise ContractError(f"{where} would update what is neither an object nor a list. Target what holds it.")
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _update(target[key], value, where)
        elif isinstance(value, list) and isinstance(target.get(key), list):
            target[key].extend(value)
        else:
            target[key] = value
