"""Each fault of the clinic breaks what the sound clinic holds."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import uuid
from pathlib import Path
from threading import Event

import pytest

APPOINTMENT = {"startsAt": "2031-05-06T08:30:00Z", "minutes": 20, "reason": "Check-up"}
PATIENT = {"fullName": "Zoë Example", "bornOn": "1980-02-29"}
SERVER = Path(__file__).with_name("server.py")
FAULTS = json.loads(subprocess.check_output([sys.executable, SERVER, "faults"]))


def test_every_fault_names_a_clause_and_a_way_to_get_it_wrong():
    assert len(FAULTS) >= 12
    assert all(set(fault) == {"id", "clause", "summary", "where"} and all(fault.values()) for fault in FAULTS)


@pytest.mark.parametrize("name", [fault["id"] for fault in FAULTS])
def test_the_fault_breaks_what_the_sound_clinic_holds(clinic, faulty, receiver, name):
    holds = HOLDS[name]

    with faulty(name) as wrong:
        assert (holds(clinic, receiver), holds(wrong, receiver)) == (True, False)


def changes_need_the_scope(clinic, _):
    return clinic.call("PUT", clinic.patient(), token="ann-views", body={"remarks": "x"}).status == 403


def registration_needs_a_token(clinic, _):
    return clinic.post("/patients", PATIENT, token=None).status == 401


def statistics_need_the_key(clinic, _):
    return clinic.get("/statistics", token=None).status == 401


def strangers_read_no_appointment(clinic, _):
    booked = clinic.post(clinic.patient() + "/appointments", APPOINTMENT)
    return clinic.get(booked.headers["Location"], token="ben").status == 403


def strangers_list_no_appointments(clinic, _):
    appointments = clinic.patient() + "/appointments"
    clinic.post(appointments, APPOINTMENT)
    return clinic.get(appointments, token="ben").status == 403


def strangers_sum_nobody_up(clinic, _):
    return clinic.get(f"/summary?patient={clinic.patient()[10:]}", token="ben").status == 403


def summaries_count_each_appointment(clinic, _):
    patient = clinic.patient()
    clinic.post(f"{patient}/appointments", APPOINTMENT)
    clinic.post(f"{patient}/appointments", APPOINTMENT)
    return clinic.get(f"/summary?patient={patient[10:]}").json()["appointments"] == 2


def strangers_certify_nobody(clinic, _):
    return clinic.post("/certificates", {"patient": clinic.patient()[10:]}, token="ben").status == 403


def rounds_are_ones_own(clinic, _):
    hers, his = clinic.patient()[10:], clinic.patient(token="ben")[10:]
    rounds = ([his, hers], [hers, his])
    return all(clinic.post("/rounds", {"patients": each}, token="ben").status == 403 for each in rounds)


def strangers_change_nothing(clinic, _):
    patient = clinic.patient()
    clinic.call("PUT", patient, token="ben", body={"remarks": "x"})
    return clinic.get(patient).json()["remarks"] == ""


def lists_hold_ones_own(clinic, _):
    patient = clinic.patient()
    listed = [*clinic.get("/patients", token="ben").json(), *clinic.get("/patients?search=o", token="ben").json()]
    return patient[10:] not in {each["reference"] for each in listed}


def appointments_are_under_their_patient(clinic, _):
    booked = clinic.post(clinic.patient() + "/appointments", APPOINTMENT).headers["Location"]
    return clinic.get(clinic.patient() + booked[-50:]).status == 404


def a_repeat_gets_the_first_answer(clinic, _):
    return (
        clinic.post("/patients", PATIENT, key="repeated").data == clinic.post("/patients", PATIENT, key="repeated").data
    )


def keys_are_ones_own(clinic, _):
    anns = clinic.post("/patients", PATIENT, key="own-keys")
    return clinic.post("/patients", PATIENT, key="own-keys", token="ben").data != anns.data


def a_used_key_takes_no_other_body(clinic, _):
    clinic.post("/patients", PATIENT, key="mismatch")
    return clinic.post("/patients", {**PATIENT, "fullName": "Another"}, key="mismatch").status == 409


def bad_patients_spoil_no_others(clinic, _):
    return [set(line) for line in admitted(clinic, [PATIENT, {}, PATIENT])] == [
        {"line", "patient"},
        {"line", "reason"},
        {"line", "patient"},
    ]


def lines_are_in_order(clinic, _):
    return [line["line"] for line in admitted(clinic, [PATIENT, {}, PATIENT])] == [1, 2, 3]


def patients_are_admitted_once(clinic, _):
    before = clinic.statistics()["patients"]
    admitted(clinic, [PATIENT, {}, PATIENT])
    return clinic.statistics()["patients"] == before + 2


def admitted(clinic, patients):
    return clinic.admitted(patients)["outcome"]["lines"]


def a_repeat_makes_nobody(clinic, _):
    before = clinic.statistics()["patients"]
    clinic.post("/patients", PATIENT, key="counted-once")
    clinic.post("/patients", PATIENT, key="counted-once")
    return clinic.statistics()["patients"] == before + 1


def the_removed_are_gone(clinic, _):
    patient = clinic.patient()
    clinic.call("DELETE", patient)
    return patient[10:] not in {each["reference"] for each in clinic.get("/patients").json()}


def changes_can_be_read(clinic, _):
    patient = clinic.patient()
    clinic.call("PUT", patient, body={"remarks": "changed"})
    return clinic.get(patient).json()["remarks"] == "changed"


def registrations_are_told_once(clinic, receiver):
    observer = clinic.observer(receiver.url, ["patient.registered"])
    clinic.patient()
    receiver.next()
    again = receiver.next_within(1)
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return again is None


def refused_changes_are_not_told(clinic, receiver):
    observer = clinic.observer(receiver.url, ["patient.changed"])
    patient = clinic.patient()
    clinic.call("PUT", patient, body={"remarks": 7})
    clinic.call("PUT", patient, body={"remarks": "fence"})
    told = json.loads(receiver.next().content)["patient"]["remarks"]
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return told == "fence"


def notices_are_signed(clinic, receiver):
    observer, notice = noticed(clinic, receiver)
    digest = hmac.new(observer["signingKey"].encode(), notice.content, hashlib.sha256).hexdigest()
    return notice.headers.get("X-Clinic-Signature") == f"sha256={digest}"


def names_stand_for_listed_addresses_alone(clinic, receiver):
    name = clinic.names.of(["127.0.0.2", "127.0.0.1"])
    observer = {"callback": receiver.url.replace("127.0.0.1", name), "topics": ["patient.registered"]}
    return clinic.post("/observers", observer).status == 400


def names_are_called_at_the_address_that_was_looked_at(clinic, receiver):
    """Every second answer is good: those of the enrolment and of the second attempt."""
    name = clinic.names.of(["127.0.0.1"], ["127.0.0.2"])
    observer = clinic.observer(receiver.url.replace("127.0.0.1", name), ["patient.registered"])
    clinic.patient()
    told = receiver.next_within(4)
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return told is not None


def strangers_hear_nothing(clinic, receiver):
    """Ben's own patient comes after Ann's: what he hears first must be his."""
    observer = clinic.observer(receiver.url, ["patient.registered", "patient.changed"], token="ben")
    clinic.patient()
    his = clinic.patient(token="ben")
    heard = {json.loads(receiver.next().content)["patient"]["reference"]}
    clinic.call("PUT", his, token="ben", body={"remarks": "fence"})
    heard.add(json.loads(receiver.next().content)["patient"]["reference"])
    clinic.call("DELETE", f"/observers/{observer['reference']}", token="ben")
    return heard == {his[10:]}


def failed_notices_come_again(clinic, receiver):
    receiver.answers.append(500)
    observer = clinic.observer(receiver.url, ["patient.registered", "patient.changed"])
    patient = clinic.patient()
    first = receiver.next()
    again = receiver.next_within(2)
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return again == first and json.loads(first.content)["patient"]["reference"] == patient[10:]


def silent_receivers_are_given_up(clinic, receiver):
    heard = Event()
    receiver.answers.append(lambda: 204 if heard.wait(10) else 500)
    observer = clinic.observer(receiver.url, ["patient.registered"])
    clinic.patient()
    first, again = receiver.next(), receiver.next_within(5)
    heard.set()
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return again == first


def broken_json_is_400(clinic, _):
    return clinic.post("/patients", b"{").status == 400


def patients_are_shown_whole(clinic, _):
    return "registeredAt" in clinic.get(clinic.patient()).json()


def problems_are_labelled(clinic, _):
    return clinic.get("/nothing").headers["Content-Type"] == "application/problem+json"


def numbers_are_of_one_patient(clinic, _):
    numbered = {**PATIENT, "insurance": uuid.uuid4().hex[:20]}
    return [clinic.post("/patients", numbered, token=token).status for token in ("ann", "ben")] == [201, 409]


def noticed(clinic, receiver):
    observer = clinic.observer(receiver.url, ["patient.registered"])
    clinic.patient()
    notice = receiver.next()
    clinic.call("DELETE", f"/observers/{observer['reference']}")
    return observer, notice


HOLDS = {
    "ChangesWithoutScope": changes_need_the_scope,
    "CountsDaysInsteadOfAppointments": summaries_count_each_appointment,
    "RegistersWithoutToken": registration_needs_a_token,
    "OpensStatistics": statistics_need_the_key,
    "ShowsAppointmentsToStrangers": strangers_read_no_appointment,
    "ListsAppointmentsToStrangers": strangers_list_no_appointments,
    "LetsStrangersChangePatients": strangers_change_nothing,
    "SumsUpForStrangers": strangers_sum_nobody_up,
    "CertifiesForStrangers": strangers_certify_nobody,
    "ChecksTheFirstOfSeveral": rounds_are_ones_own,
    "ChecksTheLastOfSeveral": rounds_are_ones_own,
    "ListsEverything": lists_hold_ones_own,
    "SearchesEverywhere": lists_hold_ones_own,
    "TakesAnyParent": appointments_are_under_their_patient,
    "IgnoresRequestKeys": a_repeat_gets_the_first_answer,
    "SharesRequestKeys": keys_are_ones_own,
    "ExecutesMismatch": a_used_key_takes_no_other_body,
    "AbandonsAtTheFirst": bad_patients_spoil_no_others,
    "ShowsTheLatestLineFirst": lines_are_in_order,
    "AdmitsTwice": patients_are_admitted_once,
    "ForgetsItsAnswers": a_repeat_makes_nobody,
    "TellsTwice": registrations_are_told_once,
    "KeepsTheRemoved": the_removed_are_gone,
    "TellsBeforeItReads": refused_changes_are_not_told,
    "WritesBehind": changes_can_be_read,
    "SignsAnotherSpelling": notices_are_signed,
    "DecodesTheKey": notices_are_signed,
    "SendsUnsigned": notices_are_signed,
    "AdmitsWhereOneIsListed": names_stand_for_listed_addresses_alone,
    "AsksAgain": names_are_called_at_the_address_that_was_looked_at,
    "TellsStrangers": strangers_hear_nothing,
    "TriesOnce": failed_notices_come_again,
    "WaitsAMinute": silent_receivers_are_given_up,
    "CrashesOnBrokenJson": broken_json_is_400,
    "ForgetsRegistrationDate": patients_are_shown_whole,
    "LabelsProblemsAsJson": problems_are_labelled,
    "LabelsProblemsAsPages": problems_are_labelled,
    "RegistersANumberTwice": numbers_are_of_one_patient,
}
