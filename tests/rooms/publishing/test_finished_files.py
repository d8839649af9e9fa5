"""Finished files: made once, given as they were made, believed by their seal alone, and gone with their appeal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented_appeals import ARABIC, ENGLISH
from people import NOW
from public_site import Press, publishing_process, slug_of
from signing import appeal
from tocsin.adapters.outlets import typesetter
from tocsin.core.errors import MissingFont
from tocsin.core.publication import PublicAppeal, Words
from tocsin.publishing import actions, copying, finished, pages, program, queries
from tocsin.publishing.models import FinishedFile

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def press(press: Press) -> Iterator[Press]:
    with publishing_process():
        yield press


def kept(published: PublicAppeal) -> dict[tuple[str, str], bytes]:
    listed = queries.find(slug_of(published), now=SOON)
    assert listed is not None
    return finished.of(listed)


def test_a_copy_writes_out_what_is_kept_and_sets_nothing(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = press.publish([ENGLISH, ARABIC], now=NOW)
    assert (finished.make_missing(now=SOON), finished.make_missing(now=SOON)) == (1, 0)
    assert set(kept(published)) == {(tag, form) for tag in ("en", "ar") for form in pages.FORMS}
    copying.copy_to(tmp_path / "anew", now=SOON, whole=True)
    monkeypatch.setattr(pages, "render_file", lambda *_: pytest.fail("this was made already"))
    copying.copy_to(tmp_path / "copy", now=SOON)
    copies = [
        {each.relative_to(folder): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
        for folder in (tmp_path / "anew", tmp_path / "copy")
    ]
    assert copies[0] == copies[1]
    served = pages.file(slug_of(published), "ar", "pdf", now=SOON)
    assert served.body == kept(published)["ar", "pdf"]


def test_what_somebody_wrote_into_the_database_is_not_given(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    published, other = press.publish([ENGLISH], now=NOW), press.publish([ARABIC], now=NOW)
    finished.make_missing(now=SOON)
    genuine = FinishedFile.objects.filter(form="txt")
    of_other = genuine.get(publication__slug=slug_of(other))
    harms: list[dict[str, Any]] = [
        {"content": b"Nobody was arrested."},
        {"content": of_other.content, "seal": of_other.seal},
        {"form": "md"},
        {"seal": ""},
    ]
    slug = slug_of(published)
    FinishedFile.objects.filter(publication__slug=slug, form="md").delete()
    before = {name: getattr(genuine.get(publication__slug=slug), name) for name in ("content", "seal", "form")}
    asked = pages.file(slug, "en", "txt", now=SOON).body
    for harm in harms:
        row = FinishedFile.objects.filter(publication__slug=slug, form=before["form"])
        row.update(**harm)
        forged = {("en", "txt"), ("en", "md")} & set(kept(published))
        assert (forged, pages.file(slug, "en", "txt", now=SOON).body) == (set(), asked), harm
        FinishedFile.objects.filter(publication__slug=slug, form=harm.get("form", "txt")).update(**before)
    assert ("en", "txt") in kept(published)
    # Another version of the program may write another file: it makes all of them anew.
    monkeypatch.setattr(program, "digest", lambda: "another")
    assert kept(published) == {}
    assert finished.make_missing(now=SOON) == 2
    assert ("en", "txt") in kept(published)


def test_no_file_outlives_its_version(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (press.publish([ENGLISH], now=NOW) for _ in range(3))
    finished.make_missing(now=SOON, most=1)
    assert FinishedFile.objects.values("publication").distinct().count() == 1
    finished.make_missing(now=SOON)

    def those_of(published: PublicAppeal) -> int:
        return FinishedFile.objects.filter(publication__slug=slug_of(published)).count()

    assert [those_of(each) for each in (first, second, third)] == [len(pages.FORMS)] * 3
    left_over = list(FinishedFile.objects.filter(publication__slug=slug_of(second)))
    version = replace(appeal(first.code, [ENGLISH]), version=2, note=(Words("en", "Without her name."),))
    actions.correct(press.sign(version), now=NOW)
    press.retract(second, now=NOW)
    assert [those_of(each) for each in (first, second, third)] == [0, 0, len(pages.FORMS)]
    # What a restored database or a stranger laid there goes at the next turn.
    FinishedFile.objects.bulk_create(left_over)
    assert finished.make_missing(now=SOON) == 1
    assert [those_of(each) for each in (first, second, third)] == [len(pages.FORMS), 0, len(pages.FORMS)]
    # And what is taken back while its files are made has none.
    FinishedFile.objects.all().delete()
    make = finished._made
    codes = {slug_of(third): third}

    def made(listed: queries.Listed) -> Iterator[FinishedFile]:
        yield from make(listed)
        if listed.slug in codes:
            press.retract(codes.pop(listed.slug), now=NOW)

    monkeypatch.setattr(finished, "_made", made)
    assert finished.make_missing(now=SOON) == 1
    assert [those_of(each) for each in (first, second, third)] == [len(pages.FORMS), 0, 0]


@pytest.mark.database("sqlite")
def test_nothing_is_kept_while_a_face_is_gone(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.publish([ENGLISH], now=NOW)

    def gone() -> None:
        raise MissingFont("the face Noto Naskh Arabic is gone", where="PDF")

    monkeypatch.setattr(typesetter, "fonts", gone)
    with pytest.raises(MissingFont):
        finished.make_missing(now=SOON)
    assert not FinishedFile.objects.exists()
