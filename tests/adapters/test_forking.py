"""Many files in one sandbox: each is opened by a child of its own, shut in like any other, that no other file sees."""

import errno
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from make_documents import pdf, word
from test_documents_hostile import HUNGRY, PROBE, need_bubblewrap

from tocsin.adapters.documents import LIMITS, Extracted, Limits, Sandboxes, extract, openers, sandbox
from tocsin.adapters.documents.forking import Forking, ForkingForSeveral
from tocsin.adapters.documents.mails import MailReader, _believed, _heading
from tocsin.adapters.documents.mails_child import MOST_MAILS
from tocsin.core.bounces import COUNTING, Evidence, Failure, Returned, read
from tocsin.core.bounces.reading import automatic_fields
from tocsin.core.errors import BadInput, RefusedFile

SERVE = "\nfrom tocsin.adapters.documents.forking_child import serve\nserve(work, LIMITS)"
MAILBOX = Path(__file__).parents[1] / "mailbox"


def waits(body: str, limits: Limits = LIMITS) -> Forking:
    """Give a sandbox whose children do `body`."""
    lines = "\n".join(f"  {line}" for line in body.splitlines())
    return Forking(f"import os, socket\nSEEN = []\ndef work():\n{lines}{SERVE}", limits)


@pytest.fixture(params=["bubblewrap", "limits only"], autouse=True)
def confinement(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run each test in the full sandbox and in children that have nothing but their own limits."""
    if request.param == "limits only":
        monkeypatch.setenv("PATH", "")
    else:
        need_bubblewrap()
    return str(request.param)


def test_what_one_file_leaves_behind_the_next_does_not_find(confinement: str) -> None:
    with waits("SEEN.append(sys.stdin.read())\nprint(os.getpid(), SEEN)") as forking:
        first, second = (forking.run(each).output.decode().split(" ", 1) for each in (b"one", b"two"))
    assert (first[1], second[1]) == ("['one']\n", "['two']\n")
    assert first[0] != second[0]


def test_a_child_has_nothing_open_but_its_own_two_pipes(confinement: str) -> None:
    body = (
        "sys.stdin.read()\ndef there(number):\n  try:\n    os.fstat(number)\n  except OSError:\n    return False\n"
        "  return True\nprint([each for each in range(3, 64) if there(each)])"
    )
    with waits(body) as forking:
        assert [forking.run(b"x").output for _ in range(2)] == [b"[]\n", b"[]\n"]


def test_a_child_reaches_nothing(confinement: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    signals = 'attempt("thread", lambda: signal.pthread_kill(threading.get_ident(), 0))'
    body = f"import signal, threading\nPLACE = {str(tmp_path)!r}\n{PROBE}\n{signals}"
    with waits(body) as forking:
        results = dict(line.split(" ", 1) for line in forking.run(b"").output.decode().splitlines())
    assert len(results) == 12
    assert {name: result for name, result in results.items() if not result.startswith("refused")} == {}
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


MEDDLING = """import fcntl, resource, signal
def attempt(name, action):
  try:
    print(name, "done", action())
  except OSError as error:
    print(name, "refused", error.errno)
waiting = os.getppid()
attempt("limit", lambda: resource.prlimit(waiting, resource.RLIMIT_NOFILE, (0, 0)))
attempt("signal", lambda: os.kill(waiting, signal.SIGKILL))
attempt("owner", lambda: fcntl.fcntl(1, fcntl.F_SETOWN, waiting))
attempt("which signal", lambda: fcntl.fcntl(1, fcntl.F_SETSIG, signal.SIGKILL))
attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, waiting, 19))
attempt("processor", lambda: os.sched_setaffinity(waiting, [0]))
attempt("group", lambda: os.setpgid(0, 0))
attempt("session", os.setsid)"""


def test_a_child_can_neither_meddle_with_what_waits_nor_leave_its_group(confinement: str) -> None:
    with waits(MEDDLING) as forking:
        first, second = (
            dict(line.rsplit(" ", 2)[::2] for line in forking.run(b"").output.decode().splitlines()) for _ in range(2)
        )
    assert len(first) == 8
    assert first == second == dict.fromkeys(first, str(errno.EPERM))


@pytest.mark.parametrize("need", HUNGRY)
def test_a_file_that_asks_for_too_much_costs_only_itself(confinement: str, need: str) -> None:
    code, limits, reason = HUNGRY[need]
    hungry = "\n".join(f"  {line}" for line in code.splitlines())
    with waits(f"import os\nif os.read(0, 1) == b'x':\n{hungry}\nelse: print('well')", limits) as forking:
        for _ in range(2):
            assert forking.run(b"a").output == b"well\n"
            begun = time.monotonic()
            with pytest.raises(RefusedFile, match=reason):
                forking.run(b"x" * 1_000_000)
            assert time.monotonic() - begun < 20
        assert forking.run(b"a").output == b"well\n"


def test_a_sandbox_that_is_gone_is_missed_by_one_file_alone(confinement: str) -> None:
    with waits("print(sys.stdin.read().upper())") as forking:
        assert forking.run(b"one").output == b"ONE\n"
        assert forking._process
        assert forking._line
        sandbox.drop(forking._process)
        assert forking._line.recv(1) == b"", "all of it is gone"
        with pytest.raises(RefusedFile, match="stopped"):
            forking.run(b"two")
        assert forking.run(b"three").output == b"THREE\n"


def test_a_sandbox_that_does_not_start_in_time_is_tried_again_as_it_was(confinement: str) -> None:
    slow = Forking(f"import time\ntime.sleep(30)\ndef work(): pass\n{SERVE}", replace(LIMITS, wall_seconds=1))
    with slow, pytest.raises(RefusedFile, match="in time"):
        slow.run(b"")
    with waits("print('here')") as forking:
        assert forking.run(b"").warnings == ((sandbox.NO_BUBBLEWRAP,) if confinement == "limits only" else ())


def test_it_ends_with_its_block(confinement: str) -> None:
    with waits("print('here')") as forking:
        forking.run(b"")
        process = forking._process
    assert process
    assert process.poll() is not None


def test_a_missing_bubblewrap_is_said_with_each_file(confinement: str) -> None:
    with waits("print('here')") as forking:
        warnings = [forking.run(b"").warnings for _ in range(2)]
    assert warnings == [(sandbox.NO_BUBBLEWRAP,) if confinement == "limits only" else ()] * 2


def opens_nothing(kind: str) -> None:
    """Stand for the openers in the process that asks: none of them touches a stranger's file there."""
    raise AssertionError(f"{kind} was opened outside of the sandbox")


