"""The clinic as it should not be: each class is a sound part that gets one thing wrong.

`clause` is the id of the clause that the fault breaks, the first line of the docstring says how.
"""

from __future__ import annotations

import json
from threading import Timer

from admissions import Admissions
from exchange import Bodies, Problems
from gate import Gate, Grant
from records import Records
from request_keys import RequestKeys
from views import Views, shown


class ChangesWithoutScope(Gate):
    """Does not look at the scopes where a patient is changed."""

    clause = "SCOPE-MISSING-403"

    def check_scopes(self, operation, grant):
        if operation.id != "change_patient":
            super().check_scopes(operation, grant)


class RegistersWithoutToken(Gate):
    """Lets everybody register patients."""

    clause = "AUTH-REQUIRED-EVERY-OPERATION"

    def grant(self, operation, authorization):
        if operation.id == "register_patient" and not authorization:
            return Grant("anybody", frozenset(operation.scopes))
        return super().grant(operation, authorization)


class OpensStatistics(Gate):
    """Does not look at the office key."""

    clause = "AUTH-REQUIRED-EVERY-OPERATION"

    def check_key(self, key):
        """Nothing is checked."""


class ShowsAppointmentsToStrangers(Records):
    """Checks whose patient it is, but not where one appointment is read."""

    clause = "OBJ-READ-FOREIGN"

    def is_owner(self, ask, record):
        return ask.operation.id == "get_appointment" or super().is_owner(ask, record)


class ListsAppointmentsToStrangers(Records):
    """Checks whose patient it is, but not where the appointments are listed."""

    clause = "OBJ-SUBRESOURCE-FOREIGN"

    def is_owner(self, ask, record):
        return ask.operation.id == "list_appointments" or super().is_owner(ask, record)


class LetsStrangersChangePatients(Records):
    """Checks whose patient it is where it is read, but not where it is changed."""

    clause = "OBJ-UPDATE-FOREIGN"

    def is_owner(self, ask, record):
        return ask.operation.id == "change_patient" or super().is_owner(ask, record)


class SumsUpForStrangers(Records):
    """Checks whose patient it is where the path names it, but not where the query does."""

    clause = "OBJ-REFERENCE-FOREIGN"

    def is_owner(self, ask, record):
        return ask.operation.id == "get_summary" or super().is_owner(ask, record)


class CertifiesForStrangers(Records):
    """Checks whose patient it is where the path names it, but not where the body does."""

    clause = "OBJ-REFERENCE-FOREIGN"

    def is_owner(self, ask, record):
        return ask.operation.id == "certify_patient" or super().is_owner(ask, record)


class ChecksTheFirstOfSeveral(Records):
    """Checks whose patient the first one of a list is, and takes the others to be of the same."""

    clause = "OBJ-BULK-ITEM-CHECK"

    def several(self, ask, references):
        return [self.named(ask, references[0]), *(self.patients[each] for each in references[1:])]


class ChecksTheLastOfSeveral(Records):
    """Keeps the outcome of the check of the last one of a list alone."""

    clause = "OBJ-BULK-ITEM-CHECK"

    def several(self, ask, references):
        return [*(self.patients[each] for each in references[:-1]), self.named(ask, references[-1])]


class TakesAnyParent(Records):
    """Finds an appointment by its own id, whichever patient the path names."""

    clause = "OBJ-CROSS-PARENT-CHILD"

    def is_child(self, _appointment, _patient):
        return True


class IgnoresRequestKeys(RequestKeys):
    """Does everything again when it is asked again."""

    clause = "IDEM-REPLAY-SAME-RESPONSE"

    def once(self, _ask, _body, effect):
        return effect()


class SharesRequestKeys(RequestKeys):
    """Keeps one table of keys for all users."""

    clause = "IDEM-SCOPED-TO-PRINCIPAL"

    def slot(self, ask, key):
        return (ask.operation.id, key)


