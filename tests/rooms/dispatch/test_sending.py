"""From "send" to the readers: everybody in the audience ends in exactly one state, and the sum is the audience."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from mailroom import Mailroom

from invented_appeals import ENGLISH
from tocsin.core.errors import BadRequest
from tocsin.core.publication import Words
from tocsin.dispatch import actions, audience
from tocsin.dispatch.models import REPLY, Audience, Delivery, Fixing, Mailing, Subscriber, Suppression
from tocsin.publishing import actions as publishing


def test_a_mailing_reaches_everybody_once_and_says_so(mailroom: Mailroom) -> None:
    mailroom.readers(30)
    mailroom.readers(5, languages=" ar en ", html=False)
    mailroom.send()
    mailroom.work()
    assert mailroom.states() == {"handed_over": 35}
    assert mailroom.adds_up()
    to = Counter(one.to[0] for one in mailroom.script.taken)
    assert len(to) == 35
    assert set(to.values()) == {1}
    assert mailroom.script.broken_rules == []
    ids = set(Delivery.objects.values_list("queue_id", flat=True))
    assert ids == {one.queue_id for one in mailroom.script.taken}
    assert mailroom.mailing().state == "finished"
    for one in mailroom.script.taken:
        mail = message_from_bytes(one.content, policy=default)
        # For whose mail program shows no button: the same address for everybody, in each part.
        ways_out = [part.get_content().count(f"/{mail['Content-Language']}/change.html") for part in texts_of(mail)]
        assert ways_out == [1] if mail.get_content_type() == "text/plain" else [1, 2]


def texts_of(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if part.get_content_maintype() == "text"]


def test_each_reader_gets_the_first_of_her_languages_that_there_is(mailroom: Mailroom) -> None:
    for languages in (" en ar ", " ar en ", " fr ar ", " fr ", " en "):
        mailroom.readers(1, languages=languages)
    mailroom.readers(1, state="left")
    mailroom.readers(1, state="unconfirmed")
    mailroom.readers(1, countries=" XZQ ")
    # Of her groups one has a violation of the appeal; of the other reader's none has.
    mailroom.readers(1, topics=" killings  movement ")
    mailroom.readers(1, topics=" killings ")
    counted = actions.audience_of(mailroom.slug, 1)
    assert counted == ({"ar": 2, "en": 3}, 1)
    mailroom.send()
    assert dict(Audience.objects.values_list("language", "readers")) == counted.by_language
    by_reader = dict(Delivery.objects.values_list("subscriber", "language"))
    languages = {
        row.languages: by_reader.get(row.id)
        for row in Subscriber.objects.filter(state="active", countries="", topics="")
    }
    assert languages == {" en ar ": "en", " ar en ": "ar", " fr ar ": "ar", " fr ": None, " en ": "en"}
    assert mailroom.audience() == 5


def test_of_a_large_audience_mailers_write_down_what_the_click_did_not(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_A_PART", 4)
    there = [row.id for row in sorted(mailroom.readers(14), key=lambda row: row.id)]
    mailroom.send()
    assert mailroom.audience() == 4 == mailroom.states()["waiting"]
    with monkeypatch.context() as broken:
        broken.setattr(audience, "_count", _break_off)
        with pytest.raises(OperationalError):
            audience.go_on(mailroom.id)
    assert mailroom.audience() == 4 == mailroom.states()["waiting"], "a part is written down whole, or not at all"
    later = timezone.now()
    # Of whom nothing is written down yet: she was there at the click.
    Subscriber.objects.filter(id=there[-1]).update(state="left", left_at=later)
    mailroom.readers(3, confirmed_at=later)
    with ThreadPoolExecutor(2) as pool:  # two mailers, and one that was killed
        assert not any(pool.map(_fix_some, [mailroom.id] * 2))
    assert mailroom.adds_up()
    assert 8 <= mailroom.audience() <= 12
    mailroom.work()
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == set(there)
    assert mailroom.states() == {"handed_over": 13, "suppressed": 1}
    assert mailroom.adds_up()
    assert Delivery.objects.get(subscriber=there[-1]).reason == "left"
    assert not Fixing.objects.exists()


def test_of_what_few_want_the_click_looks_at_no_more_readers_than_a_mailer_each_time(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_A_LOOK", 5)
    there = sorted(mailroom.readers(23, topics=" killings "), key=lambda row: row.id)
    few = [row.id for row in (there[4], there[11], there[-1])]
    Subscriber.objects.filter(id__in=few[1:]).update(topics=" movement ")
    mailroom.send()
    assert mailroom.audience() == 0, "none of the first five wants it"
    assert Fixing.objects.get().after == few[0]
    # Each as she was at the click.
    later = timezone.now()
    mailroom.readers(1, confirmed_at=later, id=UUID(int=there[-1].id.int + 1))
    Subscriber.objects.filter(id=few[1]).update(state="left", left_at=later)
    mailroom.work()
    assert mailroom.states() == {"handed_over": 1, "suppressed": 1}
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == set(few[1:])
    assert mailroom.mailing().state == "finished"


def test_what_nobody_wants_ends_without_readers_where_one_click_could_not_tell(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_A_LOOK", 2)
    mailroom.readers(5, topics=" killings ")
    mailroom.send()
    mailroom.work()
    assert (mailroom.mailing().state, mailroom.audience(), mailroom.script.taken) == ("finished", 0, [])


def _break_off(*_: object) -> None:
    raise OperationalError


def _fix_some(mailing: UUID) -> None:
    try:
        audience.go_on(mailing)
    finally:
        connections.close_all()


@pytest.mark.parametrize("part", [1, 10_000])
def test_who_was_sent_the_first_appeal_gets_the_next_one_first(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    first = mailroom.readers(3)
    mailroom.send()
    mailroom.work()
    others = mailroom.readers(2)
    Subscriber.objects.filter(id=first[0].id).update(state="left")
    following = mailroom.press.follow_up(mailroom.appeal, [ENGLISH], now=timezone.now())
    next_one = replace(mailroom, appeal=following, id=uuid4())
    monkeypatch.setattr(audience, "_A_PART", part)
    next_one.send()
    for mailing in audience.unfixed() * 4:
        audience.go_on(mailing)
    ranks = dict(Delivery.objects.filter(mailing=next_one.id).order_by("id").values_list("subscriber", "rank"))
    assert ranks == {first[1].id: 0, first[2].id: 0, others[0].id: 1, others[1].id: 1}
    assert list(ranks.values()) == [0, 0, 1, 1], "none of the others is sent before"


@pytest.mark.parametrize("was_mailed", ["never", "in part", "to its end"])
def test_a_correction_is_for_those_alone_who_were_sent_what_it_corrects_if_that_went_to_its_end(
    mailroom: Mailroom, was_mailed: str
) -> None:
    """What was corrected goes to nobody any more: else a slip that is mended at once would keep it from everybody."""
    got, owed, *_ = (row.id for row in mailroom.readers(2))
    if was_mailed != "never":
        mailroom.send()
        Delivery.objects.filter(subscriber=got).update(state="handed_over")
    if was_mailed == "in part":
        actions.stop(mailroom.id, now=timezone.now())
    elif was_mailed == "to its end":
        mailroom.work()
        mailroom.readers(1)
    note = (Words("en", "The title names both."),)
    corrected = replace(mailroom.appeal, version=2, note=note, signatures=())
    publishing.correct(mailroom.press.sign(corrected), now=timezone.now())
    next_one = replace(mailroom, appeal=corrected, id=uuid4())
    next_one.send()
    ranks = dict(Delivery.objects.filter(mailing=next_one.id).values_list("subscriber", "rank"))
    assert (
        ranks == {"never": {got: 1, owed: 1}, "in part": {got: 0, owed: 1}, "to its end": {got: 0, owed: 0}}[was_mailed]
    )


def test_whom_nothing_is_sent_to_is_in_the_sum_with_the_reason(mailroom: Mailroom) -> None:
    barred, left, erased, *_ = mailroom.readers(5)
    Suppression.objects.create(fingerprint=barred.fingerprint, reason="bounced", since=timezone.now())
    mailroom.send()
    Subscriber.objects.filter(id=left.id).update(state="left")
    Subscriber.objects.filter(id=erased.id).delete()
    mailroom.work()
    reasons = dict(Delivery.objects.filter(state="suppressed").values_list("subscriber", "reason"))
    assert reasons == {barred.id: "bounced", left.id: "left", erased.id: "erased"}
    assert mailroom.states() == {"handed_over": 2, "suppressed": 3}
    assert mailroom.adds_up()


def test_asking_twice_is_one_mailing_and_a_version_has_one(mailroom: Mailroom) -> None:
    mailroom.readers(2)
    assert mailroom.open() == mailroom.open()
    assert mailroom.send() == mailroom.send()
    assert Delivery.objects.count() == 2
    with pytest.raises(BadRequest):
        mailroom.open(id=uuid4())
    assert Mailing.objects.count() == 1


def test_what_is_not_published_or_wanted_is_not_sent(mailroom: Mailroom) -> None:
    for wrong in ({"slug": "xzv-009-1126-obs-099"}, {"version": 2}):
        with pytest.raises(BadRequest):
            mailroom.open(**wrong)
    mailroom.open()
    with pytest.raises(BadRequest):
        actions.send(mailroom.id, now=timezone.now())
    assert mailroom.mailing().state == "open"


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, {"failed": "gone"}),
        ({"RCPT": "552 5.2.3 too long"}, {"failed": "refused"}),
        # Longer than there is room.
        ({"RCPT": "550 5.123.456 no"}, {"failed": "gone"}),
        ({".": "552 5.3.4 too big"}, {"failed": "refused"}),
    ],
)
def test_a_refusal_for_good_ends_a_delivery_with_its_code(
    mailroom: Mailroom, answers: dict[str, str], ends: dict[str, str]
) -> None:
    mailroom.readers(2)
    mailroom.script.answers.update(answers)
    mailroom.send()
    mailroom.work()
    rows = set(Delivery.objects.values_list("state", "reason", "reply"))
    (code,) = answers.values()
    assert rows == {(*next(iter(ends.items())), " ".join(code.split()[:2])[:REPLY])}
    assert mailroom.script.taken == []


def test_of_many_who_ask_in_the_same_moment_one_opens_the_mailing(mailroom: Mailroom) -> None:
    mailroom.readers(1)
    askers = 50
    ready = Barrier(askers)

    def ask(one: UUID) -> UUID | None:
        try:
            connection.ensure_connection()
            ready.wait()
            return replace(mailroom, id=one).send().id
        except BadRequest:
            return None
        finally:
            connections.close_all()

    two = (mailroom.id, uuid4())
    with ThreadPoolExecutor(askers) as threads:
        answers = list(threads.map(ask, two * (askers // 2)))
    row = Mailing.objects.get()
    assert Counter(answers) == {row.id: askers // 2, None: askers // 2}, (
        "who asked for that one has it, the others know"
    )
    assert Delivery.objects.count() == 1
