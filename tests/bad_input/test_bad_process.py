"""A target that the suite starts: whatever becomes of it, the words are clear and no process is left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from bad_input import command, servers
from bad_input.servers import always, answer

UNRULY = Path(__file__).with_name("unruly.py")


def managed(mode, start_timeout=20, more=""):
    """The lines under [target] that start the notes in this mode."""
    return command.started(UNRULY, "lock", "{port}", mode, more=f"start-timeout = {start_timeout}\n{more}")


def all_gone(folder):
    """Nobody holds the lock: the target's processes, and those that they started, have ended."""
    with (folder / "lock").open("a") as lock:
        for _ in range(100):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                Event().wait(0.05)
            else:
                return True
    return False


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("ends", "The target's command ended with code 1. It said: Opening the notes.\nThere is no paper."),
        ("idle", "The target was not ready within 2 s. It said: Opening the notes."),
        ("stubborn", "The target was not ready within 2 s."),
    ],
)
def test_a_target_that_does_not_get_ready_is_told_with_its_last_words(folder, judge, mode, words):
    told = judge(target=managed(mode, start_timeout=20 if mode == "ends" else 2))

    assert (told.code, told.report, told.out) == (4, None, "")
    assert words in told.err
    assert "Traceback" not in told.err
    assert all_gone(folder)


def test_a_command_that_is_not_there_is_named(judge):
    told = judge(target="command = ['no-such-program', '{port}']")

    assert (told.code, told.report, told.out) == (2, None, "")
    assert "The target's command no-such-program" in told.err
    assert "No such file or directory. Mend `command` under [target]." in told.err


def test_a_target_that_ran_before_is_not_judged_in_the_place_of_the_own(folder, judge):
    with servers.serving(always(answer(200, "[]"))) as url:
        told = judge(target=managed("10000", more=f"url = '{url}'"))

    assert (told.code, told.report) == (2, None)
    assert f"Something answers at {url} before the target is started." in told.err
    assert not (folder / "lock").exists()


@pytest.mark.parametrize("mode", ["10000", "parent"])
def test_nothing_is_left_behind_by_a_run(folder, judge, mode):
    told = judge("--only", "AUTH-REQUIRED-EVERY-OPERATION", target=managed(mode))

    assert (told.code, told.verdicts) == (0, {"AUTH-REQUIRED-EVERY-OPERATION": "passed"})
    assert all_gone(folder)


def test_the_report_is_all_that_a_run_writes_where_it_is_called(folder):
    command.configure(folder, target=managed("10000"))
    words = ["run", "--report-dir", "report", "--only", "REST-RESPONSE-CONFORMS-SCHEMA"]
    environment = {**os.environ, **command.TOKENS}
    subprocess.run([sys.executable, "-m", "conformance.cli", *words], cwd=folder, env=environment, check=True)

    assert {path.name for path in folder.iterdir()} == {"openapi.yaml", "conformance.toml", "lock", "report"}


@pytest.mark.parametrize("requests", ["8", "12"])
def test_a_target_that_dies_on_the_way_does_not_pass(folder, judge, requests):
    chosen = ("--only", "AUTH-REQUIRED-EVERY-OPERATION", "--only", "AUTH-401-STATUS", "--workers", "1")
    told = judge(*chosen, target=managed(requests))

    assert told.code == 5
    assert "NOT JUDGED" in told.out
    assert told.words.count("Traceback") == 0
    assert told.report["partial"]
    assert "is not asked again" in told.report["stopped"]
    assert f"This is a part of a run. {told.report['stopped']}" in told.out
    assert told.report["places"]["tried"] < told.report["places"]["of"]
    places = [place for clause in told.report["clauses"] for place in clause["evidence"]]
    passed = [place for place in places if place["verdict"] == "passed"]
    assert all(exchange["status"] for place in passed for exchange in place["exchanges"])
    assert all_gone(folder)


