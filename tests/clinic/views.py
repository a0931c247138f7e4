"""One method for each operation of the contract, named as the contract names it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exchange import Answer, Ask, Bodies, RefusalError
from records import Record, Records

if TYPE_CHECKING:
    from admissions import Admissions
    from contract import Json
    from notices import Notices
    from request_keys import RequestKeys


class Views:
    """The operations; the caller has let the user in and holds the lock of the clinic."""

    def __init__(
        self, records: Records, notices: Notices, keys: RequestKeys, bodies: Bodies, admissions: Admissions
    ) -> None:
        self._records = records
        self._notices = notices
        self._keys = keys
        self._bodies = bodies
        self._admissions = admissions

    def register_patient(self, ask: Ask) -> Answer:
        body = self._bodies.read(ask)
        return self._keys.once(ask, body, lambda: self._register(ask, body))

    def admit_patients(self, ask: Ask) -> Answer:
        body = self._bodies.read(ask)
        return self._keys.once(ask, body, lambda: self._admit(ask, body["admission"]["patients"]))

    def get_admission(self, ask: Ask) -> Answer:
        return Answer(status=200, content=shown(self._records.admission(ask)))

    def list_patients(self, ask: Ask) -> Answer:
        found = self._records.search(ask, ask.query.get("search", ""))
        return Answer(status=200, content=[self.patient(each) for each in found])

    def get_patient(self, ask: Ask) -> Answer:
        return Answer(status=200, content=self.patient(self._records.patient(ask)))

    def change_patient(self, ask: Ask) -> Answer:
        patient = self._records.patient(ask)
        patient = changed(patient, self._bodies.read(ask))
        self._records.patients[patient.reference] = patient
        self._tell("patient.changed", patient)
        return Answer(status=200, content=self.patient(patient))

    def remove_patient(self, ask: Ask) -> Answer:
        self._records.remove_patient(self._records.patient(ask))
        return Answer(status=204)

    def book_appointment(self, ask: Ask) -> Answer:
        patient = self._records.patient(ask)
        body = self._bodies.read(ask)
        return self._keys.once(ask, body, lambda: self._book(patient, body))

    def list_appointments(self, ask: Ask) -> Answer:
        found = self._records.appointments_of(self._records.patient(ask))
        return Answer(status=200, content=[shown(each) for each in found])

    def get_appointment(self, ask: Ask) -> Answer:
        return Answer(status=200, content=shown(self._records.appointment(ask)))

    def change_appointment(self, ask: Ask) -> Answer:
        appointment = self._records.appointment(ask)
        appointment = changed(appointment, self._bodies.read(ask))
        self._records.appointments[appointment.reference] = appointment
        return Answer(status=200, content=shown(appointment))

    def cancel_appointment(self, ask: Ask) -> Answer:
        del self._records.appointments[self._records.appointment(ask).reference]
        return Answer(status=204)

    def get_summary(self, ask: Ask) -> Answer:
        patient = self._records.named(ask, reference_in(ask.query.get("patient", "")))
        return Answer(status=200, content={"patient": self.patient(patient), "appointments": self.count_of(patient)})

    def count_of(self, patient: Record) -> int:
        """How many appointments the patient has."""
        return len(self._records.appointments_of(patient))

    def certify_patient(self, ask: Ask) -> Answer:
        patient = self._records.named(ask, self._bodies.read(ask)["patient"])
        return Answer(status=200, content=self.patient(patient))

    def plan_round(self, ask: Ask) -> Answer:
        patients = self._records.several(ask, self._bodies.read(ask)["patients"])
        return Answer(status=200, content=[self.patient(each) for each in patients])

    def enrol_observer(self, ask: Ask) -> Answer:
        body = self._bodies.read(ask)
        if not self._notices.admits(body["callback"]):
            violation = {"pointer": "/callback", "detail": "is not a receiver that the clinic has admitted"}
            raise RefusalError(400, "The callback is not admitted.", violations=(violation,))
        return self._keys.once(ask, body, lambda: self._enrol(ask, body))

    def list_observers(self, ask: Ask) -> Answer:
        return Answer(status=200, content=[shown(each) for each in self._records.listed(ask, self._records.observers)])

    def get_observer(self, ask: Ask) -> Answer:
        return Answer(status=200, content=shown(self._records.observer(ask)))

    def dismiss_observer(self, ask: Ask) -> Answer:
        del self._records.observers[self._records.observer(ask).reference]
        return Answer(status=204)

    def get_statistics(self, _ask: Ask) -> Answer:
        counts = {"patients": len(self._records.patients), "appointments": len(self._records.appointments)}
        return Answer(status=200, content=counts)

    def get_workload(self, _ask: Ask) -> Answer:
        minutes = sum(int(each.members["minutes"]) for each in self._records.appointments.values())
        return Answer(status=200, content={"minutes": minutes})

    def get_status(self, _ask: Ask) -> Answer:
        return Answer(status=200, content={"open": True})

    def patient(self, patient: Record) -> Json:
        """How a patient is shown."""
        return shown(patient)

    def _register(self, ask: Ask, body: Json) -> Answer:
        patient = self.registered(ask.user, body)
        return created(f"/patients/{patient.reference}", self.patient(patient))

    def registered(self, user: str, body: Json) -> Record:
        """A new patient of the user's, whom observers are told of."""
        if self._records.is_taken(body.get("insurance", "")):
            raise RefusalError(409, "The number is another patient's.")
        members = {"remarks": "", **body, "registeredAt": datetime.now(UTC).isoformat()}
        patient = Record(owner=user, members=members)
        self._records.patients[patient.reference] = patient
        self._tell("patient.registered", patient)
        return patient

    def _admit(self, ask: Ask, patients: list[Json]) -> Answer:
        admission = self._admissions.begin(ask.user, patients, self.registered)
        return Answer(status=202, headers={"Location": f"/admissions/{admission.reference}"})

    def _book(self, patient: Record, body: Json) -> Answer:
        appointment = Record(owner=patient.owner, parent=patient.reference, members=body)
        self._records.appointments[appointment.reference] = appointment
        return created(f"/patients/{patient.reference}/appointments/{appointment.reference}", None)

    def _enrol(self, ask: Ask, body: Json) -> Answer:
        observer = Record(owner=ask.user, members=body, key=secrets.token_hex(32))
        self._records.observers[observer.reference] = observer
        return created(f"/observers/{observer.reference}", {**shown(observer), "signingKey": observer.key})

    def _tell(self, topic: str, patient: Record) -> None:
        self._notices.publish(topic, patient.owner, {"patient": shown(patient)}, self._records.observers.values())


def reference_in(text: str) -> str:
    """The reference that a query names; 400 for what is none."""
    try:
        uuid.UUID(text)
    except ValueError:
        violation = {"pointer": "/patient", "detail": "is no reference"}
        raise RefusalError(400, "The query names no patient.", violations=(violation,)) from None
    return text


def created(location: str, content: Json | None) -> Answer:
    return Answer(status=201, content=content, headers={"Location": location})


def shown(record: Record) -> Json:
    return {"reference": record.reference, **record.members}


def changed(record: Record, members: Json) -> Record:
    return replace(record, members={**record.members, **members})
