"""`tocsin site authorities`: a file goes in whole or not at all, and the directory comes out as a file."""

from pathlib import Path

import pytest
from click.testing import Result
from directory import FILE

from people import NOW, PASSPHRASE, Hire
from terminal import at_the_terminal
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions, queries
from tocsin.authorities.models import Authority
from tocsin.cli.site import authorities
from tocsin.core.addressing import Directory, from_csv, from_popolo
from tocsin.core.errors import BadDirectory, NotAllowed


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch, administrator: NewAccount) -> None:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def run(who: tuple[str, NewAccount], *words: str) -> Result:
    login, person = who
    typed = f"{login}\n{PASSPHRASE}\n{second_factor.code_at(person.totp, NOW)}\n"
    return at_the_terminal(authorities.authorities, words, typed)


def written(folder: Path, text: str) -> str:
    path = folder / "authorities.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_looking_at_a_file_says_what_it_would_do_and_changes_nothing(tmp_path: Path, tomas: NewAccount) -> None:
    file = written(tmp_path, FILE)
    looked = run(("tomas", tomas), "import", file, "--look")
    assert looked.stdout == "7 rows; new: 3, changed: 0, as before: 0, refused: 0; nothing was changed\n"
    assert not Authority.objects.exists()


def test_a_file_is_taken_and_taken_again_it_changes_nothing(tmp_path: Path, tomas: NewAccount, hire: Hire) -> None:
    file = written(tmp_path, FILE)
    taken = run(("tomas", tomas), "import", file)
    assert taken.exit_code == 0, taken.output
    assert taken.stdout == "7 rows; new: 3, changed: 0, as before: 0, refused: 0; taken\n"
    # By a colleague: a code of an authenticator is good for one use.
    again = run(("sefa", hire("sefa", "case_lead")), "import", file)
    assert again.stdout == "7 rows; new: 0, changed: 0, as before: 3, refused: 0; taken\n"
    assert queries.get_directory() == from_csv(FILE, Directory(), today=NOW.date()).directory


def test_a_refused_row_is_named_and_nothing_is_taken(tmp_path: Path, tomas: NewAccount) -> None:
    file = written(tmp_path, FILE + "check,,,email,xzv-mayor,,,,,,a@b.example,2026-11-20,ok,\n")
    ended = run(("tomas", tomas), "import", file)
    assert ended.exit_code == 1
    assert f"tocsin: {file}, line 9: what was checked is not among" in ended.stderr
    assert ended.stdout.endswith("refused: 1; nothing was changed\n")
    assert not Authority.objects.exists()


def test_who_may_not_take_files_takes_none(tmp_path: Path, hire: Hire) -> None:
    ended = run(("amina", hire("amina", "verifier")), "import", written(tmp_path, FILE))
    assert isinstance(ended.exception, NotAllowed)
    assert not Authority.objects.exists()


def test_what_is_no_directory_is_told_so_with_the_file(tmp_path: Path, tomas: NewAccount) -> None:
    file = written(tmp_path, "a,b\n1,2\n")
    ended = run(("tomas", tomas), "import", file)
    assert isinstance(ended.exception, BadDirectory)
    assert file in str(ended.exception)


@pytest.mark.parametrize(("name", "read"), [("out.csv", from_csv), ("out.json", from_popolo)])
def test_the_directory_is_written_into_a_file(tmp_path: Path, tomas: NewAccount, name: str, read) -> None:  # type: ignore[no-untyped-def]
    actions.take_file(tomas.actor, FILE, now=NOW)
    ended = at_the_terminal(authorities.authorities, ("export", str(tmp_path / name)), "")
    assert ended.exit_code == 0, ended.output
    text = (tmp_path / name).read_text("utf-8")
    assert read(text, Directory(), today=NOW.date()).directory == queries.get_directory()
