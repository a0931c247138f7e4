from __future__ import annotations

import io
import os
import re
from pathlib import Path
from threading import Thread

import pytest
from sample_report import CHAPTERS, outcome, report, result, rich_report

from conformance.reports.progress import ChapterProgress, board, duration
from conformance.reports.terminal import Terminal
from conformance.results.model import Verdict

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "40")


def start(terminal: Terminal, planned: dict[str, int]) -> None:
    terminal.started(
        suite="0.1",
        contract='"Items" 1.0',
        operations=41,
        events=7,
        target="http://127.0.0.1:8080",
        seed=4711,
        planned=planned,
    )


def play(run, *, stream, quiet: bool = False) -> None:
    terminal = Terminal(quiet=quiet, stream=stream)
    planned = dict.fromkeys(run.chapters, 0)
    for clause in run.clauses:
        planned[clause.chapter] += len(clause.outcomes)
    with terminal:
        start(terminal, planned)
        for clause in run.clauses:
            for tried in clause.outcomes:
                terminal.progress(clause.chapter, tried)
        terminal.finished(run, Path("conformance-report/report.html"))


def on_a_log(run, *, quiet: bool = False) -> str:
    stream = io.StringIO()
    play(run, stream=stream, quiet=quiet)
    return stream.getvalue()


def on_a_tty(run) -> str:
    """What arrives at the other side of a pseudo-terminal."""
    master, slave = os.openpty()
    seen = bytearray()

    def read() -> None:
        while b"\x04" not in seen:
            seen.extend(os.read(master, 65536))

    reader = Thread(target=read)
    reader.start()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        play(run, stream=stream)
        stream.write("\x04")
        stream.flush()
        reader.join(timeout=10)
    os.close(master)
    return seen.decode().removesuffix("\x04")


def test_a_log_has_the_header_and_a_line_for_each_chapter():
    lines = on_a_log(rich_report()).splitlines()
    header = 'api-conformance 0.1 · contract "Items" 1.0: 41 operations, 7 events · target http://127.0.0.1:8080'
    assert lines[0] == f"{header} · seed 4711"
    chapters = [line.split() for line in lines[2:] if line.split()[:1] and line.split()[0] in CHAPTERS]
    assert [line[0] for line in chapters] == list(CHAPTERS)
    assert chapters[0] == ["rest", "5", "✓", "1", "✗"]


def test_a_log_tells_a_chapter_when_its_last_outcome_arrives():
    stream = io.StringIO()
    terminal = Terminal(quiet=False, stream=stream)
    start(terminal, {"rest": 2, "jwt": 1})
    terminal.progress("rest", outcome("A", Verdict.PASSED))
    assert "rest" not in stream.getvalue()
    terminal.progress("jwt", outcome("B", Verdict.FAILED))
    terminal.progress("rest", outcome("A", Verdict.INAPPLICABLE))
    lines = [line.split() for line in stream.getvalue().splitlines()[2:]]
    assert lines == [["✗", "B"], ["jwt", "1", "✗"], ["rest", "1", "✓"]]


def test_a_failure_is_told_as_it_comes_and_once_for_each_clause():
    stream = io.StringIO()
    terminal = Terminal(quiet=False, stream=stream)
    start(terminal, {"rest": 9})
    for place in ("a", "b"):
        terminal.progress("rest", outcome("A", Verdict.FAILED, place))
    assert stream.getvalue().splitlines()[2:] == ["  ✗ A on a"]


def test_the_board_fits_a_small_screen():
    """With more chapters than lines, those that are through are counted, and those at work stand first."""
    chapters = [ChapterProgress(name=f"chapter-{number}", planned=10) for number in range(42)]
    for number, chapter in enumerate(chapters):
        for _ in range(10 if number < 20 else 5 if number > 37 else 0):
            chapter.add(outcome(f"C{number}", Verdict.PASSED))

    lines = board(chapters, 10, 21, 60).plain.splitlines()

    assert len(lines) == 21
    assert lines[0] == "  220 of 420   about 55 s left"
    assert lines[1].split() == ["20", "chapters", "20", "✓"]
    assert [line.split()[0] for line in lines[2:6]] == [f"chapter-{number}" for number in range(38, 42)]


@pytest.mark.parametrize(("seconds", "told"), [(0.2, "1 s"), (59, "59 s"), (150, "2 min"), (5400, "1.5 h")])
def test_the_time_that_is_left_is_told_as_a_person_does(seconds, told):
    assert duration(seconds) == told


