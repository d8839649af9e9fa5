"""The command line as people and scripts use it: help, standard input, end codes, one line for what is wrong."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import docx
import pytest

from command_line import ROOT, call, run
from tocsin.cli import tocsin
from tocsin.cli.explain import explained
from tocsin.core.appeal import AppealDocument, Source, Text, Unread, to_json
from tocsin.core.reader import Reading
from tocsin.core.reader.marks import Mark

REPORT, APPEAL, CODES, REPLY = (
    str(ROOT / "examples" / name) for name in ("report.eml", "appeal.txt", "codes.txt", "reply.eml")
)


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield words
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from commands(inner, (*words, name))


COMMANDS = sorted(commands(tocsin))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_says_what_a_command_does_with_an_example(words: tuple[str, ...], option: str) -> None:
    ended = call(*words, option)
    assert ended.status == 0
    assert re.search(rf"Example:\s+(?:.*\s)?tocsin {' '.join(words)}", ended.output)


def test_the_program_lists_its_commands() -> None:
    listed = call("--help").output
    assert {words[0] for words in COMMANDS} == {
        line.split()[0] for line in listed.split("Commands:")[1].splitlines()[1:]
    }


# What each command is given that ends well, ends without a find, or ends badly.
ENDS = [
    (0, ["code", "parse", "XZV 003 / 1021 / OBS 091"]),
    (2, ["code", "parse", "no code at all"]),
    (0, ["code", "find", APPEAL]),
    (1, ["code", "find", CODES, "--scheme", "pen"]),
    (0, ["code", "next", "--registry", CODES, "--country", "XZV", "--on", "2021-11-20"]),
    (2, ["code", "next", "--registry", CODES, "--country", "XZV", "--on", "soon"]),
    (0, ["code", "follow-up", "--registry", CODES, "XZV 003 / 1021 / OBS 091"]),
    (2, ["code", "follow-up", "--registry", CODES, "XZV 009 / 1021 / OBS 099"]),
    (0, ["match", REPLY, "--registry", CODES]),
    (1, ["match", REPORT, "--registry", CODES]),
    (2, ["match", REPLY, "--registry", "no-such-list.txt"]),
    (0, ["read", APPEAL]),
    (0, ["read", REPORT, "--format", "text"]),
    (2, ["read"]),
    (2, ["read", APPEAL, "--format", "yaml"]),
    (2, ["render", APPEAL, "--to", "odt"]),
    (2, ["no-such-command"]),
]


@pytest.mark.parametrize(
    ("status", "words"), [pytest.param(*end, id=f"{end[0]}: {' '.join(end[1])[:60]}") for end in ENDS]
)
def test_the_end_code_tells_found_from_not_found_from_bad_input(status: int, words: list[str]) -> None:
    ended = call(*words)
    assert ended.status == status, ended
    assert bool(ended.errors) is (status == 2)


def test_the_next_code_and_the_follow_up_continue_the_list() -> None:
    first = call("code", "next", "--registry", CODES, "--country", "XZV", "--on", "2021-11-20")
    assert first.output == "XZV 004 / 1121 / OBS 097\n"
    second = call("code", "follow-up", "--registry", CODES, "XZV 003/1021/OBS 091")
    assert second.output == "XZV 003 / 1021 / OBS 091.1\n"


# Each takes a file or `-`; {} stands for it.
READERS = {
    "read": ["read", "{}"],
    "render": ["render", "{}", "-o", "{out}"],
    "code find": ["code", "find", "{}"],
    "match": ["match", "{}", "--registry", CODES],
}


def filled(reader: str, name: object, out: Path) -> list[str]:
    return [word.format(name, out=out) for word in READERS[reader]]


@pytest.mark.parametrize("reader", READERS)
def test_standard_input_gives_what_the_file_gives(reader: str, tmp_path: Path) -> None:
    file = REPLY if reader == "match" else APPEAL
    named = call(*filled(reader, file, tmp_path))
    piped = call(*filled(reader, "-", tmp_path), stdin=Path(file).read_bytes())
    assert named.status == piped.status == 0
    assert piped.output.replace("-\t", f"{file}\t") == named.output


@pytest.mark.parametrize("words", [["code", "parse", "-"], ["code", "follow-up", "-", "--registry", CODES]])
def test_a_code_comes_from_standard_input_too(words: list[str]) -> None:
    ended = call(*words, stdin=b"xzv 003/1021/obs 091\n")
    assert ended.status == 0
    assert ended.output.startswith("XZV 003 / 1021 / OBS 091")


def word_file() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("Zarvania: arrest of Mirela Tosk")
    document.save(file)
    return file.getvalue()


def mail_in_mail(depth: int) -> bytes:
    head = b"From: a@openriver.example\nSubject: forwarded\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return head * depth + b"From: a@openriver.example\nSubject: the end\n\nWords.\n"


# Name of the file, what is in it, and words of the one line that says so.
BAD_FILES = {
    "nothing": ("a.txt", b"", "nothing in it"),
    "white space": ("a.txt", b" \n\t\r\n", "nothing in it"),
    "binary": ("a.txt", bytes(range(256)) * 8, "not text"),
    "picture": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
    "no encoding": ("a.txt", b"\x81\x8d\x8f\x90\x9d" * 9, "encoding"),
    "wrong encoding": ("a.txt", "彼女は警察によって逮捕された。".encode("shift_jis"), "save it as UTF-8"),
    "truncated DOCX": ("a.docx", word_file()[:-900], "cut off"),
    "truncated PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "cut off"),
    "recursive mail": ("a.eml", mail_in_mail(60), "deep"),
    "disguise": ("a.pdf", b"Plain words under the name of a PDF.", "the name ends in .pdf"),
    "old Office file": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as DOCX"),
}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["read"], "Missing argument 'FILE...'. (see tocsin read --help)"),
        (["raed"], "No such command 'raed'"),
        (["read", APPEAL, "--form", "text"], "No such option '--form'"),
        (["read", APPEAL, "--format", "xml"], "'xml' is not one of 'json', 'text'"),
        (["render", APPEAL, "--to", "htm"], "htm is no format"),
        (["code", "next", "--registry", CODES, "--on", "2021-10-32"], "'2021-10-32' is no day (a day looks like"),
        (
            ["site", "signatory", "disavow", "ana", "--since", "yesterday", "--say", "Stolen."],
            "'yesterday' is no time (a time looks like",
        ),
    ],
)
def test_a_call_that_is_wrong_is_one_line_and_2(words: list[str], says: str) -> None:
    ended = call(*words)
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1), ended
    assert ended.errors[0].startswith("tocsin: ")
    assert says in ended.errors[0]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_file_that_cannot_be_taken_is_one_line_and_2(tmp_path: Path, reader: str, bad: str) -> None:
    name, content, says = BAD_FILES[bad]
    file = tmp_path / name
    file.write_bytes(content)
    ended = call(*filled(reader, file, tmp_path / "out"))
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1), ended
    assert ended.errors[0].startswith(f"tocsin: {file}: ")
    assert says in ended.errors[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("reader", READERS)
def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path, reader: str) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as sparse:
        sparse.truncate(50_000_000)
    ended = call(*filled(reader, file, tmp_path / "out"))
    assert (ended.status, ended.errors) == (2, [f"tocsin: {file}: the file is larger than 25 MB"])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("name", "says"), [("missing.txt", "there is no such file"), (".", "this is a folder, not a file")]
)
def test_a_name_that_leads_to_no_file_is_said(tmp_path: Path, reader: str, name: str, says: str) -> None:
    ended = call(*filled(reader, tmp_path / name, tmp_path / "out"))
    assert (ended.status, ended.errors) == (2, [f"tocsin: {tmp_path / name}: {says}"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"schema": "tocsin/appeal/2", "kind": "report", "language": "en"}', "later version"),
        ('{"schema": "tocsin/appeal/1", "kind": "poem", "language": "en"}', "`$.kind`"),
        ('{"kind": "report"}', "schema"),
    ],
)
def test_a_document_that_is_none_of_ours_is_refused(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content, "utf-8")
    ended = call("render", str(file), "-o", str(tmp_path / "out"))
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert says in ended.errors[0]


@pytest.mark.parametrize(
    "lines", [b"not a code\n", b"XZV 001 / 0221 / OBS 012\nXZV 001 / 0221 / OBS 012\n", b"\xff\xfe\xff"]
)
def test_a_bad_list_of_codes_is_one_line_and_2(tmp_path: Path, lines: bytes) -> None:
    registry = tmp_path / "codes.txt"
    registry.write_bytes(lines)
    ended = call("match", REPLY, "--registry", str(registry))
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert str(registry) in ended.errors[0]


def test_one_document_is_an_object_and_several_files_are_an_array() -> None:
    one = json.loads(call("read", APPEAL).output)
    several = json.loads(call("read", REPORT, APPEAL).output)
    assert one["kind"] == "urgent_appeal"
    assert [document["kind"] for document in several] == ["report", "urgent_appeal"]
    assert several[1] == one


def test_several_appeals_on_one_page_are_an_array() -> None:
    page = ROOT / "tests/corpus/en-2009-two-appeals/source.txt"
    assert len(json.loads(call("read", str(page)).output)) == 2


def spans(value: object) -> Iterator[tuple[list[int], dict[str, object]]]:
    if isinstance(value, dict):
        if value.get("span"):
            yield value["span"], value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


@pytest.mark.parametrize("file", [REPORT, APPEAL])
def test_with_source_every_span_is_the_text_that_the_item_prints(file: str) -> None:
    document = json.loads(call("read", file, "--with-source").output)
    source = document["source"]["text"]
    found = list(spans(document))
    assert len(found) > 20
    for (start, end), item in found:
        assert 0 <= start < end <= len(source)
        for key in item.keys() & {"as_printed", "display"}:
            assert item[key] in source[start:end], item
        if set(item) <= {"text", "span"}:
            assert item["text"] == source[start:end]


def test_without_source_the_text_is_left_out() -> None:
    assert json.loads(call("read", APPEAL).output).get("source") is None


def test_text_output_tells_the_facts_on_one_screen() -> None:
    shown = call("read", REPORT, "--format", "text").output
    assert "Davit Anhalt" in shown
    assert "2021-10-12 18:30" in shown
    assert "death_threat → Mirela Tosk; by four masked men" in shown


def test_explain_marks_facts_in_the_text_and_is_plain_without_a_terminal() -> None:
    shown = call("read", APPEAL, "--explain").output
    # The lines are as wide as the terminal.
    assert "[four masked men|group]" in " ".join(shown.split())
    assert "\x1b" not in shown


def test_explain_shows_what_nothing_took(tmp_path: Path) -> None:
    file = tmp_path / "a.html.txt"
    file.write_text("HOME | DONATE | CONTACT US\n\n" + Path(APPEAL).read_text("utf-8"), "utf-8")
    assert "NOT READ" in call("read", str(file), "--explain").output


@pytest.mark.parametrize("words", [["--format", "text"], ["--explain"], []])
def test_no_text_can_steer_the_terminal(words: list[str]) -> None:
    hostile = "On 3 May 2021 Ms. Ana \x1b]0;x\x07Brolt \x9b31m was \u202earrested\u2066 by the police.\r\x08\n"
    calm = "She works for the Open River Network in Karvel. " * 4
    shown = call("read", "-", *words, stdin=(hostile + calm).encode()).output
    assert "Ana" in shown
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []


@pytest.mark.parametrize("words", [["--format", "text"], ["--explain"]], ids=" ".join)
def test_a_document_of_a_stranger_cannot_steer_the_terminal(tmp_path: Path, words: list[str]) -> None:
    hostile = "Ana \x1b]0;x\x07\u202eBrolt\x9b31m"
    document = AppealDocument(
        "report", "en", title=Text(hostile), unread=(Unread((0, 3), hostile),), source=Source(hostile)
    )
    file = tmp_path / "x\u202e\x1b[31m.json"
    file.write_text(to_json(document), "utf-8")
    shown = call("read", str(file), *words).output
    assert "Ana" in shown or "--explain" in words
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []


def test_the_name_of_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    shown = call("read", str(tmp_path / "x\u202e\x1b[31m.txt"))
    assert [c for line in shown.errors for c in line if not c.isprintable()] == []


def test_a_code_is_shown_on_one_line_without_steering_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "x\u202e.txt"
    file.write_text("Re: XZV 003 /\x1b[31m 1021 / OBS\u200f 091", "utf-8")
    shown = call("code", "find", str(file)).output
    assert [c for c in shown if not c.isprintable() and c not in "\n\t"] == []


def test_json_output_of_match_and_find_is_json() -> None:
    matched = json.loads(call("match", REPLY, "--registry", CODES, "--format", "json").output)
    assert matched["code"] == "XZV 003 / 1021 / OBS 091"
    found = json.loads(call("code", "find", APPEAL, "--format", "json").output)
    assert [one["canonical"] for one in found] == ["XZV 003 / 1021 / OBS 091"]


def test_the_module_is_the_command() -> None:
    ended = run("code", "parse", "XZV 003 / 1021 / OBS 091")
    assert (ended.status, ended.output.splitlines()[0], ended.errors) == (0, "XZV 003 / 1021 / OBS 091", [])


def test_a_failing_process_prints_one_line_and_no_traceback() -> None:
    ended = run("read", "-", stdin=b"\x00\x01\x02" * 100)
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert ended.errors[0].startswith("tocsin: ")


def test_output_that_nobody_reads_to_the_end_is_no_error() -> None:
    line = f"{sys.executable} -m tocsin read {APPEAL} | head -c 10; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_has_a_script_for_each_shell(shell: str) -> None:
    ended = run(env={"_TOCSIN_COMPLETE": f"{shell}_source"}, program="tocsin")
    assert ended.status == 0
    assert "_TOCSIN_COMPLETE" in ended.output


def test_completion_knows_commands_that_are_not_loaded() -> None:
    env = {"_TOCSIN_COMPLETE": "bash_complete", "COMP_WORDS": "tocsin code fo", "COMP_CWORD": "2"}
    assert run(env=env, program="tocsin").output == "plain,follow-up\n"


def test_the_output_is_utf_8_in_a_plain_environment() -> None:
    ended = run("read", APPEAL, "--format", "text", env={"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": ""})
    assert ended.status == 0
    assert "→" in ended.output


def test_explain_in_colour_lets_no_text_steer_the_terminal() -> None:
    text = "Ana \x1b]0;x\x07\u202eBrolt\n"
    reading = Reading(AppealDocument("urgent_appeal", "en", source=Source(text)), (Mark(0, len(text) - 1, "person"),))
    shown = explained(reading, colour=True, width=100)
    assert re.findall(r"\x1b\[[\d;]+m", shown)
    rest = re.sub(r"\x1b\[[\d;]+m", "", shown)
    assert [char for char in rest if not (char.isprintable() or char == "\n")] == []
