"""The whole site as a folder: every link leads to a file of it, and what was withdrawn is gone from the next copy."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from posixpath import join, normpath

import pytest
from public_site import Press, publishing_process, slug_of

from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.core.errors import BadOutput
from tocsin.core.publication import from_file, signatories_from_file, verify
from tocsin.publishing import copying, pages, queries, signatories
from tocsin.vault.keyring import is_signed

SOON = NOW + timedelta(hours=1)
FORMS = ("txt", "json")


@pytest.fixture
def press(administrator: NewAccount, hire: Hire) -> Iterator[Press]:
    press = Press(hire("ana", "case_lead"), hire("boris", "case_lead"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, label="Approver", now=NOW)
    queries.forget()
    with publishing_process():
        yield press


def links_of(page: Path, folder: Path) -> Iterator[str]:
    here = page.relative_to(folder).parent.as_posix()
    for link in re.findall(r'href="([^"#?:]+)"', page.read_text("utf-8")):
        yield normpath(join(here, link))


@pytest.mark.parametrize(("forms", "more"), [(pages.FORMS, 0), (FORMS, queries.ON_A_PAGE)], ids=["all", "some"])
def test_every_link_of_a_copy_leads_to_a_file_of_it(
    press: Press, tmp_path: Path, forms: tuple[str, ...], more: int
) -> None:
    first = press.publish([ENGLISH, ARABIC], now=NOW)
    press.follow_up(first, [ENGLISH], now=NOW)
    for _ in range(more):
        press.publish([SPANISH], now=NOW)
    folder = tmp_path / "mirror"
    appeals, count = copying.copy_to(folder, forms, now=SOON)
    found = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert (appeals, count + 1) == (more + 2, len(found))
    written = list(folder.rglob("*.html"))
    assert {link for page in written for link in links_of(page, folder)} - found == set()
    wanted = ["index.html", "ar/index.html", "en/country/XZV.html", *(["en/page-2.html"] if more else [])]
    assert {*wanted, *(f"appeals/{slug_of(first)}/ar.{form}" for form in forms)} - found == set()
    assert "<form" not in (folder / "en/index.html").read_text("utf-8")
    keys = signatories_from_file((folder / "signatories.json").read_bytes())
    proof = from_file((folder / f"appeals/{slug_of(first)}/proof.json").read_bytes())
    assert len(verify(proof, keys, is_signed)) == 2


def test_what_was_withdrawn_is_gone_from_the_next_copy(press: Press, tmp_path: Path) -> None:
    published = press.publish([ENGLISH, ARABIC], now=NOW)
    folder = tmp_path / "mirror"
    copying.copy_to(folder, FORMS, now=NOW)
    there = {each.name for each in (folder / "appeals" / slug_of(published)).iterdir()}
    assert there == {"proof.json", "cap.xml", "en.html", "en.txt", "en.json", "ar.html", "ar.txt", "ar.json"}
    press.retract(published, now=SOON)
    copying.copy_to(folder, FORMS, now=SOON)
    gone = {each.name for each in (folder / "appeals" / slug_of(published)).iterdir()}
    assert gone == {"proof.json", "cap.xml", *(f"{tag}.html" for tag in pages.languages())}
    assert [each.name for each in folder.rglob("*") if each.is_file() and "Marosh" in each.read_text("utf-8")] == []
    assert {each.name for each in tmp_path.iterdir()} == {"mirror"}


def test_nothing_under_an_embargo_is_copied(press: Press, tmp_path: Path) -> None:
    held = press.publish([ENGLISH], now=NOW, not_before=SOON)
    copying.copy_to(tmp_path / "mirror", FORMS, now=NOW)
    assert not (tmp_path / "mirror/appeals").exists()
    copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert (tmp_path / "mirror/appeals" / slug_of(held)).is_dir()


def test_a_folder_of_somebody_else_is_left_as_it_is(press: Press, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/mine.txt").write_text("mine")
    with pytest.raises(BadOutput):
        copying.copy_to(tmp_path / "letters", FORMS, now=NOW)
    assert (tmp_path / "letters/mine.txt").read_text() == "mine"


def test_a_copy_that_breaks_off_leaves_the_one_before(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish([ENGLISH], now=NOW)
    copying.copy_to(tmp_path / "mirror", FORMS, now=NOW)
    before = {each: each.read_bytes() for each in (tmp_path / "mirror").rglob("*") if each.is_file()}

    def full(*words: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pages, "proof_of", full)
    with pytest.raises(BadOutput):
        copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert {each: each.read_bytes() for each in (tmp_path / "mirror").rglob("*") if each.is_file()} == before
