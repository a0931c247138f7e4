"""What a document lets one guess of promises that OpenAPI has no words for, each with its reason."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonpath

from conformance.contract.document import follow
from conformance.contract.relations.related_operations import above, monitor
from conformance.init.needs import WORD, words
from conformance.results.untrusted_text import plural
from conformance.schemas.composition import keyword, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation

IDEMPOTENT = re.compile(r"idempot", re.IGNORECASE)
KEY = re.compile(r"idempot|\bkey\b", re.IGNORECASE)
OTHER = re.compile(r"different|other|mismatch|reused", re.IGNORECASE)
RUNNING = re.compile(r"progress|running|processed|processing|concurrent", re.IGNORECASE)
KEY_REFUSALS = {"mismatch": 422, "in-progress": 409}
ENTRANCES = {"login", "signin", "token", "tokens", "session", "sessions", "authenticate", "register", "signup"}
SECRETS = {"password", "client_secret", "otp", "pin"}
RECEIVERS = {"webhook", "webhooks", "hook", "hooks", "subscription", "subscriptions", "callback", "callbacks"}
ADDRESSES = ("url", "callback_url", "callbackUrl", "target_url", "targetUrl", "endpoint", "callback", "target")
TOPICS = ("events", "event_types", "eventTypes", "topics")
PUT_AWAY = {"deletedAt", "deleted_at", "archivedAt", "archived_at", "archived", "isDeleted", "is_deleted"}
DISTINCT = {"email", "username", "slug", "handle", "phone", "sku", "name", "code"}
GRANTED = {"approve", "reject", "ban", "unban", "suspend", "verify", "impersonate", "moderate", "promote", "escalate"}
STAFF = {"admin", "admins", "staff", "internal", "superuser"}
STATES = ("status", "state", "phase")
JOBS = {"job", "jobs", "task", "tasks", "export", "exports", "import", "imports", "operation", "operations"}
ENDED = re.compile(
    r"done|complete|success|succeed|fail|error|cancel|finish|ready|expired|abort|rejected", re.IGNORECASE
)
READING = re.compile(r"(?P<stem>.*[:./_-]|)(?P<word>write|admin|manage)(?P<rest>.*)")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One action of an overlay: an update, or else a removal.

    It is `certain` if the document itself says it, in other words, or the server does.
    """

    target: str  # JSONPath
    update: Mapping[str, Any] | None
    reason: str
    certain: bool = False


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """Proposals for a contract; `raw` is its document as it was written, which an overlay is for."""

    contract: Contract
    raw: Mapping[str, Any]

    def proposals(self) -> list[Proposal]:
        """All of them."""
        found = [*self._ownership(), *self._scopes()]
        ways = (
            self._key,
            self._login,
            self._roles,
            self._receiver,
            self._upsert,
            self._archive,
            self._unique,
            self._job,
        )
        found += [proposal for operation in self.contract.operations for way in ways for proposal in way(operation)]
        return [each for each in found if self.reaches(each)]

    def registering(self) -> str:
        """The operation that seems to register receivers of events; "" if none does."""
        return next((each.id for each in self.contract.operations if any(self._receiver(each))), "")

    def reaches(self, proposal: Proposal) -> bool:
        """It is about what stands in the document as it was written, and is no reference to something else."""
        found = jsonpath.match(proposal.target, self.raw)
        return found is not None and isinstance(found.obj, dict) and "$ref" not in found.obj

    def target(self, operation: Operation) -> str:
        """The JSONPath of an operation, in the document as it was written."""
        paths, path = self.raw.get("paths", {}), operation.path
        path = path if path in paths else path.removeprefix(self.contract.within)
        return f"$.paths[{json.dumps(path)}].{operation.method.lower()}"

    def _ownership(self) -> Iterator[Proposal]:
        secured = [each for each in self.contract.operations if each.takes_credentials and each.addressed]
        if not secured or "x-ownership" in self.raw:
            return
        told = (
            f"{plural(len(secured), 'operation')}, of which {secured[0].id} is the first, can be asked by known "
            "callers about one object. If an object is its maker's alone, this has the suite try whether anybody else "
            "can read, change or delete it. Write `tenant` for `private` if all of one organisation share it."
        )
        yield Proposal(target="$", update={"x-ownership": {"visibility": "private"}}, reason=told)

    def _scopes(self) -> Iterator[Proposal]:
        schemes = self.contract.document.get("components", {}).get("securitySchemes", {})
        where = "$.components.securitySchemes" if "components" in self.raw else "$.securityDefinitions"
        for name, scheme in schemes.items():
            flows = follow(self.contract.document, scheme).get("flows", {}).values()
            known = sorted({scope for flow in flows for scope in flow.get("scopes", {})})
            implied = {scope: lesser for scope in known if (lesser := _implied(scope, known))}
            if implied and "x-implied-scopes" not in follow(self.contract.document, scheme):
                told = "The names of these scopes sound as if one brought the other with it. If it does, a token "
                told += "with the first is not expected to be refused what asks for the second."
                target = f"{where}[{json.dumps(name)}]"
                yield Proposal(target=target, update={"x-implied-scopes": implied}, reason=told)

    def _key(self, operation: Operation) -> Iterator[Proposal]:
        header = next((known.name for known in operation.of_place("header") if IDEMPOTENT.search(known.name)), "")
        if not header or operation.safe or operation.idempotency:
            return
        target, scope = self.target(operation), "principal" if operation.takes_credentials else "operation"
        told = f"{operation.id} takes the header {header}: a request that repeats its value has no second effect, and "
        told += "gets the first answer again."
        said = dict(self._key_refusals(operation))
        refuses = operation.declares(409) and 409 not in said.values()
        told += " It declares 409: if a repeated value gets that, this is not so." if refuses else ""
        update: dict[str, Any] = {"header": header, "scope": [scope]}
        yield Proposal(target=target, update={"x-idempotency": update}, reason=told, certain=not refuses)
        usual = {member: status for member, status in KEY_REFUSALS.items() if operation.declares(status)}
        for member, status in (said or usual).items():
            case = "its key came with another body" if member == "mismatch" else "the first request still runs"
            told = f"{operation.id} declares {status}. This says that it is the answer where {case}."
            yield Proposal(target=target, update={"x-idempotency": {member: status}}, reason=told)

    def _key_refusals(self, operation: Operation) -> Iterator[tuple[str, int]]:
        """The members of x-idempotency for which the description of an answer speaks of the key."""
        for status, declared in operation.raw.get("responses", {}).items():
            description = str(follow(self.contract.document, declared).get("description", ""))
            if str(status).isdigit() and KEY.search(description):
                member = "in-progress" if RUNNING.search(description) else "mismatch"
                if member == "in-progress" or OTHER.search(description):
                    yield member, int(status)

    def _login(self, operation: Operation) -> Iterator[Proposal]:
        hints = SECRETS & self.members(operation)
        named = ENTRANCES & words(operation) or operation.path == self.contract.token_path
        if operation.method != "POST" or not (named and hints) or {"x-login", "x-session"} & operation.raw.keys():
            return
        told = (
            f"{operation.id} sounds like an entrance, and its body has {_enumerated(hints)}: what it answers depends "
        )
        told += "on who that is, so bodies of the suite's own are not expected to succeed."
        told += " The contract asks for credentials there; is that so?" if operation.secured else ""
        update = {"x-login": True}
        yield Proposal(target=self.target(operation), update=update, reason=told, certain=not operation.secured)

    def _roles(self, operation: Operation) -> Iterator[Proposal]:
        hints = STAFF & {word.lower() for text in (operation.path, *operation.tags) for word in WORD.findall(text)}
        granted = GRANTED & words(operation) if operation.declares(403) and operation.method != "GET" else set()
        if not (hints or granted) or not operation.secured or operation.roles:
            return
        told = (
            f"{operation.id} speaks of {_enumerated(hints or granted)}. If only some people may use it, name the role; "
        )
        told += "an identity with `roles = []` is then refused, and one with the role is used for it."
        yield Proposal(target=self.target(operation), update={"x-roles": [min(hints or {"admin"})]}, reason=told)

    def _receiver(self, operation: Operation) -> Iterator[Proposal]:
        members = properties(self.contract.document, operation.body_schema) if operation.bodies else {}
        url = next((name for name in ADDRESSES if name in members), "")
        if operation.method != "POST" or not url or not RECEIVERS & words(operation) or operation.subscription:
            return
        events = next((name for name in TOPICS if name in members), "")
        known = {"url": f"/{url}", "events": f"/{events}" if events else "", "enabled": _switch(members)}
        known["chosen-secret"] = "/secret" if "secret" in members else ""
        known["secret"] = "/secret" if not known["chosen-secret"] and "secret" in self.shown(operation) else ""
        told = f"{operation.id} takes an address at {url}. If that is where events are sent, the suite can register "
        told += "receivers of its own, and tries addresses that must not be called; [receiver] says where they listen."
        update = {"x-subscription": {name: value for name, value in known.items() if value}}
        yield Proposal(target=self.target(operation), update=update, reason=told)

    def _upsert(self, operation: Operation) -> Iterator[Proposal]:
        made = self.contract.at("POST", above(operation)) or operation.declares(201) or "x-upsert" in operation.raw
        if operation.method != "PUT" or not operation.about_object or made:
            return
        told = f"Nothing else makes what {operation.id} is about. If it makes what is not there, whatever its status, "
        told += "objects are made by it."
        yield Proposal(target=self.target(operation), update={"x-upsert": True}, reason=told)

    def _archive(self, operation: Operation) -> Iterator[Proposal]:
        reading = self.contract.at("GET", operation.path)
        if operation.method != "DELETE" or reading is None or "x-archives" in operation.raw:
            return
        hints = PUT_AWAY & self.shown(reading)
        if hints:
            told = f"{reading.id} can show {_enumerated(hints)}. If what was deleted is only put away, and its address "
            told += "or a list still shows it, this has that not be called a defect."
            yield Proposal(target=self.target(operation), update={"x-archives": True}, reason=told)

    def _unique(self, operation: Operation) -> Iterator[Proposal]:
        members = sorted(DISTINCT & self.members(operation))
        if operation.method != "POST" or not operation.declares(409) or not members or "x-unique" in operation.raw:
            return
        told = f"{operation.id} declares 409. If that is for a value of {members[0]} that another object has already, "
        told += "many creations at once with one value are tried: one of them must succeed."
        yield Proposal(target=self.target(operation), update={"x-unique": [f"/{members[0]}"]}, reason=told)

    def _job(self, operation: Operation) -> Iterator[Proposal]:
        known = self.contract.operations
        reading = monitor(operation, known) or next(filter(_about_job, known), None)
        if not operation.declares(202) or reading is None or operation.job:
            return
        name, states = next(self._states(reading), ("", []))
        terminal = [each for each in states if ENDED.search(each)]
        pending = [each for each in states if each not in terminal]
        if not pending or not terminal:
            return
        told = f"{operation.id} answers 202, and {reading.id} shows {name}. If that is how far its work has come, it "
        told += "must end in one of these states, and pass through the others in this order."
        update = {"x-job": {"state": f"/{name}", "pending": pending, "terminal": terminal}}
        yield Proposal(target=self.target(operation), update=update, reason=told)

    def _states(self, reading: Operation) -> Iterator[tuple[str, list[str]]]:
        """The members that it shows of something's state, each with the values that the state may have."""
        for schema in self._answers(reading):
            members = properties(self.contract.document, schema)
            for name in (each for each in STATES if each in members):
                yield name, [str(value) for value in keyword(self.contract.document, members[name], "enum") or ()]

    def members(self, operation: Operation) -> set[str]:
        """The members that its body declares."""
        return set(properties(self.contract.document, operation.body_schema)) if operation.bodies else set()

    def shown(self, operation: Operation) -> set[str]:
        """The members that its successful answers declare."""
        return {name for schema in self._answers(operation) for name in properties(self.contract.document, schema)}

    def _answers(self, operation: Operation) -> list[Any]:
        """The schemas of its successful answers."""
        contents = (each.content.values() for each in operation.answers if each.status.startswith("2"))
        return [content.get("schema", {}) for some in contents for content in some]


def _about_job(operation: Operation) -> bool:
    """It reads one thing that is called as jobs are."""
    return operation.method == "GET" and operation.about_object and bool(JOBS & words(operation))


def _implied(scope: str, known: list[str]) -> list[str]:
    """Scopes that one with this name may bring with it: what is below it, and reading where it writes."""
    below = [other for other in known if re.match(rf"{re.escape(scope)}[:./]", other)]
    found = READING.fullmatch(scope)
    reading = f"{found['stem']}read{found['rest']}" if found else ""
    return [*below, *([reading] if reading in known else [])]


def _switch(members: Mapping[str, Any]) -> str:
    return next((f"/{name}" for name in ("enabled", "active", "is_active", "isActive") if name in members), "")


def _enumerated(names: set[str]) -> str:
    return ", ".join(sorted(names))