def test_mails_are_read_as_one_by_one(confinement: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mails = sorted(MAILBOX.glob("**/*.eml"))[:40]
    monkeypatch.setattr(openers, "_module", opens_nothing)
    with MailReader(LIMITS) as reader:
        found = [reader.read(each.read_bytes()) for each in mails]
    assert [each.returned for each in found] == [read(each.read_bytes()) for each in mails]
    assert any(each.opened for each in found)
    assert not all(each.opened for each in found)


HEADED = (
    b"Authentication-Results: mx.example; dmarc=pass\r\nReceived: from a by b\r\nX-Nothing: x\r\n"
    b"MESSAGE-ID:\r\n <1@a.example>\r\nFrom: =?utf-8?b?w6k=?= <a@b.example>\r\nSubject: x\r\n\r\nFrom: nobody"
)
FIELDS = (
    ("authentication-results", "mx.example; dmarc=pass"),
    ("received", ""),
    ("message-id", "<1@a.example>"),
    ("from", "é <a@b.example>"),
)


def test_a_head_is_read_in_the_sandbox_in_its_order(confinement: str) -> None:
    with MailReader(LIMITS) as reader:
        assert reader.read(HEADED).heading == FIELDS


TOLD = '{"returned": {"sort": "delivered", "evidence": {"where": "", "words": ""}}}'
LIE = json.dumps([["authentication-results", "mx.example; dmarc=pass"]])


def reader_whose_child(does: str, *, warm_up: int = 0) -> MailReader:
    """Give a reader whose child does something else than reading the mail, once it was told to."""
    code = (
        f"import json, os, sys; from tocsin.adapters.documents import mails_child\ndef does(raw, limits):\n  {does}\n"
    )
    reader = MailReader(LIMITS)
    reader._forking = ForkingForSeveral(
        f"{code}mails_child._WARM_UP = {warm_up}\nmails_child.read_mail = does\nmails_child.main(LIMITS)", LIMITS
    )
    return reader


def test_what_a_head_says_was_said_before_anything_is_opened_and_stays(confinement: str) -> None:
    """A file that takes the child over may say what it likes behind it; the head is what stood in the mail."""
    with reader_whose_child(f"return json.loads({TOLD!r})") as reader:
        assert reader.read(HEADED).heading == FIELDS
    lies = f"sys.stdout.write({LIE!r} + chr(10) + {TOLD!r}); sys.stdout.flush(); os._exit(0)"
    with reader_whose_child(lies) as reader, pytest.raises(RefusedFile, match="no sensible answer"):
        reader.read(HEADED)


# Tells by which process it was read, and does with a mail what stands in it.
WORKS = """told = json.loads(TOLD)
  told["returned"]["evidence"]["where"] = str(os.getpid())
  from tocsin.adapters.documents import html
  if b"<p>" in raw: html.open_bytes(raw, limits)
  if b"load" in raw: import colorsys
  if b"encoded" in raw: raw.decode("gb18030", "replace")
  if b"long" in raw:
    import time
    while time.process_time() < limits.cpu_seconds / 5: pass
  if b"large" in raw: bytearray(limits.memory_bytes // 3)
  if b"fall" in raw: os._exit(3)
  if b"odd" in raw: raise KeyError(raw)
  return told"""
LAST_OF_ITS_CHILD = {
    "a page goes to its parser": b"<p>x</p>",
    "something is loaded": b"load",
    "an encoding of many bytes is loaded": b"encoded",
    "much of the time is used": b"long",
    "much of the memory is used": b"large",
}


def reader_at_work() -> MailReader:
    return reader_whose_child(WORKS.replace("TOLD", repr(TOLD)), warm_up=1)


def reading_process(reader: MailReader, body: bytes) -> str:
    return reader.read(HEADED + body).returned.evidence.where


def test_a_child_reads_so_many_mails_and_no_more(confinement: str) -> None:
    with reader_at_work() as reader:
        seen = [reading_process(reader, b"plain") for _ in range(2 * MOST_MAILS + 1)]
    assert [seen.count(each) for each in dict.fromkeys(seen)] == [MOST_MAILS, MOST_MAILS, 1]


@pytest.mark.parametrize(
    "why", [pytest.param(each, marks=pytest.mark.long if "time" in each else []) for each in LAST_OF_ITS_CHILD]
)
def test_a_child_reads_no_other_mail_once(confinement: str, why: str) -> None:
    with reader_at_work() as reader:
        first, second, third = (reading_process(reader, each) for each in (b"", LAST_OF_ITS_CHILD[why], b""))
    assert first == second != third


def test_a_child_that_was_taken_over_cannot_let_another_mail_in_or_speak_of_it(confinement: str) -> None:
    """Whatever it does: the way by which the next mail would come was shut before its page was parsed."""
    lies = f"""from tocsin.adapters.documents import alone, html
  if b"Subject: page" not in raw: return json.loads({TOLD!r})
  html.open_bytes(raw, limits)
  mails_child._Way.shut = lambda way: None
  alone.shut_by(lambda: None)
  mails_child._is_spent = lambda limits: False
  for _ in range(3):
    sys.stdout.write({LIE!r} + chr(10) + {TOLD!r} + chr(10))
  sys.stdout.flush()
  return json.loads({TOLD!r})"""
    with reader_whose_child(lies, warm_up=1) as reader:
        reader.read(b"Subject: first\r\n\r\nx")
        with pytest.raises(RefusedFile, match="no sensible answer"):
            reader.read(b"Subject: page\r\n\r\n<p>x</p>")
        assert reader.read(b"From: a@b.example\r\n\r\nx").heading == (("from", "a@b.example"),)


def test_a_mail_over_which_a_child_falls_costs_no_other_of_its_mails(confinement: str) -> None:
    with reader_at_work() as reader:
        assert reading_process(reader, b"")
        for body, reason in ((b"fall", "stopped"), (b"odd", "fell over it")):
            with pytest.raises(RefusedFile, match=reason):
                reader.read(HEADED + body)
            assert reading_process(reader, b"")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{}",
        b'[["from", 7]]',
        b'[["subject", "x"]]',
        b'[["from", "a\\u0000"]]',
        json.dumps([["from", "x" * 4001]]).encode(),
        json.dumps([["received", ""]] * 201).encode(),
    ],
)
def test_a_head_that_no_child_of_ours_would_give_is_not_believed(said: bytes) -> None:
    with pytest.raises((ValueError, msgspec.MsgspecError)):
        _heading(said)


