"""Registers many patients, one after the other, while others are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any

from exchange import Problems, RefusalError
from records import Record, Records

if TYPE_CHECKING:
    from threading import Lock

    from contract import Json
    from jsonschema_rs import Draft202012Validator
    from notices import Notices

Register = Callable[[str, Any], Record]


class Admissions:
    """Admits patients in a thread for each admission; the lock of the clinic is taken for each patient anew."""

    def __init__(self, records: Records, notices: Notices, patient: Draft202012Validator, lock: Lock) -> None:
        self._records = records
        self._notices = notices
        self._patient = patient
        self._lock = lock

    def begin(self, user: str, patients: list[Json], register: Register) -> Record:
        """The admission as it is at first; the caller holds the lock."""
        members = {"progress": {"phase": "WAITING", "percent": 0}, "outcome": {"lines": []}}
        admission = Record(owner=user, members=members)
        self._records.admissions[admission.reference] = admission
        Thread(target=self.run, args=(admission, patients, register), daemon=True).start()
        return admission

    def run(self, admission: Record, patients: list[Json], register: Register) -> None:
        lines: list[Json] = []
        for number, patient in enumerate(patients, start=1):
            with self._lock:
                lines.append({"line": number, **self.admit(admission.owner, patient, register)})
                self._show(admission, "ADMITTING", 99 * number // len(patients), lines)
        with self._lock:
            self._end(self._show(admission, self.phase(lines), 100, lines))

    def admit(self, user: str, patient: Json, register: Register) -> Json:
        """What came of one patient."""
        if not self._patient.is_valid(patient):
            return {"reason": Problems().written(RefusalError(400, "The contract describes no such patient."))}
        try:
            return {"patient": register(user, patient).reference}
        except RefusalError as refusal:
            return {"reason": Problems().written(refusal)}

    def phase(self, lines: list[Json]) -> str:
        return "COMPLETE" if any("patient" in line for line in lines) else "ABANDONED"

    def lines(self, lines: list[Json]) -> list[Json]:
        """The lines as they are shown."""
        return list(lines)

    def _show(self, admission: Record, phase: str, percent: int, lines: list[Json]) -> Record:
        members = {"progress": {"phase": phase, "percent": percent}, "outcome": {"lines": self.lines(lines)}}
        changed = replace(admission, members=members)
        self._records.admissions[admission.reference] = changed
        return changed

    def _end(self, admission: Record) -> None:
        about = {"reference": admission.reference, "progress": admission.members["progress"]}
        observers = self._records.observers.values()
        self._notices.publish("admission.finished", admission.owner, {"admission": about}, observers)
