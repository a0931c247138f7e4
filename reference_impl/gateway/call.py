"""One request on its way through the gates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reference_impl.domain.refusals import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request

    from reference_impl.contract import Operation
    from reference_impl.domain.entities import Entity, Principal


@dataclass(kw_only=True)
class Call:
    """What is known of a request; each gate adds what it found."""

    operation: Operation
    request: Request
    path: Mapping[str, str]
    caller: Principal | None = None
    subject: Entity | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    expected: int | None = None  # the version that If-Match demands

    @property
    def reads(self) -> bool:
        """Whether it is asked by a method that changes nothing."""
        return self.request.method in {"GET", "HEAD"}

    @property
    def principal(self) -> Principal:
        """The authenticated caller of a protected operation."""
        if self.caller is None:
            raise LookupError(f"{self.operation.id} is public: nobody was authenticated.")
        return self.caller

    @property
    def owner(self) -> str:
        """Whose the things are that the operation makes and lists: the caller's, or the caller's tenant's."""
        return self.principal.tenant_key if self.operation.visibility == "tenant" else self.principal.key

    def subject_of(self, kind: type[Entity]) -> Any:
        """The caller's own object that the path names."""
        if not isinstance(self.subject, kind):
            raise not_found()
        return self.subject
