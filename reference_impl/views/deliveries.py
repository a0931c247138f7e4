"""What was sent to receivers, and sending it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.domain.entities import Sending, Webhook
from reference_impl.domain.refusals import conflict, not_found
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from reference_impl.gateway.call import Call
    from reference_impl.storage.deliveries import Deliveries
    from reference_impl.storage.history import History
    from reference_impl.views.representations import DeliveryRepresentation
    from reference_impl.views.tools import Tools


class DeliveryViews:
    """What an owner sees of deliveries, and does with them."""

    def __init__(self, history: History, deliveries: Deliveries, shown: DeliveryRepresentation, tools: Tools) -> None:
        self.history = history
        self.deliveries = deliveries
        self.shown = shown
        self.tools = tools

    @operation("listDeliveries")
    def list(self, call: Call) -> Response:
        webhook_id = call.subject_of(Webhook).id

        def fetch(_owner: str, before: int | None, size: int) -> Sequence[Sending]:
            return self.history.page(webhook_id, before, size)

        items, following = self.tools.pages.page(call, fetch)
        shown = [self.shown.document(each) for each in items]
        return self.tools.unless_known(call, self.tools.answers.page(call, shown, following))

    @operation("getDelivery")
    def show(self, call: Call) -> Response:
        return self.tools.answers.json(self.shown.document(self.find(call)))

    @operation("redeliverDelivery")
    def redeliver(self, call: Call) -> Response:
        delivery = self.find(call)
        if not self.permitted(call.subject_of(Webhook)):
            raise conflict("The receiver is disabled.")
        self.send_again(delivery)
        return self.tools.answers.json(self.shown.document(self.find(call)), 202)

    def permitted(self, webhook: Webhook) -> bool:
        return webhook.enabled

    def send_again(self, delivery: Sending) -> None:
        self.deliveries.again(delivery.id)
        self.deliveries.database.after_commit(self.tools.outbox.wake.set)

    def find(self, call: Call) -> Sending:
        """The delivery that the path names, if it went to the receiver that the path names."""
        found = self.history.find(call.subject_of(Webhook).id, call.path["deliveryId"])
        if found is None:
            raise not_found()
        return found
