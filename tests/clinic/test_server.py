"""The clinic's server answers as its contract says."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from jsonschema_rs import Draft202012Validator

APPOINTMENT = {"startsAt": "2031-05-06T08:30:00Z", "minutes": 20, "reason": "Check-up"}
PATIENT = {"fullName": "Zoë Example", "bornOn": "1980-02-29"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_a_patient_lives_and_dies(clinic):
    """What is registered is read, listed, changed and removed."""
    created = clinic.post("/patients", PATIENT)
    path = created.headers["Location"]

    assert path == f"/patients/{created.json()['reference']}"
    assert clinic.get(path).json() == created.json()
    assert clinic.call("PUT", path, body={"remarks": "x"}).json() == {**created.json(), "remarks": "x"}
    assert path[10:] in [each["reference"] for each in clinic.get("/patients").json()]
    assert (clinic.call("DELETE", path).status, clinic.get(path).status) == (204, 404)


def test_an_appointment_is_found_by_its_location_alone(clinic):
    booked = clinic.post(clinic.patient() + "/appointments", APPOINTMENT)
    path = booked.headers["Location"]

    assert (booked.status, booked.data) == (201, b"")
    assert clinic.get(path).json() == {**APPOINTMENT, "reference": path[-36:]}
    assert clinic.call("PUT", path, body={"minutes": 40}).json()["minutes"] == 40
    assert (clinic.call("DELETE", path).status, clinic.get(path).status) == (204, 404)


def test_many_patients_are_admitted_one_by_one(clinic):
    """A bad patient is turned away with a reason, the others are registered; a stranger sees nothing of it."""
    begun = clinic.post("/admissions", {"admission": {"patients": [PATIENT, {"fullName": "No Birthday"}, 7]}})
    ended = clinic.admitted([PATIENT, {"fullName": "No Birthday"}, 7])
    first, *others = ended["outcome"]["lines"]

    assert (begun.status, begun.data) == (202, b"")
    assert ended["progress"] == {"phase": "COMPLETE", "percent": 100}
    assert clinic.get(f"/patients/{first['patient']}").json()["fullName"] == PATIENT["fullName"]
    assert [line["reason"]["status"] for line in others] == [400, 400]
    assert clinic.get(begun.headers["Location"], token="ben").status == 403
    assert clinic.admitted([{}])["progress"]["phase"] == "ABANDONED"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_strangers_are_refused(clinic, method):
    """Somebody else's patients and appointments are 403, somebody else's observers 404."""
    patient, observer = clinic.patient(), clinic.observer("http://127.0.0.1:9/", ["patient.changed"])["reference"]
    appointment = clinic.post(patient + "/appointments", APPOINTMENT).headers["Location"]

    assert clinic.call(method, patient, token="ben", body={"remarks": "x"}).status == 403
    assert clinic.call(method, appointment, token="ben", body={"minutes": 30}).status == 403
    assert clinic.call("GET", f"/observers/{observer}", token="ben").status == 404
    assert clinic.call(method, f"/patients/{UNKNOWN}", body={"remarks": "x"}).status == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (("POST", "/patients", {"body": b"{", "token": None}), 401),
        (("POST", "/patients", {"body": b"{", "token": "nonsense"}), 401),
        (("POST", "/patients", {"body": b"{", "token": "ann-views"}), 403),
        (("POST", "/patients", {"body": b"{"}), 400),
        (("POST", "/patients", {"body": b"\xff"}), 400),
        (("POST", "/patients", {"body": b"[" * 60000}), 400),
        (("POST", "/patients", {"body": b"1" * 60000}), 400),
        (("POST", "/patients", {"body": b" " * 65537}), 413),
        (("POST", "/patients", {"body": {**PATIENT, "bornOn": "1980-02-30"}}), 400),
        (("POST", "/patients", {"body": {**PATIENT, "owner": "ben"}}), 400),
        (("POST", "/patients", {"body": PATIENT, "headers": {"Request-Key": ""}}), 400),
        (("POST", "/patients", {"body": PATIENT, "headers": {"Content-Type": "text/plain"}}), 415),
        (("POST", "/observers", {"body": {"callback": "http://localhost:9/", "topics": ["patient.changed"]}}), 400),
        (("POST", "/observers", {"body": {"callback": "http://a:99999/", "topics": ["patient.changed"]}}), 400),
        (("PATCH", "/patients", {}), 405),
        (("OPTIONS", "/patients", {}), 405),
        (("GET", "/patients/%00%ff", {}), 404),
        (("GET", "/patients/", {}), 404),
        (("GET", "/statistics", {}), 401),
        (("GET", "/statistics", {"headers": {"X-Clinic-Key": "wrong"}}), 401),
    ],
)
def test_what_is_wrong_is_refused_with_a_problem(clinic, problem, wrong, status):
    method, path, options = wrong
    answer = clinic.call(method, path, **options)

    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert problem.is_valid(answer.json())
    assert ("WWW-Authenticate" in answer.headers) >= (status == 401)
    assert ("Allow" in answer.headers) == (status == 405)


def test_the_office_key_opens_statistics(clinic):
    before = clinic.statistics()
    clinic.patient()

    assert clinic.statistics()["patients"] == before["patients"] + 1


def test_a_key_has_one_effect_however_often_it_is_used_at_once(clinic):
    """Eight equal requests together, and one later, get one answer."""
    before = clinic.statistics()["patients"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: clinic.post("/patients", PATIENT, key="at-once-1"), range(8)))
    answers.append(clinic.post("/patients", PATIENT, key="at-once-1"))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert clinic.statistics()["patients"] == before + 1


def test_notices_are_signed_and_tried_again_unchanged(clinic, receiver):
    """An answer of 503 brings the same delivery again, with the same id and body; the signature is GitHub's form."""
    receiver.answers.extend([503, 307])
    observer = clinic.observer(receiver.url, ["patient.registered"])
    patient = clinic.patient()

    first, second, third = (receiver.next() for _ in range(3))

    digest = hmac.new(observer["signingKey"].encode(), first.content, hashlib.sha256).hexdigest()
    assert first.headers["X-Clinic-Signature"] == "sha256=" + digest
    assert json.loads(first.content)["patient"] == clinic.get(patient).json()
    assert first == second == third
    clinic.call("DELETE", f"/observers/{observer['reference']}")


@pytest.fixture(scope="module")
def problem(document):
    reference = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    return Draft202012Validator(reference, validate_formats=True)
