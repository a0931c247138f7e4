"""Is it yours: the object that a path names, if it is the caller's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from reference_impl.domain.entities import Entity, Principal
from reference_impl.domain.ids import is_id
from reference_impl.domain.refusals import RefusalError, not_found

if TYPE_CHECKING:
    from reference_impl.contract import Operation
    from reference_impl.gateway.call import Call

Finders = Mapping[str, Callable[[str], Entity | None]]


class Ownership:
    """Finds the object by the path parameter that names it, and hides it from strangers."""

    def __init__(self, finders: Finders) -> None:
        self.finders = finders

    def subject(self, call: Call) -> Entity | None:
        """The caller's object, or None if the operation addresses none."""
        parameter = next((name for name in self.finders if name in call.path), None)
        if parameter is None:
            return None
        found = self.find(parameter, call.path[parameter])
        if found is None:
            raise self.unknown()
        if self.guards(call.operation) and not self.owns(call.principal, found):
            raise self.foreign(found)
        return found

    def find(self, parameter: str, identifier: str) -> Entity | None:
        """The object of that id, whosoever it is."""
        return self.finders[parameter](identifier) if is_id(identifier) else None

    def guards(self, operation: Operation) -> bool:
        """Whether the owner is asked for at all."""
        return operation.protected and operation.visibility != "public"

    def owns(self, principal: Principal, found: Entity) -> bool:
        return found.owner in {principal.key, principal.tenant_key}

    def unknown(self) -> RefusalError:
        return not_found()

    def foreign(self, _found: Entity) -> RefusalError:
        return self.unknown()
