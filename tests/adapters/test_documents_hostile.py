"""Files built to hurt: each is refused with a reason, and what runs inside the sandbox reaches nothing."""

import contextlib
import io
import os
import select
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable

import pytest
from make_documents import (
    encrypted_pdf,
    forwarded,
    multipart,
    pdf,
    pdf_bomb,
    pdf_with_circle,
    plain_word,
    rezipped,
    with_body,
)

from lacking import lacking
from tocsin.adapters.documents import LIMITS, Limits, extract, sandbox
from tocsin.core.errors import BinaryInput, DamagedFile, Encrypted, RefusedFile, TocsinError, TooLarge

HELLO = plain_word("hello")
PAGE = b"<!DOCTYPE html><body>"
FROM = b"From: a@b.example\r\nSubject: s\r\n"
# Noise that does not compress, so that the ratio of the archive stays below its limit and another limit must hold.
BALLAST = [("word/media/noise.bin", os.urandom(2_500_000))]


HEAVY = rezipped(HELLO, lambda _name, part: part, BALLAST)


def runs(count: int, base: bytes = HELLO) -> bytes:
    return with_body(base, b"<w:p>", b"<w:p>" + b"<w:r><w:t>x</w:t></w:r>" * count + b"</w:p><w:p>")


def laughs() -> bytes:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10))
    doctype = b'<!DOCTYPE x [<!ENTITY a0 "lol">' + entities + b"]>"
    return with_body(with_body(HELLO, b"<w:document", doctype + b"<w:document"), b"hello", b"&a9;")


def external_entity(place: bytes) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s">]><w:document' % place
    return with_body(with_body(HELLO, b"<w:document", doctype), b"hello", b"&e;")


def nested(depth: int) -> bytes:
    opened = with_body(HELLO, b"<w:p>", b"<w:sdt>" * depth + b"<w:p>")
    return with_body(opened, b"</w:p>", b"</w:p>" + b"</w:sdt>" * depth)


def scrambled(data: bytes) -> bytes:
    """Turn over the packed bytes of the main part, which its checksum then contradicts."""
    place = data.index(b"word/document.xml") + 40
    return data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 200]) + data[place + 200 :]


def doubled() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return rezipped(HELLO, lambda _name, part: part, [("word/document.xml", b"<other/>")])


def packed_otherwise() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(HELLO)) as whole, zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
    return made.getvalue()


def overlapping() -> bytes:
    """Let the list at the end of an archive name one large member twice: both unpack what lies there once."""
    end = HEAVY.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", HEAVY[end + 10 : end + 20])
    last = HEAVY[HEAVY.rindex(b"PK\x01\x02") : end]
    again = last.replace(b"noise.bin", b"voice.bin")
    numbers = struct.pack("<HHII", count + 1, count + 1, size + len(again), start)
    return HEAVY[:end] + again + HEAVY[end : end + 8] + numbers + HEAVY[end + 20 :]


def encrypted_zip() -> bytes:
    data = bytearray(HELLO)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


