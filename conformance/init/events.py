"""The beginning of an AsyncAPI document for webhooks of which an OpenAPI document tells in passing."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from conformance.contract.document import follow
from conformance.init.needs import WORD
from conformance.init.proposals import TOPICS, Guesses, Proposal
from conformance.results.untrusted_text import one_line
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation

EVENTS = "asyncapi.yaml"  # the name of the file
VERBS = {  # the last word of an event → the methods that cause it
    "created": ("POST",),
    "added": ("POST",),
    "registered": ("POST",),
    "requested": ("POST",),
    "submitted": ("POST",),
    "opened": ("POST",),
    "updated": ("PUT", "PATCH"),
    "changed": ("PUT", "PATCH"),
    "modified": ("PUT", "PATCH"),
    "deleted": ("DELETE",),
    "removed": ("DELETE",),
    "cancelled": ("DELETE",),
    "canceled": ("DELETE",),
}
ENDING = re.compile(r"(?<=..)(?:(?:ll)?ed|ing|[ei]?es|s|e|y|ies)$")
IRREGULAR = {"paid": "pay", "sent": "send"}
SIGNED = re.compile(r"\b[A-Za-z]+(?:-[A-Za-z0-9]+)*-Signature(?:-[A-Za-z0-9]+)*\b", re.IGNORECASE)
LINE = 110
HEAD = (
    "What is sent to receivers, as far as the OpenAPI document tells: the names of events. Give each the schema of its "
    "payload, and name this file under [target] as asyncapi, once events are to be judged. How deliveries are signed "
    "is a guess, so it is not in force: take out the signs if it is true. `spec/vocabulary.md` explains "
    "x-signature and x-delivery."
)


@dataclass(frozen=True, kw_only=True)
class EventGuesses:
    """Which events there are, which operations cause them, and how deliveries are signed."""

    guesses: Guesses

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The events that can be subscribed to; without such a list, the webhooks of the document."""
        contract = self.guesses.contract
        registering = self.guesses.registering() or (contract.subscription.operation if contract.subscription else "")
        if not registering:
            return ()
        members = properties(contract.document, contract.operation(registering).body_schema)
        listed: Any = next((members[name] for name in TOPICS if name in members), {})
        named = follow(contract.document, follow(contract.document, listed).get("items", {})).get("enum", ())
        return tuple(str(name) for name in named or contract.document.get("webhooks", {}))

    def proposals(self) -> list[Proposal]:
        """`x-emits` for the operations whose words are those of an event."""
        pairs = ((operation, self._caused(operation)) for operation in self.guesses.contract.operations)
        found = [self._emission(operation, events) for operation, events in pairs if events and not operation.emits]
        return [each for each in found if self.guesses.reaches(each)]

    def _emission(self, operation: Operation, events: list[str]) -> Proposal:
        told = f"{operation.id} sounds as if it caused {', '.join(events)}. If so, each success is expected to be told."
        return Proposal(target=self.guesses.target(operation), update={"x-emits": events}, reason=told)

    def _caused(self, operation: Operation) -> list[str]:
        return [] if operation.safe else [name for name in self.names if _sounds_like(operation, name)]

    def text(self) -> str:
        """The document, with its comments; empty if no event is known."""
        if not self.names:
            return ""
        contract = self.guesses.contract
        messages = {name: {"name": name, "payload": self._payload(name)} for name in self.names}
        document: dict[str, Any] = {
            "asyncapi": "3.0.0",
            "info": {
                "title": f"Events of {contract.title}",
                "version": contract.version or "1",
            },
            "defaultContentType": "application/json",
            "channels": {"receiver": {"address": None, "messages": messages}},
            "operations": {"deliver": {"action": "send", "channel": {"$ref": "#/channels/receiver"}}},
        }
        written = yaml.safe_dump(document, sort_keys=False, width=1_000_000, allow_unicode=True)
        return "\n".join([*_comment(HEAD, "# "), written + "\n".join(self._signature())]) + "\n"

    def _payload(self, name: str) -> dict[str, Any]:
        """As a webhook of that name has it."""
        document = self.guesses.contract.document
        sent = follow(document, document.get("webhooks", {}).get(name, {})).get("post", {})
        content = follow(document, sent.get("requestBody", {})).get("content", {})
        schema: Any = dict(next(iter(content.values()), {})).get("schema", {})
        return {"type": "object"} if "$ref" in json.dumps(schema) or not schema else dict(schema)

    def _signature(self) -> Iterator[str]:
        texts = " ".join(_descriptions(self.guesses.raw))
        field = next(iter(SIGNED.findall(texts)), "")
        if not field:
            yield from _comment("The document does not say how deliveries are signed. If they are:", "    # ")
            yield "    #x-signature: {scheme: standard-webhooks, tolerance: 300}"
            return
        yield from _comment(f"The document speaks of {field}. If that is how deliveries are signed:", "    # ")
        scheme = yaml.safe_dump({"x-signature": {"scheme": _scheme(field, texts)}}, sort_keys=False).splitlines()
        yield from (f"    #{line}" for line in scheme)


def _sounds_like(operation: Operation, event: str) -> bool:
    """The event is about what the path names last, by the verb of the method; or by the verb that is named last."""
    *nouns, verb = [word.lower() for word in WORD.findall(event)] or [""]
    parts = (part for part in operation.path.split("/") if "{" not in part)
    literal = [_stem(word.lower()) for part in parts for word in WORD.findall(part)]
    if not nouns or not literal:
        return False
    noun = _stem(nouns[-1])
    if verb in VERBS:
        whole = operation.path.rstrip("/").endswith("}") == (operation.method != "POST")
        return operation.method in VERBS[verb] and whole and noun == literal[-1]
    return _stem(verb) == literal[-1] and noun in literal


def _stem(word: str) -> str:
    """The word without the endings of plurals and of what is done."""
    word = IRREGULAR.get(word, word)
    return ENDING.sub("", ENDING.sub("", word))


def _scheme(field: str, texts: str) -> Any:
    """A description of the scheme whose signature is in this field, as the texts sound."""
    known = {"webhook-signature": "standard-webhooks", "stripe-signature": "stripe", "x-hub-signature-256": "github"}
    if field.lower() in known:
        return known[field.lower()]
    if re.search(r"\bt=.*\bv1=", texts, re.DOTALL):
        place = {"header": field, "separator": ","}
        return {
            "secret": {"encoding": "text"},
            "algorithm": "hmac-sha256",
            "content": "{timestamp}.{body}",
            "timestamp": {**place, "prefix": "t="},
            "signature": {**place, "prefix": "v1=", "encoding": "hex"},
            "tolerance": 300,
        }
    prefix = {"prefix": "sha256="} if "sha256=" in texts else {}
    encoding = "base64" if "base64" in texts.lower() else "hex"
    return {
        "secret": {"encoding": "text"},
        "algorithm": "hmac-sha256",
        "content": "{body}",
        "signature": {"header": field, **prefix, "encoding": encoding},
    }


def _descriptions(value: Any) -> Iterator[str]:
    """All texts of a document that are for people."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in {"description", "summary"} and isinstance(member, str):
                yield member
            else:
                yield from _descriptions(member)
    elif isinstance(value, list):
        for member in value:
            yield from _descriptions(member)


def _comment(text: str, sign: str) -> list[str]:
    return textwrap.wrap(
        one_line(text, 2000), LINE, initial_indent=sign, subsequent_indent=sign, break_on_hyphens=False
    )
