"""Conditions of Arazzo 1.1 (section "Criterion Object"): simple ones, regular expressions and JSONPath."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonpath

from conformance.contract.arazzo.runtime_expressions import (
    EMBEDDED,
    JSONPATH,
    embedded,
    evaluated,
    expressions,
    insist_on_grammar,
    kind_of,
    looked_up,
    text_of,
)
from conformance.contract.document import ContractError

Scope = Mapping[str, Any]
Valued = Callable[[Scope], Any]

TOKENS = re.compile(
    r"\s*(?:(?P<operator>&&|\|\||[=!<>]=|[<>!()])|(?P<expression>\$[^\s=!<>&|()']+)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>(?:true|false|null)\b))",
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
WORDS = {"true": True, "false": False, "null": None}
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One demand on what a step has seen; `terms` are the expressions whose values explain the outcome."""

    condition: str
    kind: str  # simple, regex or jsonpath
    context: str
    terms: tuple[str, ...]

    @classmethod
    def of(cls, declared: Mapping[str, Any]) -> Criterion:
        """The criterion as the document has it. Raises ContractError with what is wrong, without the place."""
        kind, context, condition = (
            kind_of(declared.get("type", "simple")),
            declared.get("context", ""),
            declared["condition"],
        )
        if kind == "simple":
            terms = parsed(condition)[1]
        else:
            _insist_on_pattern(kind, condition)
            terms = (context, *expressions(condition))
        for term in terms:
            insist_on_grammar(term)
        return cls(condition=condition, kind=kind, context=context, terms=terms)

    def holds(self, scope: Scope) -> bool:
        """What cannot be evaluated does not hold (section "Evaluation Errors")."""
        if self.kind == "simple":
            return bool(parsed(self.condition)[0](scope))
        context, condition = evaluated(self.context, scope), embedded(self.condition, scope)
        if context is None:
            return False
        try:
            if self.kind == "regex":
                return re.search(condition, text_of(context)) is not None
            return bool(JSONPATH.findall(condition, context))
        except (re.error, jsonpath.JSONPathError, TypeError):
            return False

    @property
    def words(self) -> str:
        """What is demanded, in a line."""
        return self.condition if self.kind == "simple" else f"{self.context} as {self.kind} {self.condition}"

    def seen(self, scope: Scope) -> str:
        """What its expressions stand for."""
        return ", ".join(f"{term} is {_told(looked_up(term, scope))}" for term in self.terms)


def _insist_on_pattern(kind: str, condition: str) -> None:
    """A pattern without expressions in it is known before the run."""
    if kind == "xpath":
        raise ContractError("conditions of the type xpath are not supported; use simple, regex or jsonpath")
    if EMBEDDED.search(condition):
        return
    try:
        if kind == "regex":
            re.compile(condition)
        else:
            JSONPATH.compile(condition)
    except (re.error, jsonpath.JSONPathError) as error:
        raise ContractError(f"the condition {condition} is no {kind}: {' '.join(str(error).split())}") from None


def parsed(condition: str) -> tuple[Valued, tuple[str, ...]]:
    """A simple condition as a function of the scope, and the expressions in it. Raises ContractError."""
    parser = _Parser(condition)
    return parser.whole(), tuple(parser.terms)


class _Parser:
    """Recursive descent: `||` binds least, then `&&`, then `!`, then comparisons."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._cut(text)
        self.terms: list[str] = []

    def whole(self) -> Valued:
        value = self._any()
        if self._tokens:
            raise self._error(f"at {self._tokens[0][1]}")
        return value

    def _cut(self, text: str) -> list[tuple[str, str]]:
        tokens, position = [], 0
        while text[position:].strip():
            found = TOKENS.match(text, position)
            if found is None:
                raise self._error(f"at {text[position:].strip()[:20]}")
            tokens.append((str(found.lastgroup), str(found[str(found.lastgroup)])))
            position = found.end()
        return tokens

    def _error(self, where: str) -> ContractError:
        return ContractError(f"the condition {self._text} cannot be read {where}")

    def _take(self, *operators: str) -> str:
        if self._tokens and self._tokens[0][0] == "operator" and self._tokens[0][1] in operators:
            return self._tokens.pop(0)[1]
        return ""

    def _any(self) -> Valued:
        parts = [self._all()]
        while self._take("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda scope: any(truth(part(scope)) for part in parts)

    def _all(self) -> Valued:
        parts = [self._not()]
        while self._take("&&"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda scope: all(truth(part(scope)) for part in parts)

    def _not(self) -> Valued:
        if self._take("!"):
            inner = self._not()
            return lambda scope: not truth(inner(scope))
        return self._comparison()

    def _comparison(self) -> Valued:
        left = self._operand()
        operator = self._take("==", "!=", *ORDERS)
        if not operator:
            return left
        right = self._operand()
        return lambda scope: compared(operator, left(scope), right(scope))

    def _operand(self) -> Valued:
        if self._take("("):
            inner = self._any()
            if not self._take(")"):
                raise self._error("to its end: a bracket is open")
            return inner
        if not self._tokens or self._tokens[0][0] == "operator":
            raise self._error(f"at {self._tokens[0][1]}" if self._tokens else "to its end")
        kind, text = self._tokens.pop(0)
        if kind == "expression":
            self.terms.append(text)
            return lambda scope: looked_up(text, scope)
        value = _literal(kind, text)
        return lambda _scope: value


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return text[1:-1].replace("''", "'")
    return WORDS[text] if kind == "word" else _number(text)


def _number(text: str) -> float:
    return float(text) if set(text) & set(".eE") else int(text)


def truth(value: Any) -> bool:
    return bool(value)


def compared(operator: str, left: Any, right: Any) -> bool:
    """Texts without regard to case, numbers in texts as numbers beside a number; null equals itself alone."""
    left, right = _alike(left, right)
    comparable = isinstance(left, bool) == isinstance(right, bool)
    if operator in {"==", "!="}:
        return (comparable and bool(left == right)) == (operator == "==")
    ordered = comparable and all(isinstance(each, (int, float)) for each in (left, right))
    return (ordered or (isinstance(left, str) and isinstance(right, str))) and ORDERS[operator](left, right)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold(), right.casefold()
    if _counts(left) and isinstance(right, str) and NUMBER.fullmatch(right):
        return left, _number(right)
    if _counts(right) and isinstance(left, str) and NUMBER.fullmatch(left):
        return _number(left), right
    return left, right


def _counts(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _told(value: Any) -> str:
    """The value as a condition would have it: a text in single quotes, else JSON."""
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
