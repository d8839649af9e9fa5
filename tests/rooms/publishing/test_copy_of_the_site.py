"""The whole site as a folder: every link leads to a file of it, and what was withdrawn is gone from the next copy."""

import json
import os
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import pytest
from django.conf import settings

from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW, Hire
from public_site import Press, publishing_process, slug_of
from signing import appeal
from tocsin.accounts.actions import NewAccount
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadOutput
from tocsin.core.letters import EMBASSY, FIRST_MISSION
from tocsin.core.publication import Mission, PublicAppeal, Way, Words, from_file, signatories_from_file, verify
from tocsin.publishing import actions, copying, pages, program, queries, signatories, whole
from tocsin.publishing.answers import Answer
from tocsin.vault.keyring import is_signed

SOON = NOW + timedelta(hours=1)
FORMS = ("txt", "json")
PARIS = "paris@zarvania.example"


@pytest.fixture
def press(press: Press) -> Iterator[Press]:
    with publishing_process():
        yield press


def links_of(page: Path, folder: Path) -> Iterator[str]:
    here, words = page.relative_to(folder).parent.as_posix(), page.read_text("utf-8")
    for link in re.findall(r'(?:href=|"address": ?)"([^"#?:{]+)"', words):
        yield normpath(join(here, link))
    # Feeds and the map are read far from the site, and name its addresses whole.
    yield from re.findall(f'"{re.escape(settings.SITE.publishing_address)}([^"]+)"', words)


@pytest.mark.parametrize(
    ("forms", "more"),
    [
        pytest.param(pages.FORMS, 0, id="all"),
        pytest.param(FORMS, queries.ON_A_PAGE, id="some", marks=pytest.mark.long),
    ],
)
def test_every_link_of_a_copy_leads_to_a_file_of_it(
    press: Press, tmp_path: Path, forms: tuple[str, ...], more: int
) -> None:
    first = press.publish([ENGLISH, ARABIC], now=NOW)
    press.follow_up(first, [ENGLISH], now=NOW)
    embassy = Mission("FRA", "embassy", (("en", "Embassy in Paris"),), "Paris", (Way("email", PARIS, PARIS),))
    slug = slug_of(press.publish([ENGLISH], now=NOW, missions=(embassy,)))
    for _ in range(more):
        press.publish([SPANISH], now=NOW)
    folder = tmp_path / "mirror"
    appeals, count, _ = copying.copy_to(folder, forms, now=SOON)
    found = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert (appeals, count + 2) == (more + 3, len(found))
    written = [
        each
        for name in ("*.html", "feed.*", "api/1/appeals*.json", "api/1/appeals/*.json")
        for each in folder.glob(f"**/{name}")
    ]
    links = {link for page in written for link in links_of(page, folder)}
    assert links - found == set()
    assert (f"appeals/{slug}/en.pdf" in links, f"appeals/{slug}/en.html" in links) == ("pdf" in forms, True)
    wanted = ["index.html", "ar/index.html", "en/country/XZV.html", *(["en/page-2.html"] if more else [])]
    assert {*wanted, *(f"appeals/{slug_of(first)}/ar.{form}" for form in forms)} - found == set()
    assert "<form" not in (folder / "en/index.html").read_text("utf-8")
    # Each embassy is shown with how it is reached, and one letter serves all: sixty each would be most of the files.
    assert f"mailto:{PARIS}" in (folder / f"en/act/{slug}.html").read_text("utf-8")
    assert {f"en/act/{slug}/{number}.en.html" for number in (1, EMBASSY, FIRST_MISSION)} & found == {
        f"en/act/{slug}/{number}.en.html" for number in (1, EMBASSY)
    }
    keys = signatories_from_file((folder / "signatories.json").read_bytes(), is_signed)
    proof = from_file((folder / f"appeals/{slug_of(first)}/proof.json").read_bytes())
    assert len(verify(proof, keys, is_signed)) == 2