def test_every_field_by_which_lists_are_known_is_told() -> None:
    assert {each.name for each in automatic_fields() if each.for_many} <= COUNTING


FAILED = Failure("a@b.example", "hard", "5.1.1", 550, Evidence("status", "5.1.1"))
WRONG = [
    {"token": "x"},
    {"leaving": "1" * 33},
    {"evidence": Evidence("header", "a\n")},
    *(
        {"failures": (FAILED, replace(FAILED, **{name: wrong}))}
        for name, wrong in {"status": "5.1.1 ", "address": "a\u202e", "evidence": Evidence("", "a" * 401)}.items()
    ),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_report_that_no_child_of_ours_would_give_is_not_believed(wrong: dict[str, Any]) -> None:
    report = Returned("bounce", Evidence("header", "from"), "1" * 32, "2" * 32, (FAILED,))
    assert _believed(report) is report
    with pytest.raises(ValueError, match=r"^$"):
        _believed(replace(report, **wrong))


def test_files_of_each_format_are_opened_in_one_sandbox_as_in_one_of_their_own(
    confinement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "a.html": b"<p>one</p>",
        "b.html": b"<p>two</p>",
        "c.eml": b"Subject: three\r\n\r\nfour",
        "d.eml": b"Subject: five\r\n\r\nsix",
        "e.docx": word(lambda document: document.add_paragraph("seven")),
        "f.docx": b"PK\x03\x04 cut off",
        "g.pdf": pdf([["eight"]]),
        "h.txt": b"nine",
    }

    def opened(name: str, sandboxes: Sandboxes | None) -> Extracted | str:
        try:
            return extract(given[name], name=name, sandboxes=sandboxes)
        except BadInput as error:
            return str(error)

    alone = {name: opened(name, None) for name in given}
    with Sandboxes(LIMITS) as sandboxes, monkeypatch.context() as patch:
        patch.setattr(sandbox, "run", None)
        patch.setattr(openers, "_module", opens_nothing)
        assert {name: opened(name, sandboxes) for name in given} == alone
