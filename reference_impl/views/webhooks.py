"""Receivers of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_impl.domain.entities import Webhook
from reference_impl.domain.refusals import conflict, not_found
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.gateway.call import Call
    from reference_impl.storage.history import History
    from reference_impl.storage.webhooks import Webhooks
    from reference_impl.views.representations import WebhookRepresentation
    from reference_impl.views.tools import Tools


class WebhookViews:
    """What an owner does with receivers."""

    patchable = ("url", "events", "enabled", "description")

    def __init__(self, webhooks: Webhooks, shown: WebhookRepresentation, tools: Tools, history: History) -> None:
        self.webhooks = webhooks
        self.shown = shown
        self.tools = tools
        self.history = history

    @operation("createWebhook")
    def create(self, call: Call) -> Response:
        webhook = self.webhooks.add(self.owner(call), call.body)
        return self.secret(self.tools.answers.created(webhook, self.shown.with_secret(webhook)))

    @operation("listWebhooks")
    def list(self, call: Call) -> Response:
        items, following = self.tools.pages.page(call, self.webhooks.page)
        return self.tools.unless_known(call, self.tools.answers.page(call, self.shown.page(items), following))

    @operation("getWebhook")
    def show(self, call: Call) -> Response:
        webhook = call.subject_of(Webhook)
        return self.tools.unless_known(call, self.tools.answers.entity(webhook, self.shown.document(webhook)))

    @operation("updateWebhook")
    def update(self, call: Call) -> Response:
        changes = self.resumed(self.tools.patch.changes(call.body, self.patchable))
        webhook = self.webhooks.update(call.subject_of(Webhook), changes, call.expected)
        if webhook is None:
            raise self.tools.too_late(call)
        return self.tools.answers.entity(webhook, self.shown.document(webhook))

    @operation("deleteWebhook")
    def delete(self, call: Call) -> Response:
        if not self.webhooks.remove(call.subject_of(Webhook), call.expected):
            raise self.tools.too_late(call)
        return self.tools.answers.empty()

    @operation("rotateWebhookSecret")
    def rotate(self, call: Call) -> Response:
        webhook = self.webhooks.rotate(call.subject_of(Webhook))
        if webhook is None:
            raise not_found()
        return self.secret(self.tools.answers.entity(webhook, self.shown.with_secret(webhook)))

    @operation("pingWebhook")
    def ping(self, call: Call) -> Response:
        webhook = call.subject_of(Webhook)
        if not webhook.enabled:
            raise conflict("The receiver is disabled.")
        event_id = self.publish_ping(webhook)
        return self.tools.answers.json({"event_id": event_id, "delivery_id": self.delivery_id(event_id, webhook)}, 202)

    def owner(self, call: Call) -> str:
        return call.owner

    def resumed(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Whoever switches a receiver on or off answers for it: the reason of the platform no longer counts."""
        return {**changes, "disabled_reason": None} if "enabled" in changes else changes

    def delivery_id(self, event_id: str, webhook: Webhook) -> str | None:
        return self.history.id_of(event_id, webhook.id)

    def publish_ping(self, webhook: Webhook) -> str:
        return self.tools.outbox.publish_to(
            webhook, "webhook.ping", source=webhook.path, data={"webhook_id": webhook.id}
        )

    def secret(self, response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response
