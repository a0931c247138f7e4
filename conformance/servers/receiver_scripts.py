"""The scripts of the delivery lab: how a receiver answers a delivery, and how a sender must take the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING

from conformance.servers.webhook_receiver import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.vocabulary import Delivery as Policy

CHUNK = b"." * 2**16
REQUESTED_PAUSE = 1  # seconds in the Retry-After of a busy receiver
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
HUGE = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {2**40}\r\n\r\n".encode()


@dataclass(frozen=True, kw_only=True)
class ScriptContext:
    """The values that the answers of scripts depend on."""

    timeout: float  # seconds that the contract gives a receiver
    forbidden_url: str  # for redirects; must not be called
    clock_skew: float = 0.0  # seconds by which the target's clock is ahead


@dataclass(frozen=True, kw_only=True)
class Script:
    """How a receiver answers the first delivery; each later one is answered 204.

    `statuses`: what the sender may log for the first attempt, None for no answer. `outcome`: what must become of the
    delivery: delivered, retried (then delivered), or disabled (the receiver).
    """

    name: str
    description: str
    outcome: str
    statuses: tuple[int | None, ...]
    first_answer: Callable[[ScriptContext], Answer]
    timed: bool = False  # lasts about as long as the declared timeout
    interim: bool = False  # begins with an interim response (RFC 9110 §15.2)
    endless: bool = False  # never ends
    asks_for_pause: bool = False  # by Retry-After

    def outcome_under(self, policy: Policy) -> str:
        """The outcome under the declared policy."""
        return "retried" if self.outcome == "disabled" and not policy.gone else self.outcome

    def logged_state(self, policy: Policy) -> str:
        """The final state of the delivery, as a log must show it: delivered or failed."""
        return "failed" if self.outcome_under(policy) == "disabled" else "delivered"

    def agrees_with(self, logged: list[object]) -> bool:
        """Whether these logged statuses of all attempts are right."""
        return bool(logged) and logged[0] in self.statuses and set(logged[1:]) <= {204}


def _status(status: int, *headers: tuple[str, str]) -> Callable[[ScriptContext], Answer]:
    return lambda _: Answer(status=status, headers=headers)


def _raw(*parts: bytes, reset: bool = False) -> Callable[[ScriptContext], Answer]:
    return lambda _: Answer(raw=b"".join(parts), reset=reset)


def _late(share: float, status: int) -> Callable[[ScriptContext], Answer]:
    """An answer after this share of the declared timeout."""
    return lambda context: Answer(status=status, delay=share * context.timeout)


def _dripping(context: ScriptContext) -> Answer:
    return Answer(raw=b"HTTP/1.1 200 OK\r\nX-Slow: ", repeated=b".", pause=context.timeout / 10)


def _dated(context: ScriptContext) -> Answer:
    """Retry-After as a date. Dates are whole seconds and read later: three seconds more leave at least the pause."""
    date = formatdate(time.time() + context.clock_skew + REQUESTED_PAUSE + 3, usegmt=True)
    return Answer(status=503, headers=(("Retry-After", date),))


def _redirect(context: ScriptContext) -> Answer:
    return Answer(status=307, headers=(("Location", context.forbidden_url),))


SCRIPTS = (
    Script(
        name="prompt",
        description="answers 200 at once",
        outcome="delivered",
        statuses=(200,),
        first_answer=_status(200),
    ),
    Script(
        name="empty",
        description="answers 204, without a body",
        outcome="delivered",
        statuses=(204,),
        first_answer=_status(204),
    ),
    Script(
        name="slow",
        description="answers 200 when a third of the timeout has passed",
        outcome="delivered",
        statuses=(200,),
        first_answer=_late(1 / 3, 200),
        timed=True,
    ),
    Script(
        name="continue",
        description="sends 100, then 204",
        outcome="delivered",
        statuses=(204,),
        first_answer=_raw(CONTINUE, EMPTY),
        interim=True,
    ),
    Script(
        name="early-hints",
        description="sends 103 with a header field, then 204",
        outcome="delivered",
        statuses=(204,),
        first_answer=_raw(EARLY, EMPTY),
        interim=True,
    ),
    Script(
        name="endless",
        description="answers 200, declares a body of a tebibyte, and sends it",
        outcome="delivered or retried",
        statuses=(200, None),
        first_answer=lambda _: Answer(raw=HUGE, repeated=CHUNK, pause=0.002),
        timed=True,
        endless=True,
    ),
    Script(
        name="silent",
        description="answers only when twice the timeout has passed",
        outcome="retried",
        statuses=(None,),
        first_answer=_late(2, 200),
        timed=True,
    ),
    Script(
        name="dripping",
        description="answers 200 and goes on with a header field, byte after byte",
        outcome="retried",
        statuses=(None,),
        first_answer=_dripping,
        timed=True,
        endless=True,
    ),
    Script(
        name="half",
        description="closes the connection in the middle of the status line",
        outcome="retried",
        statuses=(None,),
        first_answer=_raw(b"HTTP/1.1 20"),
    ),
    Script(
        name="mute",
        description="closes the connection without a word",
        outcome="retried",
        statuses=(None,),
        first_answer=_raw(),
    ),
    Script(
        name="reset",
        description="breaks the connection off",
        outcome="retried",
        statuses=(None,),
        first_answer=_raw(reset=True),
    ),
    Script(
        name="redirect",
        description="answers 307 and names another address, which is not to be called",
        outcome="retried",
        statuses=(307,),
        first_answer=_redirect,
    ),
    Script(name="refusal", description="answers 400", outcome="retried", statuses=(400,), first_answer=_status(400)),
    Script(name="failure", description="answers 500", outcome="retried", statuses=(500,), first_answer=_status(500)),
    Script(
        name="busy",
        description="answers 429 and asks for a pause in seconds",
        outcome="retried",
        statuses=(429,),
        first_answer=_status(429, ("Retry-After", str(REQUESTED_PAUSE))),
        asks_for_pause=True,
    ),
    Script(
        name="unavailable",
        description="answers 503 and asks for a pause by a date",
        outcome="retried",
        statuses=(503,),
        first_answer=_dated,
        asks_for_pause=True,
    ),
    Script(name="gone", description="answers 410", outcome="disabled", statuses=(410,), first_answer=_status(410)),
)


def every_script(script: Script) -> bool:
    return bool(script.name)


def answering_in_time(script: Script) -> bool:
    return script.outcome == "delivered" and not script.interim


def interim(script: Script) -> bool:
    return script.interim


def unanswered(script: Script) -> bool:
    return script.statuses == (None,)


def endless(script: Script) -> bool:
    return script.endless


def asking_for_pause(script: Script) -> bool:
    return script.asks_for_pause
