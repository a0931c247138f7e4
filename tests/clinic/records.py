"""What the clinic keeps, and whose it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exchange import Ask, RefusalError

if TYPE_CHECKING:
    from contract import Json


@dataclass(frozen=True, kw_only=True)
class Record:
    owner: str
    parent: str = ""  # the patient of an appointment
    members: Json
    key: str = ""  # the signing key of an observer
    reference: str = field(default_factory=lambda: str(uuid.uuid4()))


class Records:
    """All records, in memory; the caller holds the lock of the clinic."""

    def __init__(self) -> None:
        self.patients: dict[str, Record] = {}
        self.appointments: dict[str, Record] = {}
        self.observers: dict[str, Record] = {}
        self.admissions: dict[str, Record] = {}

    def patient(self, ask: Ask) -> Record:
        """The patient that the path names; 404 for nobody, 403 for somebody else's."""
        return self.named(ask, ask.path["patientId"])

    def search(self, ask: Ask, text: str) -> list[Record]:
        """The caller's patients of whose record the text is a part."""
        return [each for each in self.listed(ask, self.patients) if text in str(each.members)]

    def is_taken(self, insurance: str) -> bool:
        """Some patient has this number."""
        return any(insurance == known.members.get("insurance") for known in self.patients.values())

    def several(self, ask: Ask, references: list[str]) -> list[Record]:
        """The patients of these references, every one of them the caller's."""
        return [self.named(ask, reference) for reference in references]

    def named(self, ask: Ask, reference: str) -> Record:
        """The patient of this reference, wherever it was named."""
        patient = self.patients.get(reference)
        if patient is None:
            raise RefusalError(404, "There is no such patient.")
        if not self.is_owner(ask, patient):
            raise RefusalError(403, "The patient is looked after by somebody else.")
        return patient

    def appointment(self, ask: Ask) -> Record:
        """The appointment that the path names, of the patient that the path names."""
        patient = self.patient(ask)
        appointment = self.appointments.get(ask.path["appointmentId"])
        if appointment is None or not self.is_child(appointment, patient):
            raise RefusalError(404, "There is no such appointment.")
        return appointment

    def admission(self, ask: Ask) -> Record:
        """The admission that the path names; 404 for none, 403 for somebody else's."""
        admission = self.admissions.get(ask.path["admissionId"])
        if admission is None:
            raise RefusalError(404, "There is no such admission.")
        if not self.is_owner(ask, admission):
            raise RefusalError(403, "Somebody else admits these patients.")
        return admission

    def observer(self, ask: Ask) -> Record:
        """The observer that the path names; 404 for somebody else's too."""
        observer = self.observers.get(ask.path["observerId"])
        if observer is None or not self.is_owner(ask, observer):
            raise RefusalError(404, "There is no such observer.")
        return observer

    def appointments_of(self, patient: Record) -> list[Record]:
        return [each for each in self.appointments.values() if each.parent == patient.reference]

    def listed(self, ask: Ask, shelf: dict[str, Record]) -> list[Record]:
        return [record for record in shelf.values() if record.owner == ask.user]

    def remove_patient(self, patient: Record) -> None:
        for appointment in self.appointments_of(patient):
            del self.appointments[appointment.reference]
        del self.patients[patient.reference]

    def is_owner(self, ask: Ask, record: Record) -> bool:
        return record.owner == ask.user

    def is_child(self, appointment: Record, patient: Record) -> bool:
        return appointment.parent == patient.reference