@pytest.mark.database("sqlite")
def test_no_file_of_a_copy_says_on_which_machine_and_by_whom_it_was_made(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "USERNAME", "HOSTNAME"):
        monkeypatch.setenv(name, "kanarienvogel")
    monkeypatch.setenv("HOME", str(tmp_path / "kanarienvogel"))
    monkeypatch.setattr(socket, "gethostname", lambda: "kanarienvogel")
    press.publish([ENGLISH, ARABIC], now=NOW)
    press.retract(press.publish([SPANISH], now=NOW), now=NOW)
    copying.copy_to(tmp_path / "mirror", now=SOON)
    traces = [b"kanarienvogel", str(tmp_path).encode(), str(Path(pages.__file__).parents[3]).encode()]
    # What is packed in a PDF or a Word file is looked through by the tests of these forms.
    files = written(tmp_path / "mirror")
    assert {Path(name).suffix for name in files} >= {".html", ".txt", ".md", ".json", ".atom", ".xml", ".csv", ".pdf"}
    assert [(name, trace) for name, content in files.items() for trace in traces if trace in content] == []


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


def test_what_is_made_of_the_same_is_taken_over_and_the_copy_is_as_if_made_anew(press: Press, tmp_path: Path) -> None:
    first, second = press.publish([ENGLISH, ARABIC], now=NOW), press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    whole = copying.copy_to(mirror, FORMS, now=SOON)
    assert whole.anew == whole.files
    again = copying.copy_to(mirror, FORMS, now=SOON)
    assert (again.files, again.anew < whole.files / 2) == (whole.files, True)
    # A follow-up changes the page of what it follows; a retraction, the page of a defender; neither, the other appeal.
    press.follow_up(first, [ENGLISH], now=NOW)
    press.retract(second, now=NOW)
    other = press.publish([SPANISH], now=NOW)
    part = copying.copy_to(mirror, FORMS, now=SOON)
    copying.copy_to(tmp_path / "anew", FORMS, now=SOON)
    assert written(mirror) == written(tmp_path / "anew")
    third = copying.copy_to(mirror, FORMS, now=SOON)
    assert third.anew < part.anew
    press.retract(other, now=NOW)
    copying.copy_to(mirror, FORMS, now=SOON)
    copying.copy_to(tmp_path / "anew", FORMS, now=SOON, whole=True)
    assert written(mirror) == written(tmp_path / "anew")


Change = Callable[[Press, PublicAppeal, Any, pytest.MonkeyPatch], object]


def corrected(press: Press, published: PublicAppeal, documents: list[AppealDocument]) -> None:
    version = replace(appeal(published.code, documents), version=2, note=(Words("en", "Mended."),))
    actions.correct(press.sign(version), now=NOW)


CHANGES: dict[str, Change] = {
    "nothing": lambda *_: None,
    "publish": lambda press, first, site, patch: press.publish([SPANISH], now=NOW),
    "update": lambda press, first, site, patch: press.follow_up(first, [ENGLISH], now=NOW),
    "correction": lambda press, first, site, patch: corrected(press, first, [SPANISH, ARABIC]),
    "language withdrawn": lambda press, first, site, patch: corrected(press, first, [ENGLISH]),
    "retraction": lambda press, first, site, patch: press.retract(first, now=NOW),
    "publisher": lambda press, first, site, patch: setattr(site, "SITE", replace(site.SITE, publisher="Velm Watch")),
    "time zone": lambda press, first, site, patch: setattr(site, "TIME_ZONE", "Asia/Tokyo"),
    "version": lambda press, first, site, patch: another_version(patch),
}


def another_version(patch: pytest.MonkeyPatch) -> None:
    made = pages.filled
    patch.setattr(program, "digest", lambda: "another")
    patch.setattr(pages, "filled", lambda *words, **more: replace(made(*words, **more), body=b"another page"))


