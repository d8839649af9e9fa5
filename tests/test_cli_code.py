"""`tocsin code`, as a person types it."""

import json
from pathlib import Path

import pytest

from command_line import Ended, call

LIST = "# published\nKAZ 002 / 0621 / OBS 065\t2021-06-08\nXZV 001 / 0621 / OBS 064\nXZV 002 / 0621 / OBS 066\tvoid\n"


def run(*words: str, given: str = "") -> Ended:
    return call("code", *words, stdin=given)


@pytest.fixture
def registry(tmp_path: Path) -> str:
    path = tmp_path / "codes.txt"
    path.write_text(LIST, "utf-8")
    return str(path)


def test_parse_says_what_a_code_means_and_what_is_odd_about_it() -> None:
    done = run("parse", "KGZ 003 /0106/ OBS 058", "--on", "2001-06-29")
    assert done.status == 0
    assert done.output.startswith("KGZ 003 / 0601 / OBS 058\n")
    assert "year_month_order: the year was printed before the month" in done.output


def test_parse_gives_json_and_reads_standard_input() -> None:
    done = run("parse", "-", "--format", "json", given="KAZ002/0621/OBS065.1\n")
    read = json.loads(done.output)
    assert (read["canonical"], read["slug"]) == ("KAZ 002 / 0621 / OBS 065.1", "kaz-002-0621-obs-065-1")
    assert (read["country"], read["year"], read["follow_up"]) == ("KAZ", 2021, 1)
    assert read["oddities"] == ["missing_space"]


def test_parse_takes_another_scheme() -> None:
    assert run("parse", "Second UA: 54/19", "--scheme", "amnesty").output.startswith("UA 54/19-1\n")


def test_find_gives_one_line_for_each_code_and_ends_with_1_where_there_is_none() -> None:
    done = run("find", "-", given="Dear all,\nKAZ 002/0621 /\n> OBS 065 and XZV 001 / 0621 / OBS 064\n")
    lines = [line.split("\t") for line in done.output.splitlines()]
    assert [line[2] for line in lines] == ["KAZ 002 / 0621 / OBS 065", "XZV 001 / 0621 / OBS 064"]
    assert lines[0][3] == "KAZ 002/0621 / > OBS 065"
    assert done.status == 0
    nothing = run("find", "-", given="we met on 12/05/2021")
    assert (nothing.status, nothing.output) == (1, "")


def test_find_gives_json(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("about OBS 065 of 2021", "utf-8")
    (found,) = json.loads(run("find", str(letter), "--format", "json").output)
    assert (found["file"], found["span"], found["completeness"]) == (str(letter), [6, 13], "chain")


def test_what_was_printed_cannot_steer_the_terminal() -> None:
    done = run("find", "-", given="KAZ 002 / 0621 /\u202e OBS 065")
    assert done.status == 0
    assert "\\u202e" in done.output
    assert "\u202e" not in done.output


def test_next_and_follow_up_give_out_numbers_from_a_list(registry: str) -> None:
    following = run("next", "--registry", registry, "--country", "xzv", "--on", "2021-07-01")
    assert (following.output, following.status) == ("XZV 003 / 0721 / OBS 067\n", 0)
    update = run("follow-up", "--registry", registry, "KAZ 002/0621/OBS 065")
    assert (update.output, update.status) == ("KAZ 002 / 0621 / OBS 065.1\n", 0)


def test_a_list_is_read_from_standard_input() -> None:
    assert (
        run("follow-up", "--registry", "-", "UA 1/20", "--scheme", "amnesty", given="UA 1/20").output == "UA 1/20-1\n"
    )


BAD = [
    (["parse", "hello"], "tocsin: not a reference code (a code looks like XZV 002 / 0621 / OBS 065)"),
    (["parse", "OBS 065 2021"], "tocsin: only part of a reference code: no country and country number and month"),
    (["find", "no-such-file.txt"], "no-such-file.txt"),
    (["next", "--registry", "no-such-list.txt", "--country", "KAZ", "--on", "2021-06-08"], "no-such-list.txt"),
    (["next", "--registry", "-", "--country", "ZZZ", "--on", "2021-06-08"], "not an ISO 3166-1 alpha-3 country code"),
    (["next", "--registry", "-", "--country", "XZV", "--on", "1990-01-01"], "before 1997"),
    (["follow-up", "--registry", "-", "-"], "standard input cannot be both"),
    (["follow-up", "--registry", "-", "KAZ 009 / 0921 / OBS 099"], "no appeal with this code was published"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_bad_input_is_one_clear_line_and_2(words: list[str], message: str) -> None:
    done = run(*words)
    assert done.status == 2
    assert message in done.errors[0]
    assert len(done.errors) == 1
    assert done.output == ""


def test_a_bad_list_names_the_line() -> None:
    done = run("follow-up", "--registry", "-", "KAZ 002 / 0621 / OBS 065", given="KAZ 002 / 0621 / OBS 065\nwhat\n")
    assert done.status == 2
    assert done.errors[0].startswith("tocsin: -, line 2: not a reference code")


def test_a_list_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_bytes(b"\xff\xfe\x00")
    done = run("follow-up", "--registry", str(path), "KAZ 002 / 0621 / OBS 065")
    assert (done.status, len(done.errors)) == (2, 1)
    assert "not UTF-8" in done.errors[0]


def test_the_help_of_the_group_has_an_example() -> None:
    assert "Example:\n  tocsin code parse" in run("--help").output
