"""How things are shown, and the answers made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import (
        Attempt,
        Click,
        Entity,
        Job,
        Link,
        Result,
        Sending,
        Statistics,
        Versioned,
        Webhook,
    )
    from reference_impl.events.key_pairs import KeyPairs
    from reference_impl.gateway.call import Call
    from reference_impl.gateway.preconditions import EntityTags


class Answers:
    """Makes answers."""

    def __init__(self, public_url: str, tags: EntityTags) -> None:
        self.public_url = public_url
        self.tags = tags

    def json(self, document: Any, status: int = 200) -> Response:
        return Response(self.serialise(document), status, mimetype="application/json")

    def serialise(self, document: Any) -> bytes:
        return json.dumps(document, ensure_ascii=False).encode()

    def entity(self, entity: Versioned, document: Mapping[str, Any]) -> Response:
        """The representation of one thing, with its tag."""
        response = self.json(document)
        response.headers["ETag"] = self.tags.of(entity)
        return response

    def created(self, entity: Versioned, document: Mapping[str, Any]) -> Response:
        response = self.entity(entity, document)
        response.status_code = self.created_status()
        response.headers["Location"] = self.location(entity)
        return response

    def created_status(self) -> int:
        return 201

    def location(self, entity: Entity) -> str:
        return self.public_url + entity.path

    def page(self, call: Call, items: Sequence[Any], following: str | None) -> Response:
        """One page of a list, with its tag, and a link to the next one (RFC 8288) if there is any."""
        response = self.json({"items": items, "next": following})
        response.headers["ETag"] = self.tags.of_content(call.request, response.get_data())
        if following is not None:
            response.headers["Link"] = f'<{self.next_page(call, following)}>; rel="next"'
        return response

    def next_page(self, call: Call, following: str) -> str:
        return f"{self.public_url}{call.request.path}?{urlencode({**call.query, 'cursor': following})}"

    def unchanged(self, response: Response) -> Response:
        """304 in the place of an answer: the client has its content already."""
        kept = {name: value for name, value in response.headers.items() if name in {"ETag", "Link"}}
        unchanged = self.empty(304)
        unchanged.headers.update(kept)
        return unchanged

    def empty(self, status: int = 204) -> Response:
        response = Response(status=status)
        del response.headers["Content-Type"]
        return response


class LinkRepresentation:
    """A link as its owner sees it."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url

    def document(self, link: Link) -> dict[str, Any]:
        return {
            "id": link.id,
            "code": link.code,
            "short_url": self.short_url(link),
            "destination": link.destination,
            "title": link.title,
            "enabled": link.enabled,
            "expires_at": link.expires_at,
            "taken_down": link.taken_down,
            "created_at": link.created_at,
            "updated_at": link.updated_at,
            "version": link.version,
        }

    def short_url(self, link: Link) -> str:
        return f"{self.public_url}/{link.code}"

    def page(self, links: Sequence[Link]) -> list[dict[str, Any]]:
        return [self.document(link) for link in links]


class ClickRepresentation:
    """Visits as the owner of the link sees them."""

    def statistics(self, link: Link, statistics: Statistics) -> dict[str, Any]:
        return {"link_id": link.id, "clicks": statistics.clicks, "last_clicked_at": statistics.last_clicked_at}

    def page(self, clicks: Sequence[Click]) -> list[dict[str, Any]]:
        return [{"id": click.event_id, "clicked_at": click.clicked_at} for click in clicks]


class WebhookRepresentation:
    """A receiver as its owner sees it; the secret is shown once, the private key never."""

    def __init__(self, key_pairs: KeyPairs) -> None:
        self.key_pairs = key_pairs

    def document(self, webhook: Webhook) -> dict[str, Any]:
        return {
            "id": webhook.id,
            "url": webhook.url,
            "events": list(webhook.events),
            "enabled": webhook.enabled,
            "disabled_reason": webhook.disabled_reason,
            "description": webhook.description,
            "public_key": self.key_pairs.public_key(webhook.private_key),
            "created_at": webhook.created_at,
            "updated_at": webhook.updated_at,
            "version": webhook.version,
        }

    def with_secret(self, webhook: Webhook) -> dict[str, Any]:
        return self.document(webhook) | {"secret": webhook.secret}

    def page(self, webhooks: Sequence[Webhook]) -> list[dict[str, Any]]:
        return [self.document(webhook) for webhook in webhooks]


class JobRepresentation:
    """A job as its owner sees it."""

    def document(self, job: Job) -> dict[str, Any]:
        return self.summary(job) | {"results": self.results(job.results)}

    def summary(self, job: Job) -> dict[str, Any]:
        """The job as lists and events show it."""
        return {
            "id": job.id,
            "state": self.state(job),
            "counts": self.counts(job),
            "created_at": job.created_at,
            "ended_at": job.ended_at,
        }

    def state(self, job: Job) -> str:
        return job.state

    def counts(self, job: Job) -> dict[str, int]:
        counts = job.counts
        return {"total": counts.total, "done": counts.done, "created": counts.created, "refused": counts.refused}

    def results(self, results: Sequence[Result]) -> list[dict[str, Any]]:
        return [self.result(each) for each in results]

    def result(self, result: Result) -> dict[str, Any]:
        return {
            "index": result.index,
            "status": result.status,
            "link_id": result.link_id,
            "problem": result.problem,
        }

    def page(self, jobs: Sequence[Job]) -> list[dict[str, Any]]:
        return [self.summary(job) for job in jobs]


class DeliveryRepresentation:
    """A delivery as its owner sees it; of what the receiver answered, no more than the status."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def document(self, sending: Sending) -> dict[str, Any]:
        return {
            "id": sending.id,
            "event_id": sending.event_id,
            "event_type": sending.event_type,
            "state": sending.state,
            "created_at": sending.created_at,
            "next_attempt_at": None if sending.due_at is None else self.clock.timestamp_of(sending.due_at),
            "attempts": [self.attempt(each) for each in sending.attempts],
        }

    def attempt(self, attempt: Attempt) -> dict[str, Any]:
        return {
            "at": attempt.at,
            "status": attempt.status,
            "failure": attempt.failure,
            "duration_ms": attempt.duration_ms,
        }