# What takes something away, in every run: a copy that keeps it is the worst of these.
IN_EVERY_RUN = {"language withdrawn", "retraction"}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "change", [pytest.param(each, marks=[] if each in IN_EVERY_RUN else pytest.mark.long) for each in CHANGES]
)
def test_a_refresh_is_byte_for_byte_a_copy_made_anew(
    press: Press, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    first = press.publish([ENGLISH, ARABIC], now=NOW)
    for documents in ([ENGLISH], [SPANISH]):
        press.publish(documents, now=NOW)
    mirror = tmp_path / "mirror"
    copying.copy_to(mirror, FORMS, now=SOON)
    CHANGES[change](press, first, settings, monkeypatch)
    queries.forget()
    copying.copy_to(mirror, FORMS, now=SOON)
    copying.copy_to(tmp_path / "anew", FORMS, now=SOON, whole=True)
    assert written(mirror) == written(tmp_path / "anew")


@pytest.mark.database("sqlite")
def test_no_form_is_made_twice_of_what_was_published_once(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = pages.file
    monkeypatch.setattr(pages, "file", lambda slug, *words, **more: made.append(slug) or make(slug, *words, **more))
    first, other = (press.publish([ENGLISH], now=NOW) for _ in range(2))
    copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert sorted(made) == sorted([slug_of(first), slug_of(other)] * len(FORMS))
    made.clear()
    later = press.follow_up(first, [ENGLISH], now=NOW)
    press.retract(other, now=NOW)
    copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert made == [slug_of(later)] * len(FORMS)


@pytest.mark.database("sqlite")
def test_who_writes_into_a_copy_cannot_say_what_belongs_there(press: Press, tmp_path: Path) -> None:
    published = press.publish([ENGLISH], now=NOW)
    mirror, page = tmp_path / "mirror", f"appeals/{slug_of(published)}/en.html"
    copying.copy_to(mirror, FORMS, now=SOON)
    before = written(mirror)
    forged = before[page].replace(b"plain clothes", b"uniform")
    (mirror / page).write_bytes(forged)
    (tmp_path / "secret").write_bytes(b"of this machine alone")
    told = json.loads(before["tocsin-copy.json"])
    _, files = told["parts"][f"appeal {slug_of(published)}"]
    files |= {page: digest_of(forged), "../secret": digest_of(b"of this machine alone")}
    (mirror / "tocsin-copy.json").write_text(json.dumps(told, separators=(",", ":")))
    copying.copy_to(mirror, FORMS, now=SOON)
    assert written(mirror) == before


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.mark.database("sqlite")
def test_a_list_and_files_of_an_older_copy_bring_back_nothing(press: Press, tmp_path: Path) -> None:
    published = press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    copying.copy_to(mirror, FORMS, now=NOW)
    shutil.copytree(mirror, tmp_path / "kept")
    press.retract(published, now=NOW)
    copying.copy_to(mirror, FORMS, now=SOON)
    after = written(mirror)
    shutil.rmtree(mirror)
    shutil.copytree(tmp_path / "kept", mirror)
    copying.copy_to(mirror, FORMS, now=SOON)
    assert written(mirror) == after


@pytest.mark.parametrize("harm", [lambda content: content[:-1], lambda content: b"", lambda content: content + b"\n"])
@pytest.mark.database("sqlite")
def test_a_form_that_was_cut_off_is_made_anew(press: Press, tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    published = press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    copying.copy_to(mirror, FORMS, now=SOON)
    before = written(mirror)
    form = mirror / f"appeals/{slug_of(published)}/en.txt"
    form.write_bytes(harm(form.read_bytes()))
    copying.copy_to(mirror, FORMS, now=SOON)
    assert written(mirror) == before


@pytest.mark.database("sqlite")
def test_a_copy_that_was_killed_between_its_last_steps_is_found_again(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    files = copying.copy_to(mirror, FORMS, now=SOON).files
    # What stands there then: the old one was moved away, the new one is half or whole, and nothing has the name.
    mirror.rename(tmp_path / ".mirror.old")
    (tmp_path / ".mirror.new").mkdir()
    (tmp_path / ".mirror.new/half.html").write_text("half")
    again = copying.copy_to(mirror, FORMS, now=SOON)
    assert (again.files, again.anew < files) == (files, True)
    assert not (mirror / "half.html").exists()
    assert {each.name for each in tmp_path.iterdir()} == {"mirror"}


@pytest.mark.database("sqlite")
def test_two_copies_into_the_same_place_at_once_do_not_mix(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish([ENGLISH], now=NOW)
    make, refused = pages.tongues, []

    def meanwhile() -> Answer:
        monkeypatch.setattr(pages, "tongues", make)
        with pytest.raises(BadOutput, match="another copy") as error:
            copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
        refused.append(error.value)
        return make()

    monkeypatch.setattr(pages, "tongues", meanwhile)
    copied = copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert (len(refused), copied.files + 2) == (1, len(written(tmp_path / "mirror")))


def written(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_file_that_somebody_touched_is_made_anew(press: Press, tmp_path: Path) -> None:
    published = press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    copying.copy_to(mirror, FORMS, now=SOON)
    before = written(mirror)
    page = mirror / f"appeals/{slug_of(published)}/en.html"
    page.write_text(page.read_text("utf-8").replace("plain clothes", "uniform"), "utf-8")
    (mirror / "en/country/XZV.html").unlink()
    copying.copy_to(mirror, FORMS, now=SOON)
    assert written(mirror) == before


@pytest.mark.long
def test_nothing_is_taken_over_from_another_program_other_keys_or_a_list_that_cannot_be_read(
    press: Press, hire: Hire, administrator: NewAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish([ENGLISH], now=NOW)
    mirror = tmp_path / "mirror"
    files = copying.copy_to(mirror, FORMS, now=SOON).files
    for harm in ("[]", "{", "[" * 100_000, '{"schema":"tocsin/copy/2","stamp":1,"parts":{}}'):
        (mirror / "tocsin-copy.json").write_text(harm)
        assert copying.copy_to(mirror, FORMS, now=SOON).anew == files
    monkeypatch.setattr(program, "digest", lambda: "another")
    assert copying.copy_to(mirror, FORMS, now=SOON).anew == files
    assert copying.copy_to(mirror, FORMS, now=SOON).anew < files
    signatories.admit(administrator.actor.ring, hire("carla", "case_lead").actor.id, label="", now=NOW)
    queries.forget()
    assert copying.copy_to(mirror, FORMS, now=SOON).anew == files
    assert copying.copy_to(mirror, ("txt",), now=SOON).anew == files - 1


@pytest.mark.usefixtures("committed")
def test_two_processes_write_what_one_writes(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_SHARE", 2)
    first = press.publish([ENGLISH, ARABIC], now=NOW)
    press.follow_up(first, [ENGLISH], now=NOW)
    press.retract(press.publish([SPANISH], now=NOW), now=NOW)
    one = copying.copy_to(tmp_path / "one", FORMS, now=SOON)
    assert copying.copy_to(tmp_path / "two", FORMS, now=SOON, jobs=2) == one
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert copying.copy_to(tmp_path / "two", FORMS, now=SOON, jobs=2).anew < one.anew


@pytest.mark.usefixtures("committed")
def test_a_process_that_is_killed_leaves_the_copy_before(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish([ENGLISH], now=NOW)
    copying.copy_to(tmp_path / "mirror", FORMS, now=NOW)
    before = written(tmp_path / "mirror")
    monkeypatch.setattr(pages, "tongues", lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(BadOutput, match="ended"):
        copying.copy_to(tmp_path / "mirror", FORMS, now=NOW, jobs=2)
    assert written(tmp_path / "mirror") == before


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

    monkeypatch.setattr(pages, "tongues", full)
    with pytest.raises(BadOutput):
        copying.copy_to(tmp_path / "mirror", FORMS, now=SOON)
    assert {each: each.read_bytes() for each in (tmp_path / "mirror").rglob("*") if each.is_file()} == before


def test_of_a_site_too_large_to_be_kept_whole_no_list_of_a_copy_loses_what_was_read_before(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        press.publish([ENGLISH], now=NOW)
    outlines = whole.list_outlines(now=NOW)
    monkeypatch.setattr(whole, "_MOST_KEPT", 1)
    reading = whole.Reading(outlines, now=NOW)
    for shown in (outlines[:2], outlines[1:4], outlines):
        assert [each.slug for each in reading.some(shown)] == [each.slug for each in shown]
    assert reading.find(outlines[0].slug) is not None
