"""Sessions in cookies that a document declares, and leaves open how they begin and end (x-session)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.init.needs import words
from conformance.init.proposals import ENTRANCES, Guesses, Proposal

if TYPE_CHECKING:
    from conformance.contract.operation import Operation, Scheme

NAMES = ("username", "email", "login", "user", "name")
EXITS = {"logout", "signout"}
SESSIONS = {"session", "sessions"}
FORGERY = ("csrf", "xsrf")
# Header of the proof, in small letters → the cookie in which frameworks give it.
TOKEN_COOKIES = {"x-csrftoken": "csrftoken", "x-xsrf-token": "XSRF-TOKEN"}


@dataclass(frozen=True, kw_only=True)
class SessionGuess:
    """The proposal of x-session, where one operation logs people in, and another one out."""

    guesses: Guesses

    def proposals(self) -> list[Proposal]:
        """It, or none."""
        known = self.guesses.contract.operations
        cookie = next((each for each in self._schemes if each.place == "cookie"), None)
        entrance = next((each for each in known if self._enters(each)), None)
        if cookie is None or entrance is None or self.guesses.contract.session_rules:
            return []
        exit_ = next((each for each in known if _leaves(each, entrance)), None)
        if exit_ is None:
            return []
        name = _name(self.guesses.members(entrance))
        rules = {"scheme": cookie.name, "username": f"/{name}", "password": "/password", "logout": exit_.id}
        told = (
            f"{entrance.id} takes a name and a password, {exit_.id} sounds like the way out, and {cookie.name} is the "
        )
        told += "cookie that people have in between."
        update = {"x-session": rules | self._proof(entrance)}
        found = Proposal(target=self.guesses.target(entrance), update=update, reason=told, certain=True)
        return [found] if self.guesses.reaches(found) else []

    @property
    def _schemes(self) -> list[Scheme]:
        return [asked.scheme for each in self.guesses.contract.operations for one in each.alternatives for asked in one]

    def _enters(self, operation: Operation) -> bool:
        members = self.guesses.members(operation)
        named = bool(_name(members)) and "password" in members
        return operation.method == "POST" and named and bool(ENTRANCES & words(operation)) and not operation.secured

    def _proof(self, entrance: Operation) -> dict[str, str]:
        """The members about the proof against forged requests, where a header takes one and it is known where from."""
        headers = [each for each in self._schemes if each.kind == "key" and each.place == "header"]
        found = next((each for each in headers if any(word in each.parameter.lower() for word in FORGERY)), None)
        if found is None:
            return {}
        shown = [name for name in sorted(self.guesses.shown(entrance)) if any(word in name.lower() for word in FORGERY)]
        if shown:
            return {"proof": found.name, "token": f"/{shown[0]}"}
        cookie = TOKEN_COOKIES.get(found.parameter.lower(), "")
        return {"proof": found.name, "token-cookie": cookie} if cookie else {}


def _leaves(operation: Operation, entrance: Operation) -> bool:
    """It logs out: it is called so, or takes away what the entrance is the way to."""
    gone = operation.method == "DELETE" and (operation.path == entrance.path or bool(SESSIONS & words(operation)))
    return operation.secured and not operation.addressed and (gone or bool(EXITS & words(operation)))


def _name(members: set[str]) -> str:
    """What the name of a person is called; empty if nothing is."""
    return next((name for name in NAMES if name in members), "")
