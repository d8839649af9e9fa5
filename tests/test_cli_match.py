"""`tocsin match`, as a person types it, over a mailbox of replies."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from command_line import Ended, call

MAILBOX = Path(__file__).parent / "mailbox"
PUBLISHED = str(MAILBOX / "published.txt")
EXPECTED = tomllib.loads((MAILBOX / "expected.toml").read_text("utf-8"))


def run(*words: str, given: str = "") -> Ended:
    return call("match", *words, stdin=given)


@pytest.fixture(scope="module")
def matched() -> dict[str, Any]:
    """Match the whole mailbox at once."""
    mails = sorted(str(path) for path in MAILBOX.glob("*.eml"))
    done = run(*mails, "--registry", PUBLISHED, "--format", "json")
    assert done.status == 0, done.errors
    return {Path(result["mail"]).stem: result for result in json.loads(done.output)}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_mail_of_the_mailbox_is_matched_as_expected(name: str, matched: dict[str, Any]) -> None:
    assert matched[name]["code"] == EXPECTED[name].get("code")
    assert matched[name]["reason"] == EXPECTED[name]["reason"]


def test_every_mail_of_the_mailbox_has_an_expectation() -> None:
    assert {path.stem for path in MAILBOX.glob("*.eml")} == set(EXPECTED)


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
