"""The page of a defender: every appeal that names her, at an address that tells nothing; no trace when none does."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from invented_appeals import ARABIC, ENGLISH
from people import NOW, Hire
from public_site import Press, publishing_process, slug_of
from signing import appeal
from tocsin.accounts.actions import NewAccount
from tocsin.core.appeal import AppealDocument, Facts, Paragraph, Person, Section, Text
from tocsin.core.publication import Words
from tocsin.publishing import actions, answers, copying, queries, signatories
from tocsin.publishing.models import Defender, Naming

SOON = NOW + timedelta(hours=1)
ARABIC_TOO = replace(
    ENGLISH,
    language="ar",
    title=Text("زارفانيا: اعتقال المحامية لينا ماروش"),
    facts=Facts(people=(Person("لينا ماروش", role="defender"),)),
)


class Clock:
    """The time at which every request comes."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    monkeypatch.setattr(answers, "kept", answers.Kept(clock))
    queries.forget()
    return clock


@pytest.fixture
def press(administrator: NewAccount, hire: Hire, clock: Clock) -> Iterator[Press]:
    press = Press(hire("ana", "case_lead"), hire("boris", "case_lead"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, label="Approver", now=NOW)
    with publishing_process():
        yield press


def about(name: str, document: AppealDocument = ENGLISH, **words: str) -> AppealDocument:
    """Give an appeal about somebody else."""
    told = Section("situation", None, (Paragraph(f"{name} was taken away."),))
    facts = Facts(people=(Person(name, role=words.get("role", "defender")),))
    return replace(document, title=Text(f"Arrest of {name}"), sections=(told,), demands=(), facts=facts)


def text(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def led_to(address: str) -> list[str]:
    """Give the pages of defenders to which a page leads, in the order of the page."""
    return [f"/{each}" for each in re.findall(r'href="\.\./\.\./(\w+/defender/[^"]+)"', text(address))]


def test_an_appeal_leads_to_all_appeals_of_its_defender_and_the_address_tells_no_name(press: Press) -> None:
    first = press.publish([ENGLISH, ARABIC_TOO], now=NOW)
    press.follow_up(first, [ENGLISH], now=NOW)
    other = press.publish([about("Daro Linnet")], now=NOW)
    (page,) = led_to(f"/appeals/{slug_of(first)}/en.html")
    assert re.fullmatch(r"/en/defender/[0-9a-f]{32}\.html", page)
    shown = text(page)
    assert "<title>Lena Marosh" in shown
    assert "2 appeals" in shown
    assert first.code in shown
    assert f"{first.code}.1" in shown
    assert other.code not in shown
    # Two editions of one appeal name one person, whatever the script.
    (arabic,) = led_to(f"/appeals/{slug_of(first)}/ar.html")
    assert arabic == page.replace("/en/", "/ar/")
    assert "<title>لينا ماروش" in text(arabic)
    assert 'content="noindex"' in shown
    assert "/defender/" not in text("/sitemap.xml")


@pytest.mark.parametrize(
    "document",
    [
        about("Daro Linnet", role="relative"),
        about("Daro Linnet", role="official"),
        about("Daro"),
        replace(about("Daro Linnet"), title=Text("An arrest"), sections=()),
    ],
    ids=["relative", "official", "one-word", "not-printed"],
)
def test_only_a_printed_whole_name_of_a_defender_has_a_page(press: Press, document: AppealDocument) -> None:
    published = press.publish([document], now=NOW)
    assert led_to(f"/appeals/{slug_of(published)}/en.html") == []
    assert not Defender.objects.exists()


def test_the_same_name_in_another_country_is_somebody_else(press: Press) -> None:
    here = press.publish([ENGLISH], now=NOW)
    there = press.publish([replace(ENGLISH, countries=("XOS",))], now=NOW)
    pages = [led_to(f"/appeals/{slug_of(each)}/en.html") for each in (here, there)]
    assert pages[0] != pages[1]
    assert "1 appeal<" in text(pages[0][0])


def test_nobody_is_found_by_trying_and_nothing_is_under_a_name(press: Press) -> None:
    press.publish([ENGLISH], now=NOW)
    drawn = Defender.objects.get().id
    for key in ("0" * 32, "lena-marosh", drawn[:-1] + ("0" if drawn[-1] != "0" else "1"), f"{drawn}-2"):
        text(f"/en/defender/{key}.html", 404)
    # The id is drawn, and not made of the name: whoever publishes her name elsewhere gets another.
    Defender.objects.all().delete()
    press.publish([ENGLISH], now=NOW)
    assert Defender.objects.get().id != drawn


def test_she_is_gone_with_the_last_appeal_that_names_her(press: Press, clock: Clock, tmp_path: Path) -> None:
    first = press.publish([ENGLISH, ARABIC_TOO], now=NOW)
    second = press.publish([ENGLISH], now=NOW)
    other = press.publish([about("Daro Linnet")], now=NOW)
    (page,) = led_to(f"/appeals/{slug_of(first)}/en.html")
    copying.copy_to(tmp_path / "mirror", ("txt",), now=NOW)
    assert "2 appeals" in (tmp_path / f"mirror{page}").read_text("utf-8")
    press.retract(first, now=SOON)
    clock.now, clock.seconds = SOON, answers.LOOK_SECONDS
    assert answers.LOOK_SECONDS + answers.MAX_AGE < 60
    left = text(page)
    assert "1 appeal<" in left
    assert first.code not in left
    press.retract(second, now=SOON)
    clock.seconds += answers.LOOK_SECONDS
    for tag in ("en", "ar"):
        gone = text(page.replace("/en/", f"/{tag}/"), 404)
        assert "Marosh" not in gone
        assert "ماروش" not in gone
    assert {each.words for each in Naming.objects.all()} == {"daro linnet"}
    assert Defender.objects.count() == 1
    copying.copy_to(tmp_path / "mirror", ("txt",), now=SOON)
    assert not (tmp_path / f"mirror{page}").exists()
    assert len(list((tmp_path / "mirror/en/defender").iterdir())) == 1
    assert [each for each in (tmp_path / "mirror").rglob("*.html") if "Marosh" in each.read_text("utf-8")] == []
    assert led_to(f"/appeals/{slug_of(other)}/en.html")


def test_a_correction_that_leaves_her_name_out_takes_her_page_away(press: Press, clock: Clock) -> None:
    published = press.publish([ENGLISH], now=NOW)
    (page,) = led_to(f"/appeals/{slug_of(published)}/en.html")
    note = (Words("en", "Mended."),)
    same = replace(appeal(published.code, [ENGLISH]), version=2, note=note)
    actions.correct(press.sign(same), now=NOW)
    clock.seconds += answers.LOOK_SECONDS
    assert led_to(f"/appeals/{slug_of(published)}/en.html") == [page]
    without = replace(appeal(published.code, [replace(ENGLISH, facts=Facts())]), version=3, note=note)
    actions.correct(press.sign(without), now=NOW)
    clock.seconds += answers.LOOK_SECONDS
    text(page, 404)
    assert not Defender.objects.exists()


def test_nobody_is_named_before_the_end_of_an_embargo(press: Press, clock: Clock, tmp_path: Path) -> None:
    held = press.publish([ENGLISH], now=NOW, not_before=SOON)
    page = f"/en/defender/{Defender.objects.get().id}.html"
    assert "Marosh" not in text(page, 404)
    copying.copy_to(tmp_path / "mirror", ("txt",), now=NOW)
    assert not (tmp_path / "mirror/en/defender").exists()
    clock.now = SOON
    assert held.code in text(page)


def test_a_name_that_was_put_in_past_the_signatures_is_printed_nowhere(press: Press) -> None:
    published = press.publish([ENGLISH], now=NOW)
    key = Defender.objects.get().id
    Naming.objects.update(words="daro linnet")
    assert "Linnet" not in text(f"/en/defender/{key}.html", 404)
    assert led_to(f"/appeals/{slug_of(published)}/en.html") == []


def test_a_name_that_is_written_alike_in_two_languages_has_a_page_in_both(press: Press, tmp_path: Path) -> None:
    published = press.publish([ENGLISH, replace(ENGLISH, language="fr")], now=NOW)
    pages = [led_to(f"/appeals/{slug_of(published)}/{tag}.html") for tag in ("en", "fr")]
    assert [text(page).count(published.code) for (page,) in pages] == [1, 1]
    copying.copy_to(tmp_path / "mirror", ("txt",), now=NOW)
    assert all((tmp_path / f"mirror{page}").exists() for (page,) in pages)
    Naming.objects.update(words="daro linnet")
    copying.copy_to(tmp_path / "mirror", ("txt",), now=NOW, whole=True)
    assert not any((tmp_path / f"mirror{page}").exists() for (page,) in pages)


def test_a_site_that_published_before_names_its_defenders_when_it_is_upgraded(press: Press) -> None:
    first = press.publish([ENGLISH, ARABIC_TOO], now=NOW)
    gone = press.publish([about("Daro Linnet")], now=NOW)
    press.publish([replace(ARABIC, facts=Facts())], now=NOW)
    press.retract(gone, now=NOW)
    Defender.objects.all().delete()
    migration = import_module("tocsin.publishing.migrations.0005_defenders")
    migration.name_them(apps, SimpleNamespace(connection=connection))
    assert {each.shown_id for each in Naming.objects.all()} == {slug_of(first)}
    assert Defender.objects.count() == 1
