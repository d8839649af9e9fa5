"""`tocsin verify`: a proof and its keys say what is genuine; a copy in any form is held against them word for word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from command_line import Ended, call
from invented_appeals import ARABIC, ENGLISH
from signing import CODE, appeal, coded, signatory, signed
from tocsin.adapters.outlets import render_file
from tocsin.core.publication import Retraction, signatories_to_file, to_file

PUBLISHED = signed(appeal(documents=(ENGLISH, ARABIC)))
ENGLISH_EDITION, ARABIC_EDITION = coded(ENGLISH, CODE), coded(ARABIC, CODE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys = [signatory("ana"), replace(signatory("boris"), retired_on=date(2026, 11, 20))]
    (tmp_path / "keys.json").write_bytes(signatories_to_file(keys))
    (tmp_path / "proof.json").write_bytes(to_file(PUBLISHED))
    return tmp_path


def verified(folder: Path, file: str, *words: str) -> Ended:
    return call("verify", str(folder / file), "--keys", str(folder / "keys.json"), *words)


def compared(folder: Path, name: str, content: bytes) -> Ended:
    (folder / name).write_bytes(content)
    return verified(folder, name, "--proof", str(folder / "proof.json"))


def test_a_proof_names_its_signatories(folder: Path) -> None:
    ended = verified(folder, "proof.json")
    assert ended.status == 0
    assert ended.output.splitlines()[0] == f"genuine: {CODE} · ar en"
    assert f"{signatory('ana').id} ana\n" in ended.output
    assert f"{signatory('boris').id} boris (signs no more since 2026-11-20)" in ended.output


def test_a_retraction_is_told_as_one(folder: Path) -> None:
    gone = signed(Retraction(CODE, datetime(2026, 11, 25, 12, tzinfo=UTC)))
    (folder / "proof.json").write_bytes(to_file(gone))
    assert verified(folder, "proof.json").output.startswith(f"WITHDRAWN on 2026-11-25: {CODE}")
    assert compared(folder, "copy.txt", b"any text").status == 1


def test_an_archived_appeal_is_never_called_genuine(folder: Path) -> None:
    archived = replace(appeal(documents=(ENGLISH, ARABIC)), archived_from=("0" * 64, "1" * 64))
    (folder / "proof.json").write_bytes(to_file(signed(archived)))
    ended = verified(folder, "proof.json")
    assert ended.status == 0
    assert ended.output.startswith(f"ARCHIVED: {CODE} · ar en\n  published before")
    assert "genuine:" not in ended.output
    assert "signed by" not in ended.output
    (folder / "proof.json").write_bytes(to_file(replace(archived, signatures=PUBLISHED.signatures)))
    assert verified(folder, "proof.json").status != 0, "who approved an appeal signed for no archive"


@pytest.mark.parametrize("form", ["txt", "html", "pdf", "docx", "eml", "json"])
@pytest.mark.parametrize("document", [ENGLISH_EDITION, ARABIC_EDITION], ids=["en", "ar"])
def test_a_copy_in_any_form_is_known(folder: Path, form: Any, document: Any) -> None:
    ended = compared(folder, f"copy.{form}", render_file(document, form))
    assert ended.status == 0, (ended.output, ended.errors)
    assert ended.output.splitlines()[-1].endswith(f": {document.language}")
    assert "nobody signed" not in ended.output


CHANGED: dict[str, tuple[str, Callable[[str], str], list[str]]] = {
    "another address": (
        "txt",
        lambda text: text.replace("office@president.example", "office@pres1dent.example"),
        ["  - office@president.example", "  + office@pres1dent.example"],
    ),
    "a demand less": ("txt", lambda text: text.replace("immediately and unconditionally", ""), ["  - immediately"]),
    "a word in the page": ("html", lambda text: text.replace("six officers", "two officers"), ["  - six", "  + two"]),
    "a letter of another script": (
        "txt",
        lambda text: text.replace("Marosh", "Mаrosh", 1),
        ["  - Marosh", "  + Mаrosh"],
    ),
    "one field of the data": ("json", lambda text: text.replace('"release"', '"no_release"', 1), []),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_is_shown(folder: Path, name: str) -> None:
    form, change, shown = CHANGED[name]
    whole = render_file(ENGLISH_EDITION, form).decode()  # type: ignore[arg-type]
    assert change(whole) != whole
    ended = compared(folder, f"copy.{form}", change(whole).encode())
    assert ended.status == 1
    assert [line for line in shown if not any(each.startswith(line) for each in ended.output.splitlines())] == []


def test_words_that_nobody_signed_are_shown_beside_those_that_are_there(folder: Path) -> None:
    copy = "Forwarded by a friend:\n\n" + render_file(ENGLISH_EDITION, "txt").decode() + "\nSend money to us\n"
    ended = compared(folder, "copy.txt", copy.encode())
    assert ended.status == 0
    assert "words that nobody signed" in ended.output
    assert "  + Forwarded by a friend:" in ended.output
    assert "  + Send money to us" in ended.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (to_file(signed(appeal(), by=["ana", "mallory"])), "1 of the 2 signatures"),
        (to_file(PUBLISHED).replace(b"Velm", b"Vilm", 1), "0 of the 2 signatures"),
        (b"not even JSON", "this is no JSON"),
        (b'{"schema":"tocsin/public-appeal/9"}', "update tocsin"),
    ],
)
def test_what_is_not_genuine_is_one_line_and_ends_with_2(folder: Path, content: bytes, said: str) -> None:
    (folder / "proof.json").write_bytes(content)
    ended = verified(folder, "proof.json")
    assert (ended.status, ended.output) == (2, "")
    assert len(ended.errors) == 1
    assert said in ended.errors[0]


def test_nothing_is_read_twice_from_standard_input(folder: Path) -> None:
    assert call("verify", "-", "--keys", "-").status == 2
    assert call("verify", str(folder / "nowhere.json"), "--keys", str(folder / "keys.json")).status == 2