class ExecutesMismatch(RequestKeys):
    """Takes a used key with another body for a new request."""

    clause = "IDEM-MISMATCH-422"

    def mismatch(self, effect):
        return effect()


class AbandonsAtTheFirst(Admissions):
    """Turns everybody away after the first patient who is turned away."""

    clause = "ASYNC-JOB-PARTIAL"

    def __init__(self, *args):
        super().__init__(*args)
        self.abandoned = False

    def begin(self, *args):
        self.abandoned = False
        return super().begin(*args)

    def admit(self, user, patient, register):
        line = super().admit(user, {} if self.abandoned else patient, register)
        self.abandoned = self.abandoned or "reason" in line
        return line


class ShowsTheLatestLineFirst(Admissions):
    """Shows the lines as a screen does that grows from its top."""

    clause = "ASYNC-JOB-RESULT-ORDER"

    def lines(self, lines):
        return lines[::-1]


class AdmitsTwice(Admissions):
    """Registers a patient, and once more to be sure."""

    clause = "ASYNC-JOB-ONE-EFFECT"

    def admit(self, user, patient, register):
        super().admit(user, patient, register)
        return super().admit(user, patient, register)


class ForgetsItsAnswers(RequestKeys):
    """Keeps an answer while it is sent, and no longer: one registration and its repeat are two."""

    clause = "LEDGER-LOST-ANSWER"

    def _keep(self, _ask, _key, _body, answer):
        return answer


class KeepsTheRemoved(Records):
    """Removes a patient, and not from the list."""

    clause = "LEDGER-DELETE-ONCE"

    def __init__(self):
        super().__init__()
        self.removed = []

    def remove_patient(self, patient):
        super().remove_patient(patient)
        self.removed.append(patient)

    def listed(self, ask, shelf):
        kept = self.removed if shelf is self.patients else []
        return [*super().listed(ask, shelf), *(each for each in kept if each.owner == ask.user)]


class TellsBeforeItReads(Views):
    """Tells of a change before it looks at what is to be changed."""

    clause = "LEDGER-REFUSED-NOWHERE"

    def change_patient(self, ask):
        self._tell("patient.changed", self._records.patient(ask))
        return super().change_patient(ask)


class WritesBehind(Views):
    """Tells of a change, answers, and writes it a little later."""

    clause = "LEDGER-READ-WHEN-TOLD"

    def change_patient(self, ask):
        former = self._records.patient(ask)
        answer = super().change_patient(ask)
        changed = self._records.patients[former.reference]
        self._records.patients[former.reference] = former
        Timer(0.3, self._records.patients.__setitem__, (former.reference, changed)).start()
        return answer


class CrashesOnBrokenJson(Bodies):
    """Takes for granted that a body is JSON."""

    clause = "ERR-MALFORMED-JSON-400"

    def parsed(self, content):
        return json.loads(content)


class ForgetsRegistrationDate(Views):
    """Leaves a promised member out."""

    clause = "REST-RESPONSE-CONFORMS-SCHEMA"

    def patient(self, patient):
        return {name: value for name, value in shown(patient).items() if name != "registeredAt"}


class LabelsProblemsAsJson(Problems):
    """Writes problems, and calls them application/json."""

    clause = "ERR-PROBLEM-MEDIA-TYPE"

    media_type = "application/json"


class CountsDaysInsteadOfAppointments(Views):
    """Counts two appointments at the same time as one."""

    clause = "CLINIC-SUMMARY-COUNTS"

    def count_of(self, patient):
        return len({each.members["startsAt"] for each in self._records.appointments_of(patient)})


class LabelsProblemsAsPages(Problems):
    """Writes problems, and calls them pages."""

    clause = "REST-CONTENT-TYPE-TRUE"

    media_type = "text/html"


class RegistersANumberTwice(Records):
    """Does not look at whether another patient has the number."""

    clause = "ROB-UNIQUE-CODE-RACE"

    def is_taken(self, _insurance):
        return False