def test_a_known_failure_that_fails_no_more_is_told(folder, judge):
    """A baseline is never longer than the list of failures."""
    known = "[[known]]\nclause = 'AUTH-REQUIRED-EVERY-OPERATION'\nreason = 'The notes are public for now.'\n"
    (folder / "known.toml").write_text(known)

    told = judge("--baseline", "known.toml", "--only", "AUTH-REQUIRED-EVERY-OPERATION", target=managed("10000"))

    assert (told.code, told.report["verdict"]) == (1, "not conformant")
    assert "AUTH-REQUIRED-EVERY-OPERATION: The notes are public for now." in told.out


def test_an_unknown_variant_is_refused_with_those_there_are(folder, judge):
    names = json.dumps([{"id": "Wrong", "clause": "X", "summary": "", "where": ""}])
    told = judge("--fault", "Wrnog", target=managed("10000", more=f"variants = ['echo', '{names}']"))

    assert (told.code, told.out) == (2, "")
    assert told.err == "conformance: The target has no variant Wrnog. It has: Wrong.\n"
    assert not (folder / "lock").exists()


@pytest.fixture
def heeded():
    """Interrupts count for those that are started here, also where a shell ignores them for what it runs behind."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


STOPS = {"Ctrl-C": [signal.SIGINT], "cancelled": [signal.SIGTERM], "both": [signal.SIGINT, signal.SIGTERM]}


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("stops", STOPS.values(), ids=STOPS)
@pytest.mark.parametrize("signalled", [os.killpg, os.kill], ids=["a terminal does", "a service manager does"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interruption_ends_the_run_and_the_target_and_leaves_a_report(folder, workers, stops, signalled):
    environment = {**os.environ, **command.TOKENS}
    arguments = ["run", "--report-dir", "report", "--workers", workers, "--only", "authentication/credentials"]
    command.configure(folder, target=managed("parent"))
    line = [sys.executable, "-m", "conformance.cli", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, cwd=folder, env=environment, start_new_session=True, **pipes) as process:
        assert process.stdout.readline().startswith("api-conformance "), "the checks have begun"
        for stop in stops:
            signalled(process.pid, stop)
        told, words = process.communicate(timeout=command.LIMIT)

    report = json.loads((folder / "report/report.json").read_text(encoding="utf-8"))
    assert (process.returncode, words) == (5, "")
    assert (report["partial"], report["stopped"]) in [(True, f"It was interrupted ({stop.name}).") for stop in stops]
    assert "This is a part of a run. It was interrupted" in told
    assert report["verdict"] in {"not judged", "not conformant"}
    assert report["places"]["of"] > report["places"]["tried"], "what was not reached is counted"
    assert all_gone(folder)


@pytest.mark.usefixtures("heeded")
def test_an_interruption_does_not_wait_for_an_answer(folder):
    asked = Event()

    def hang(server, _connection, _head):
        asked.set()
        server.closing.wait()

    with servers.serving(hang) as url:
        command.configure(folder, target=f"url = '{url}'", deadline=command.LIMIT)
        environment = {**os.environ, **command.TOKENS}
        line = [sys.executable, "-m", "conformance.cli", "run"]
        with subprocess.Popen(line, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert asked.wait(command.LIMIT / 3)
            process.send_signal(signal.SIGINT)
            _, words = process.communicate(timeout=command.LIMIT / 2)

    report = json.loads((folder / "conformance-report/report.json").read_text(encoding="utf-8"))
    assert (process.returncode, words) == (5, "")
    assert (report["stopped"], report["clauses"]) == ("It was interrupted (SIGINT).", [])


def test_a_request_that_ends_the_target_is_named(folder, judge):
    told = judge("--only", "ROB-ALWAYS-ANSWERS", target=managed("10000"))

    assert (told.code, told.verdicts) == (5, {"ROB-ALWAYS-ANSWERS": "failed"}), told.words
    assert "%FF" in told.out
    assert "Nothing listens there since then." in told.out
    assert all_gone(folder)


def test_an_operation_that_is_unknown_is_told_before_the_target_is_started(judge):
    told = judge("--operation", "no-such-operation", target="command = ['no-such-program', '{port}']")

    assert (told.code, told.report) == (2, None)
    assert "The contract has no operation for --operation no-such-operation." in told.err