BOMBS: dict[str, tuple[Callable[[], bytes], str, type[TocsinError], str]] = {
    "word-30-mb": (lambda: with_body(HELLO, b"hello", b"A" * 30_000_000), "docx", RefusedFile, "100 times"),
    "word-201-mb": (lambda: with_body(HEAVY, b"hello", b"A" * 201_000_000), "docx", RefusedFile, "200 MB"),
    "word-60-mb-of-text": (lambda: with_body(HEAVY, b"hello", b"A" * 60_000_000), "docx", RefusedFile, "large"),
    "word-three-million-runs": (lambda: runs(3_000_000, HEAVY), "docx", RefusedFile, "100,000 elements"),
    "word-external-entity": (lambda: external_entity(b"file:///etc/passwd"), "docx", RefusedFile, "document type"),
    "word-network-entity": (lambda: external_entity(b"http://192.0.2.1/x"), "docx", RefusedFile, "document type"),
    "word-billion-laughs": (laughs, "docx", RefusedFile, "nested too deeply or too large|document type"),
    "word-nested": (lambda: nested(5_000), "docx", RefusedFile, "nested"),
    "word-3000-entries": (
        lambda: rezipped(HELLO, lambda _n, part: part, [(f"x/{number}", b"") for number in range(3_000)]),
        "docx", RefusedFile, "2,000 members",
    ),
    "word-two-of-one-name": (doubled, "docx", RefusedFile, "one name"),
    "word-one-over-the-other": (overlapping, "docx", RefusedFile, "over each other"),
    "word-packed-otherwise": (packed_otherwise, "docx", RefusedFile, "packed in a way"),
    "word-encrypted": (encrypted_zip, "docx", Encrypted, "encrypted"),
    "word-cut-off": (lambda: HELLO[: len(HELLO) // 2], "docx", DamagedFile, "cut off"),
    "word-broken-xml": (lambda: with_body(HELLO, b"</w:p>", b""), "docx", DamagedFile, "XML"),
    "word-broken-data": (lambda: scrambled(HELLO), "docx", DamagedFile, "broken"),
    "zip-of-something": (
        lambda: rezipped(HELLO, lambda _n, part: part.replace(b"wordprocessing", b"x")), "docx", BinaryInput, "no Word",
    ),
    "pdf-301-pages": (lambda: pdf([["x"]] * 301), "pdf", RefusedFile, "300 pages"),
    "pdf-600-mb": (lambda: pdf_bomb(600_000_000), "pdf", RefusedFile, "stopped"),
    "pdf-encrypted": (encrypted_pdf, "pdf", Encrypted, "encrypted"),
    "pdf-circle-of-pages": (pdf_with_circle, "pdf", DamagedFile, "broken"),
    "pdf-cut-off": (lambda: pdf([["a page"]])[:-150], "pdf", DamagedFile, "cut off"),
    "pdf-gutted": (lambda: pdf([["a page"]])[:60] + b"\n%%EOF", "pdf", DamagedFile, "broken"),
    "html-nested": (lambda: PAGE + b"<div>" * 5_000 + b"x", "html", RefusedFile, "nested"),
    "html-elements": (lambda: PAGE + b"<p>x" * 200_000, "html", RefusedFile, "100,000 elements"),
    "html-5-mb-of-text": (lambda: PAGE + b"x " * 2_500_000, "html", TooLarge, "4,000,000"),
    "mail-nested-parts": (lambda: multipart(3_000), "eml", RefusedFile, "200 parts"),
    "mail-100000-parts": (
        lambda: FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
        "eml", RefusedFile, "200 parts",
    ),
    "mail-in-mail": (lambda: forwarded(11), "eml", RefusedFile, "10 deep"),
    "mail-in-mail-5000": (lambda: forwarded(5_000), "eml", RefusedFile, "200 parts"),
    "mail-10000-parameters": (
        lambda: FROM + b"Content-Type: a/b; " + b"; ".join(b"n*%d*=utf-8''a" % n for n in range(10_000)) + b"\r\n\r\nx",
        "eml", RefusedFile, "long",
    ),
    "mail-million-semicolons": (
        lambda: FROM + b"Content-Type: a/b" + b";" * 1_000_000 + b"\r\n\r\nx", "eml", RefusedFile, "long",
    ),
    "mail-5-mb-header": (lambda: b"Subject: " + b"A" * 5_000_000 + b"\r\n\r\nx", "eml", TooLarge, "4,000,000"),
}  # fmt: skip


# These take seconds to unpack until they are stopped.
SLOW_BOMBS = {"pdf-600-mb"}


@pytest.mark.parametrize(
    "bomb", [pytest.param(each, marks=pytest.mark.long if each in SLOW_BOMBS else []) for each in BOMBS]
)
def test_a_bomb_is_refused_in_time_with_a_reason(bomb: str) -> None:
    make, extension, error, reason = BOMBS[bomb]
    data = make()
    start = time.monotonic()
    with pytest.raises(error, match=reason) as caught:
        extract(data, name=f"bomb.{extension}")
    assert time.monotonic() - start < 10
    assert "\n" not in str(caught.value)


HARMLESS = {
    "mail-20000-addresses": (
        FROM + b"To: " + b", ".join(b"a%d@b.example" % n for n in range(20_000)) + b"\r\n\r\nx",
        "eml",
    ),
    "mail-nested-comments": (FROM + b"To: " + b"(" * 10_000 + b")" * 10_000 + b" a@b.example\r\n\r\nx", "eml"),
    "mail-20000-encoded-words": (b"Subject: " + b" ".join([b"=?utf-8?b?w6k=?="] * 20_000) + b"\r\n\r\nx", "eml"),
    "mail-100000-headers": (FROM + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\nx", "eml"),
    "mail-quotes": (FROM + b"Cc: " + b'"' * 10_000 + b" <a@b.example>\r\n\r\nx", "eml"),
    "mail-3-mb-line": (FROM + b"\r\n" + b"A" * 3_000_000, "eml"),
    "mail-ten-deep": (forwarded(9), "eml"),
    "html-angle-brackets": (PAGE + b"<" * 500_000, "html"),
    "html-raised-in-raised": (PAGE + (b"<sup>" * 150 + b"1" + b"</sup>" * 150) * 300, "html"),
    "html-unclosed-links": (PAGE + b"<a href='mailto:a@b.example'>" * 20_000 + b"x", "html"),
    "pdf-300-pages": (pdf([["x"]] * 300), "pdf"),
    "word-40000-runs": (runs(40_000), "docx"),
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_slows_other_programs_down_is_read(case: str) -> None:
    data, extension = HARMLESS[case]
    start = time.monotonic()
    assert extract(data, name=f"a.{extension}").text.strip()
    assert time.monotonic() - start < 5


LIMITED = [
    (forwarded(12), "eml", Limits(mail_depth=50)),
    (runs(60_000), "docx", Limits(elements=1_000_000)),
    (pdf([["x"]] * 301), "pdf", Limits(pages=301)),
    (rezipped(HELLO, lambda _n, part: part, [(f"x/{n}", b"") for n in range(2_100)]), "docx", Limits(entries=3_000)),
    (with_body(HELLO, b"hello", b"A" * 3_900_000), "docx", Limits(ratio=1_000)),
    (
        FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 300,
        "eml",
        Limits(mail_parts=400),
    ),
    (PAGE + b"<div>" * 220 + b"x", "html", Limits(depth=240)),
]


@pytest.mark.parametrize(("data", "extension", "loose"), LIMITED)
def test_it_is_the_limit_that_stops_a_file(data: bytes, extension: str, loose: Limits) -> None:
    with pytest.raises(RefusedFile):
        extract(data, name=f"a.{extension}")
    assert extract(data, name=f"a.{extension}", limits=loose).text


HUNGRY = {
    "time": ("import time; time.sleep(60)", Limits(wall_seconds=1), "longer than 1 seconds"),
    "processor": ("while True: pass", Limits(cpu_seconds=1), "processor time"),
    "memory": ("kept = bytearray(600_000_000)", LIMITS, "stopped"),
    "output": ("sys.stdin.read()\nwhile True: sys.stdout.write('x' * 65536)", Limits(text_characters=1000), "larger"),
    "death": ("import os; os.abort()", LIMITS, "stopped"),
}


@pytest.fixture(params=["bubblewrap", "limits only"])
def confinement(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test in the full sandbox and in the child that has nothing but its own limits."""
    if request.param == "limits only":
        monkeypatch.setenv("PATH", "")
    else:
        need_bubblewrap()
    return str(request.param)


def need_bubblewrap() -> None:
    if not sandbox.bubblewrap_works():
        lacking("bubblewrap is missing, or this container forbids its namespaces: the sandbox was not tried")


@pytest.mark.parametrize("need", HUNGRY)
def test_a_child_that_takes_too_much_is_stopped_with_a_reason(confinement: str, need: str) -> None:
    code, limits, reason = HUNGRY[need]
    start = time.monotonic()
    with pytest.raises(RefusedFile, match=reason):
        sandbox.run(code, b"x" * 1_000_000, limits)
    assert time.monotonic() - start < 5


PROBE = """
import os, socket
def attempt(name, action):
    try:
        print(name, "done", action())
    except OSError as error:
        print(name, "refused", error.errno)
attempt("connect", lambda: socket.create_connection(("192.0.2.1", 80), 2))
attempt("loopback", lambda: socket.create_connection(("127.0.0.1", 25), 2))
attempt("resolve", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt("create", lambda: open(PLACE + "/new", "w"))
attempt("overwrite", lambda: open(PLACE + "/file", "r+"))
attempt("delete", lambda: os.unlink(PLACE + "/file"))
attempt("rename", lambda: os.rename(PLACE + "/file", PLACE + "/other"))
attempt("folder", lambda: os.mkdir(PLACE + "/folder"))
attempt("process", lambda: os.fork())
attempt("program", lambda: os.execv("/bin/sh", ["/bin/sh", "-c", "exit 0"]))
attempt("signal", lambda: os.kill(1, 0))
"""


def test_inside_the_running_sandbox_nothing_can_be_reached(confinement: str, tmp_path: object) -> None:
    file = f"{tmp_path}/file"
    with open(file, "w") as stream:  # noqa: PTH123
        stream.write("kept")
    answer = sandbox.run(f"PLACE = {str(tmp_path)!r}\n{PROBE}", b"", LIMITS)
    results = dict(line.split(" ", 1) for line in answer.output.decode().splitlines())
    assert len(results) == 11
    assert {name: result for name, result in results.items() if not result.startswith("refused")} == {}
    assert os.listdir(str(tmp_path)) == ["file"]  # noqa: PTH208


def test_a_missing_bubblewrap_is_said_in_the_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    extracted = extract(pdf([["a page"]]), name="a.pdf")
    assert (extracted.text, extracted.warnings) == ("a page\n", (sandbox.NO_BUBBLEWRAP,))


def test_a_bubblewrap_that_does_not_work_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    broken = f"{tmp_path}/bwrap"
    with open(broken, "w") as stream:  # noqa: PTH123
        stream.write("#!/bin/sh\nexit 1\n")
    os.chmod(broken, 0o755)  # noqa: PTH101, S103
    monkeypatch.setenv("PATH", str(tmp_path))
    assert extract(pdf([["a page"]]), name="a.pdf").warnings == (sandbox.NO_BUBBLEWRAP,)


LAYER_PROBE = """
import ctypes, errno, os, socket
for action in (lambda: socket.create_connection(("192.0.2.1", 80), 2), lambda: open("/new", "w"),
               lambda: open("/usr/new", "w"), lambda: os.listdir("/home"), lambda: open("/etc/passwd")):
    try:
        print("done", action())
    except OSError as error:
        print(errno.errorcode[error.errno])
PR_CAPBSET_READ = 23
print([one for one in range(41) if ctypes.CDLL(None).prctl(PR_CAPBSET_READ, one, 0, 0, 0) == 1])
print(os.getuid(), sorted(os.listdir("/")), os.environ.get("SECRET"))
"""


def test_the_namespaces_hold_also_without_the_system_call_filter() -> None:
    need_bubblewrap()
    command = ["bwrap", *sandbox.world(), "--", os.path.realpath(sys.executable), "-I", "-S", "-c", LAYER_PROBE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"SECRET": "x"})
    *errors, capabilities, last = done.stdout.splitlines()
    assert capabilities == "[]", "none that a program of another owner could bring back"
    assert errors == ["ENETUNREACH", "EROFS", "EROFS", "ENOENT", "ENOENT"]
    assert last.startswith("65534 [")


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "{}", '{"text": 5}', '{"text": "x", "warnings": 3}', '{"code": "input.refused"}', '{"code": "x.y"}',
     '{"text": "x", "warnings": [], "attachments": [1]}', "[" * 50_000],
)  # fmt: skip
def test_an_answer_out_of_shape_is_a_refusal(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "run", lambda *_: sandbox.Answer(answer.encode(), ()))
    with pytest.raises(RefusedFile):
        extract(pdf([["x"]]), name="a.pdf")


def test_the_child_starts_fast_and_without_the_reader() -> None:
    sandbox.run("", b"", LIMITS)
    took = []
    for _ in range(5):
        start = time.monotonic()
        answer = sandbox.run("import tocsin.adapters.documents.child; print(*sys.modules)", b"", LIMITS)
        took.append(time.monotonic() - start)
    assert [
        name for name in answer.output.decode().split() if name.startswith(("tocsin.core.reader", "tocsin.cli"))
    ] == []
    assert min(took) < 0.3


ORPHANED = """import os, signal
from tocsin.adapters.documents import LIMITS, sandbox
child = sandbox._start(sandbox._python("import time; time.sleep(60)", LIMITS))
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)"""


def test_the_child_ends_with_the_process_that_began_it_however_that_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, check=False)
    assert ended.returncode == -signal.SIGKILL
    with contextlib.suppress(ProcessLookupError):
        child = os.pidfd_open(int(ended.stdout))
        assert select.select([child], [], [], 20)[0], "it went on reading the file of somebody"
        os.close(child)


def test_the_child_is_gone_once_it_has_answered() -> None:
    """Nobody waits while it frees what it learnt to read."""
    answer = sandbox.run("import atexit; atexit.register(print, 'freed'); print('answered')", b"", LIMITS)
    assert answer.output == b"answered\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [(HELLO, "a.docx"), (PAGE + b"<p>a</p>", "a.html"), (FROM + b"\r\na", "a.eml"), (pdf([["a"]]), "a.pdf")],
    ids=["docx", "html", "eml", "pdf"],
)
def test_every_kind_of_file_is_opened_by_the_child_alone(
    data: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> sandbox.Answer:
        raise RefusedFile("the child was asked")

    monkeypatch.setattr(sandbox, "run", asked)
    with pytest.raises(RefusedFile, match="the child was asked"):
        extract(data, name=name)
