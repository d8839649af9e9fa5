"""Lists of readers: each row is counted once, each address taken once, and a crash changes neither; nobody who left."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as site
from django.db import IntegrityError
from pytest_django import Settings

from killed import Killed
from mailing_site import MAILINGS, OPENER, addresses, written
from people import NOW
from tocsin.core.errors import BadOutput, BadRequest, BadSettings, CannotOpen, MissingInput
from tocsin.core.messages import Address
from tocsin.core.subscribing import Refusal, Wish
from tocsin.dispatch import forgetting, taking
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.models import Delivery, Mailing, Subscriber, Suppression, TakenList
from tocsin.dispatch.taking import Reading, look_at_list, take_list
from tocsin.operations import archive, exporting
from tocsin.vault.mailer_keys import Opener, draw_mailer_key

ENGLISH = Reading(("en",))
# Six addresses, one of them twice and once in capitals, one of somebody who left, and three rows that are refused.
LIST = """email,language
mira@reader.example,fr
MIRA@reader.example,es
anton@reader.example,
lena@reader.example,fr
mira@reader.example,fr
gone@reader.example,fr
nobody,fr
,fr
davit@reader.example,Klingon
"""
COUNTS = (3, 2, 1, Counter(bad_address=1, no_address=1, unknown_language=1))


@pytest.fixture(autouse=True)
def mailing(settings: Settings) -> None:
    settings.TOCSIN_MAILINGS = MAILINGS


@pytest.fixture
def gone() -> None:
    print_of = fingerprint(Address.parse("gone@reader.example"), site.TOCSIN_FINGERPRINT_KEY)
    Suppression.objects.create(fingerprint=print_of, reason="left", since=NOW)


def counted(report: taking.Report) -> tuple[int, int, int, Counter[str]]:
    assert report.rows == report.added + report.known + report.suppressed + report.refused.total()
    return report.added, report.known, report.suppressed, report.refused


def test_each_row_is_counted_once_and_each_address_taken_once(tmp_path: Path, gone: None) -> None:
    path, refused = written(tmp_path, LIST), list[Refusal]()
    assert counted(look_at_list(path, ENGLISH)) == COUNTS
    assert not Subscriber.objects.exists()
    report = take_list(path, ENGLISH, now=NOW, refused=refused.append)
    assert counted(report) == COUNTS
    assert report.rows == 9
    assert [(each.line, each.reason) for each in refused] == [
        (8, "bad_address"),
        (9, "no_address"),
        (10, "unknown_language"),
    ]
    assert addresses() == ["anton@reader.example", "lena@reader.example", "mira@reader.example"]
    assert addresses(languages=" fr ") == ["lena@reader.example", "mira@reader.example"]
    assert set(Subscriber.objects.values_list("state", "confirmed_at")) == {("active", NOW)}


def test_taking_a_list_again_changes_nothing(tmp_path: Path, gone: None) -> None:
    path = written(tmp_path, LIST)
    take_list(path, ENGLISH, now=NOW)
    before = set(Subscriber.objects.values_list("id", "address"))
    again = take_list(path, ENGLISH, now=NOW + timedelta(days=1))
    assert (again.added, again.known, again.gone_on) == (0, 5, False)
    assert set(Subscriber.objects.values_list("id", "address")) == before
    assert not TakenList.objects.exists()


@pytest.mark.parametrize("after", range(6))
def test_a_list_that_was_stopped_anywhere_ends_as_if_it_was_not(
    after: int, tmp_path: Path, gone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 1)
    path, settled = written(tmp_path, LIST), iter(range(after))
    sort_out = taking._sort_out

    def die(*words: object) -> object:
        if next(settled, None) is None:
            raise Killed
        return sort_out(*words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(taking, "_sort_out", die)
        with pytest.raises(Killed):
            take_list(path, ENGLISH, now=NOW)
    assert Subscriber.objects.count() <= after
    report = take_list(path, ENGLISH, now=NOW)
    assert counted(report) == COUNTS
    assert report.gone_on is (after > 0)
    assert addresses() == ["anton@reader.example", "lena@reader.example", "mira@reader.example"]


def test_a_crash_in_the_middle_of_a_batch_leaves_nothing_of_it(
    tmp_path: Path, gone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, LIST)
    with monkeypatch.context() as patch:
        patch.setattr(taking, "F", lambda name: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            take_list(path, ENGLISH, now=NOW)
    assert not Subscriber.objects.exists()
    assert counted(take_list(path, ENGLISH, now=NOW)) == COUNTS


def test_two_at_the_same_list_do_not_count_twice(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    first = taking._Taking(taking._digest(path, ENGLISH), NOW)
    TakenList.objects.update(settled=2)
    with pytest.raises(BadRequest):
        first.take([Wish(Address.parse("mira@reader.example"), ("en",))])
    assert not Subscriber.objects.exists()


def test_who_subscribes_herself_meanwhile_is_known(tmp_path: Path, gone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    create, calls = Subscriber.objects.bulk_create, iter([IntegrityError])

    def meet(rows: list[Subscriber]) -> list[Subscriber]:
        if failure := next(calls, None):
            raise failure
        return create(rows)

    monkeypatch.setattr(Subscriber.objects, "bulk_create", meet)
    assert counted(take_list(written(tmp_path, LIST), ENGLISH, now=NOW)) == COUNTS


def test_another_list_or_another_reading_begins_anew(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    TakenList.objects.create(digest=taking._digest(path, ENGLISH), settled=5, begun_at=NOW)
    other = take_list(written(tmp_path, LIST + "\n", "other.csv"), ENGLISH, now=NOW)
    assert other.gone_on is False
    assert take_list(path, replace(ENGLISH, html=False), now=NOW).gone_on is False
    assert take_list(path, ENGLISH, now=NOW).gone_on is True


def test_without_a_mailer_or_a_file_nothing_is_begun(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(MissingInput):
        take_list(tmp_path / "none.csv", ENGLISH, now=NOW)
    settings.TOCSIN_MAILINGS = None
    with pytest.raises(BadSettings):
        take_list(written(tmp_path, LIST), ENGLISH, now=NOW)
    assert not TakenList.objects.exists()


def opened(path: Path, identity: pyrage.x25519.Identity) -> list[str]:
    content: bytes = pyrage.decrypt(path.read_bytes(), [identity])
    return sorted(content.decode().splitlines())


@pytest.fixture
def identity() -> Iterator[pyrage.x25519.Identity]:
    return pyrage.x25519.Identity.generate()


def test_what_is_taken_out_is_sealed_and_can_be_taken_in_again(
    tmp_path: Path, gone: None, identity: pyrage.x25519.Identity
) -> None:
    wanted = "email;language;country;topic;format\nmira@reader.example;fr,es;MAR,XZV;killings;texte/neutre\n"
    take_list(written(tmp_path, wanted, "wanted.csv"), ENGLISH, now=NOW)
    take_list(written(tmp_path, LIST), ENGLISH, now=NOW)
    Subscriber.objects.create(**unconfirmed("waits@reader.example"))
    out = tmp_path / "readers.csv.age"
    assert exporting.export(out, OPENER, [str(identity.to_public())]) == 3
    assert b"reader.example" not in out.read_bytes()
    lines = opened(out, identity)
    assert lines == [
        "address,language,country,topic,format",
        "anton@reader.example,en,,,html",
        "lena@reader.example,fr,,,html",
        'mira@reader.example,"fr, es","MAR, XZV",killings,"text, neutral"',
    ]
    Subscriber.objects.all().delete()
    again = take_list(written(tmp_path, "\n".join(lines), "again.csv"), ENGLISH, now=NOW)
    assert (again.added, again.refused.total()) == (3, 0)
    assert addresses(
        languages=" fr  es ", countries=" MAR  XZV ", topics=" killings ", html=False, neutral_subject=True
    ) == ["mira@reader.example"]
    with pytest.raises(BadOutput):
        exporting.export(out, OPENER, [str(identity.to_public())])


def test_nothing_is_taken_out_in_clear_or_by_another_key(tmp_path: Path, identity: pyrage.x25519.Identity) -> None:
    take_list(written(tmp_path, LIST), ENGLISH, now=NOW)
    with pytest.raises(BadSettings):
        exporting.export(tmp_path / "out.age", OPENER, [])
    with pytest.raises(CannotOpen):
        exporting.export(tmp_path / "out.age", Opener(draw_mailer_key()), [archive.new_key()[1]])
    assert [each.name for each in tmp_path.iterdir()] == ["readers.csv"]


def unconfirmed(address: str) -> dict[str, object]:
    print_of = fingerprint(Address.parse(address), site.TOCSIN_FINGERPRINT_KEY)
    return {
        "id": "00000000-0000-0000-0000-000000000001",
        "address": b"sealed",
        "fingerprint": print_of,
        "languages": " en ",
        "state": "unconfirmed",
        "asked_at": NOW,
    }


def test_who_is_erased_is_known_by_nothing_but_a_keyed_digest(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    take_list(path, ENGLISH, now=NOW)
    row = Subscriber.objects.get(fingerprint=unconfirmed("mira@reader.example")["fingerprint"])
    mailing = Mailing.objects.create(
        id=row.id, slug="xzv-1", version=1, kind="appeal", state="sending", policy="hold", opened_by=row.id,
        opened_at=NOW, order=b"signed",
    )  # fmt: skip
    Delivery.objects.create(mailing=mailing, subscriber=row.id, language="en", state="handed_over", leaving=b"token")
    assert forgetting.erase(Address.parse("Mira@reader.example"), now=NOW)
    assert Delivery.objects.values_list("subscriber", "leaving", "state").get() == (None, None, "handed_over")
    assert addresses() == ["anton@reader.example", "gone@reader.example", "lena@reader.example"]
    assert not forgetting.erase(Address.parse("mira@reader.example"), now=NOW)
    report = take_list(path, ENGLISH, now=NOW)
    assert (report.added, report.suppressed) == (0, 3)


@pytest.mark.parametrize(("days", "left"), [(6, ["left", "unconfirmed"]), (8, ["left"]), (31, [])])
def test_who_did_not_confirm_and_who_left_are_forgotten_in_time(days: int, left: list[str]) -> None:
    Subscriber.objects.create(**unconfirmed("waits@reader.example"))
    row = unconfirmed("left@reader.example") | {"id": "00000000-0000-0000-0000-000000000002", "state": "left"}
    Subscriber.objects.create(**row | {"left_at": NOW})
    TakenList.objects.create(digest=b"old", begun_at=NOW)
    at = NOW + timedelta(days=days)
    assert forgetting.due(at).count() == 2 - len(left)
    assert forgetting.forget_old(at) == 2 - len(left)
    assert sorted(Subscriber.objects.values_list("state", flat=True)) == left
    assert TakenList.objects.exists() is (days < 30)
