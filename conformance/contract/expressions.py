"""Runtime expressions (OpenAPI 3.1, section 4.8.20.4): how a link takes values out of an exchange."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

EMBEDDED = re.compile(r"\{(\$[^}]+)\}")


def evaluate(expression: Any, exchange: Mapping[str, Any]) -> Any:
    """The value of an expression, or the constant it is; None where the exchange has nothing there.

    Raises ContractError for what begins as an expression and is none.

    `exchange` holds `url`, `method`, `statusCode`, `request` and `response`; these two hold `path`, `query`,
    `header` (lower-case names) and `body` (JSON).
    """
    if not isinstance(expression, str):
        return expression
    if expression.startswith("$"):
        return _value(expression, exchange)
    return EMBEDDED.sub(lambda found: str(_value(found[1], exchange)), expression)


def evaluated(value: Any, exchange: Mapping[str, Any]) -> Any:
    """The value of an expression, or those of a list of them."""
    return [evaluate(each, exchange) for each in value] if isinstance(value, list) else evaluate(value, exchange)


def _value(expression: str, exchange: Mapping[str, Any]) -> Any:
    head, _, pointer = expression.removeprefix("$").partition("#")
    if head in {"url", "method", "statusCode"}:
        return exchange[head]
    side, _, rest = head.partition(".")
    place, _, name = rest.partition(".")
    if side not in {"request", "response"} or place not in {"path", "query", "header", "body"}:
        raise ContractError(f"A link of the contract has the expression {expression}, which is none. Mend the link.")
    if place == "body":
        return _at(exchange[side].get("body"), pointer)
    return exchange[side].get(place, {}).get(name.lower() if place == "header" else name)


def _at(body: Any, pointer: str) -> Any:
    try:
        return resolve(body, pointer) if pointer else body
    except ContractError:
        return None
