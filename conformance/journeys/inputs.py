"""The inputs of workflows (Arazzo 1.1, Workflow Object): those given, defaults, and values of the suite."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.arazzo.workflow import Workflow
    from conformance.servers.webhook_receiver import Endpoint


@dataclass(frozen=True, kw_only=True)
class WorkflowInputs:
    """Completes the inputs of a workflow by defaults and by values that only the suite can know (`x-given`)."""

    endpoint: Endpoint  # of this journey, at the suite's receiver

    def values(self, workflow: Workflow, given: Mapping[str, Any]) -> dict[str, Any]:
        """A value for each input. Raises UntestableError for an input without any."""
        return {
            name: given[name] if name in given else self._value(workflow, name, schema)
            for name, schema in workflow.inputs.items()
        }

    def _value(self, workflow: Workflow, name: str, schema: Mapping[str, Any]) -> Any:
        wanted = schema.get("x-given")
        if wanted == "receiver":
            return self.endpoint.url
        if wanted == "unique":
            return str(uuid.uuid4()) if schema.get("format") == "uuid" else secrets.token_hex(8)
        if isinstance(wanted, dict):
            return _time_from_now(wanted["after"])
        if "default" in schema:
            return schema["default"]
        raise UntestableError(
            f"needs the input {name} of the workflow {workflow.id}. Give it a default, or say with x-given what it is.",
        )


def _time_from_now(seconds: float) -> str:
    """The time so many seconds from now (RFC 3339)."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
