"""What the tests of the clinic need: the server as a process, a client and a receiver."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
import urllib3
import yaml

from conformance.instruments.nameserver import NameServer

HERE = Path(__file__).parent
SCOPES = ["patient.view", "patient.edit", "appointment.view", "appointment.edit", "observer.manage"]
TOKENS = {
    "ann": {"user": "ann", "scopes": SCOPES},
    "ben": {"user": "ben", "scopes": SCOPES},
    "ann-views": {"user": "ann", "scopes": ["patient.view", "appointment.view"]},
}
KEY = "office-key"
PATIENT = {"fullName": "Zoë Example", "bornOn": "1980-02-29"}


class Client:
    """Calls the clinic; Ann is who asks unless another token is given."""

    def __init__(self, url, names):
        self._url = url
        self.names = names

    def call(self, method, path, *, token="ann", body=None, headers=None):
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        if content is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        return urllib3.request(method, self._url + path, headers=sent, body=content, retries=False, timeout=10)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body, *, key=None, **options):
        return self.call("POST", path, body=body, headers={"Request-Key": key} if key else {}, **options)

    def patient(self, **options):
        """The path of a new patient."""
        return self.post("/patients", PATIENT, **options).headers["Location"]

    def observer(self, callback, topics, **options):
        return self.post("/observers", {"callback": callback, "topics": topics}, **options).json()

    def admitted(self, patients):
        """An admission of these patients at its end."""
        path = self.post("/admissions", {"admission": {"patients": patients}}).headers["Location"]
        give_up, pause = time.monotonic() + 20, Event()
        while (seen := self.get(path).json())["progress"]["percent"] < 100 and time.monotonic() < give_up:
            pause.wait(0.05)
        return seen

    def statistics(self):
        return self.get("/statistics", token=None, headers={"X-Clinic-Key": KEY}).json()


@dataclass(frozen=True)
class Received:
    headers: dict
    content: bytes


class Inbox:
    """Takes the notices for one URL; gives `answers` (or what they return) while there are some, then 204."""

    def __init__(self, url):
        self.url = url
        self.answers = []
        self._taken = queue.Queue()

    def take(self, received):
        self._taken.put(received)
        return self.answers.pop(0) if self.answers else 204

    def next(self):
        return self._taken.get(timeout=10)

    def next_within(self, seconds):
        """None if nothing comes."""
        try:
            return self._taken.get(timeout=seconds)
        except queue.Empty:
            return None


class Receiver:
    """A server with any number of inboxes, each at a path of its own."""

    def __init__(self):
        self._inboxes = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def inbox(self):
        path = f"/notices/{len(self._inboxes)}"
        return self._inboxes.setdefault(path, Inbox(f"http://{self.address}{path}"))

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self):
        inboxes = self._inboxes

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                status = inboxes[self.path].take(Received(dict(self.headers), content))
                self.send_response(status() if callable(status) else status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Nothing is logged."""

        return Handler


@contextmanager
def serving(names, *options):
    environment = {**os.environ, "CLINIC_TOKENS": json.dumps(TOKENS), "CLINIC_KEYS": json.dumps([KEY])}
    command = [sys.executable, HERE / "server.py", "--resolver", names.address, *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Client(re.fullmatch(r"serving at (\S+)\n", process.stdout.readline())[1], names)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def document():
    return yaml.safe_load((HERE / "openapi.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def receiver(clinic_receiver):
    return clinic_receiver.inbox()


@pytest.fixture(scope="session")
def clinic_receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def name_server():
    with closing(NameServer()) as server, server:
        yield server


@pytest.fixture(scope="session")
def clinic(clinic_receiver, name_server):
    with serving(name_server, "--receiver", clinic_receiver.address, "--receiver", "127.0.0.1:9") as client:
        yield client


@pytest.fixture
def faulty(clinic_receiver, name_server):
    """Starts the server with a fault; a function from its name to the context of a client."""
    return lambda name: serving(name_server, "--receiver", clinic_receiver.address, "--fault", name)
