"""`tocsin match`, as a person types it, over a mailbox of replies."""

import json
from pathlib import Path
from typing import Any

import pytest

import replies_mailbox
from command_line import Ended, call
from replies_mailbox import KNOWN, MAILBOX, MAILS, expected_of

PUBLISHED = str(replies_mailbox.PUBLISHED)


def run(*words: str, given: str = "") -> Ended:
    return call("match", *words, stdin=given)


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Match the whole mailbox at once, each mail as a mail server hands it over."""
    folder = tmp_path_factory.mktemp("mailbox")
    for mail in MAILS:
        (folder / mail.name).write_bytes(b"Return-Path: <>\r\n" + mail.read_bytes())
    done = run(*map(str, sorted(folder.iterdir())), "--registry", PUBLISHED, "--known", str(KNOWN), "--format", "json")
    assert done.status == 0, done.errors
    return {Path(result["mail"]).stem: result for result in json.loads(done.output)}


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_mail_of_the_mailbox_is_matched_as_expected(mail: Path, matched: dict[str, Any]) -> None:
    expected, found = expected_of(mail), matched[mail.stem]
    assert (found["code"], found["reason"]) == (expected.get("code"), expected["reason"])
    rules = [one["where"] for one in found["evidence"]]
    said = {
        "guesses": [one["code"] for one in found["candidates"]],
        "found": list(dict.fromkeys(rules)),
        "unread": [one["as_printed"] for one in found["evidence"] if one["where"] == "unread"],
        "pictures": [one["as_printed"] for one in found["evidence"] if one["how"] == "pictured"],
    }
    assert {key: said[key] for key in said if key in expected} == {
        key: expected[key] for key in said if key in expected
    }


def test_every_expectation_has_its_mail() -> None:
    assert [mail.stem for mail in MAILS] == sorted(one.stem for one in MAILBOX.glob("*.toml") if one != KNOWN)
    assert len(MAILS) >= 120, "as many as are promised"


def test_the_text_output_names_the_code_and_the_evidence() -> None:
    done = run("-", "--registry", PUBLISHED, given="Subject: Re: KAZ002/0621\n\n> OBS 065\n")
    assert done.status == 0
    assert done.output == (
        "-\tKAZ 002 / 0621 / OBS 065\n"
        "  subject: completed: KAZ002/0621 (missing_series, missing_number, missing_space)\n"
        "  quoted: unclear: OBS 065 (missing_country, missing_country_number, missing_month, missing_year)\n"
    )


def test_what_is_not_known_ends_with_1_and_shows_what_it_may_be() -> None:
    done = run("-", "--registry", PUBLISHED, given="Subject: OBS 065\n\nhello\n")
    assert done.status == 1
    assert "not known: what it says of a code fits several appeals" in done.output
    assert done.output.count("  perhaps ") == 2


def test_one_mail_gives_one_object_and_nothing_that_is_not_published() -> None:
    given = "Subject: XBM 001 / 0721 / OBS 067\n\n"
    result = json.loads(run("-", "--registry", PUBLISHED, "--format", "json", given=given).output)
    assert (result["code"], result["reason"], result["candidates"]) == (None, "unpublished", [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-", "--registry", "-"], "standard input cannot be both"),
        (["-", "--registry", "no-such-list.txt"], "no-such-list.txt"),
        (["no-such-mail.eml", "--registry", PUBLISHED], "no-such-mail.eml"),
        (["-", "--registry", str(MAILBOX / "plain_subject.eml")], "line 1: not a reference code"),
    ],
)
def test_bad_input_is_one_clear_line_and_2(words: list[str], message: str) -> None:
    done = run(*words, given="hello")
    assert (done.status, done.output, len(done.errors)) == (2, "", 1)
    assert message in done.errors[0]