def test_a_chapter_that_was_cut_short_is_told_at_the_end():
    stream = io.StringIO()
    terminal = Terminal(quiet=False, stream=stream)
    start(terminal, {"rest": 9})
    terminal.progress("rest", outcome("A", Verdict.FAILED))
    terminal.finished(report(), None)
    assert "1 of 9   1 ✗" in stream.getvalue()


def test_the_end_is_told_although_a_signal_came_while_a_line_was_written(monkeypatch):
    def interrupted(_console):
        raise KeyboardInterrupt

    stream = io.StringIO()
    terminal = Terminal(quiet=False, stream=stream)
    with monkeypatch.context() as patched:
        patched.setattr("rich.console.Console._exit_buffer", interrupted)
        with pytest.raises(KeyboardInterrupt):
            start(terminal, {})
    terminal.finished(report(), None)

    assert "NOT JUDGED" in stream.getvalue()


def test_a_failure_is_told_with_its_places_and_how_to_repeat_it():
    text = on_a_log(rich_report())
    start_of_failure = text.index("✗ SCOPE-MISSING-403   MUST")
    failure = text[start_of_failure : text.index("Warnings")].splitlines()
    assert failure[0] == "✗ SCOPE-MISSING-403   MUST · RFC 6750 §3.1"
    assert failure[2] == "  in 2 places: deleteItem, updateItem"
    assert failure[3].split(maxsplit=1) == ["expected", "403, and the object is still there"]
    assert failure[4].split() == ["observed", "204"]
    assert failure[5].split()[:4] == ["repeat", "curl", "-X", "DELETE"]
    assert "looks like the variant “reads the scopes of the read route”" in failure[-2]


def test_the_end_is_the_verdict_and_the_totals():
    counts = "40 passed · 2 failed · 1 warned · 2 blocked · 1 untestable · 1 inapplicable"
    assert on_a_log(rich_report()).splitlines()[-2:] == [
        f"NOT CONFORMANT   {counts} · tried in 286 of 289 places (98 %)",
        "5,120 requests in 31 s   report: conformance-report/report.html",
    ]


def test_places_that_were_blocked_are_counted_beside_their_clause():
    places = (outcome("A", Verdict.FAILED, "a"), outcome("A", Verdict.BLOCKED, "b", reason="no such item"))
    lines = on_a_log(report(clauses=(result("A", "rest", *places),))).splitlines()
    where = lines.index("Could not be judged")
    assert [line.strip() for line in lines[where + 1 : where + 3]] == ["⊘ no such item", "A (1 of 2)"]
    assert "  tried in 1 of 2 places" in lines, "below the failure"


def test_a_run_that_was_stopped_says_so():
    lines = on_a_log(report(clauses=(), stopped="It was interrupted."), quiet=True).splitlines()
    assert lines == ["NOT JUDGED   " + lines[0].split("   ")[1], "This is a part of a run. It was interrupted."]


def test_quiet_prints_the_verdict_alone():
    lines = on_a_log(rich_report(), quiet=True).splitlines()
    assert [line.split("   ")[0] for line in lines] == ["NOT CONFORMANT"]


def test_a_target_that_does_not_answer_is_said_to_be_not_judged():
    assert on_a_log(report(unanswered="Connection refused."), quiet=True) == "NOT JUDGED   Connection refused.\n"


def test_a_terminal_shows_colours_and_progress_and_gives_the_cursor_back():
    text = on_a_tty(rich_report())
    assert "\x1b[1;31m" in text
    assert "━" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = on_a_tty(rich_report())
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", text)
    assert "NOT CONFORMANT" in text


@pytest.mark.parametrize("shown", [on_a_log, on_a_tty])
def test_hostile_text_does_not_steer_the_terminal(shown):
    text = ESCAPES.sub("", shown(rich_report()))
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\ud800]", text)
    assert r"\x1b[2J\x1b]0;owned\x07 \x9b31m" in text
    assert "[red]rich[/red]" in text


def test_a_command_is_never_wrapped_so_that_it_can_be_copied():
    text = ESCAPES.sub("", on_a_tty(rich_report()))
    assert "-H 'Accept: application/json' -H \"Authorization: Bearer $TOKEN\"\r\n" in text


def test_an_encoding_without_the_marks_does_not_break_the_run():
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii")
    play(rich_report(), stream=stream)
    stream.flush()
    assert b"\\u2717 SCOPE-MISSING-403" in buffer.getvalue()
