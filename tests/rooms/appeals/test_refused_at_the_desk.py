"""What the desk refuses of an appeal, whoever asks and whatever a form held: nothing is written, nothing is signed."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from desk_of_appeals import TODAY, Office
from people import NOW
from tocsin.appeals import actions, clearing, disavowing, recalling, translating, waivers
from tocsin.appeals.actions import Writing
from tocsin.appeals.models import Clearance, Draft, Recall, Waiver
from tocsin.appeals.store import AppealKey, get_row, hold
from tocsin.appeals.two import demand_two
from tocsin.appeals.waivers import Named, list_waivers
from tocsin.core.errors import BadRequest, BadWaiver, CannotOpen, NotAllowed
from tocsin.core.preflight import load_rules
from tocsin.core.publication import Words
from tocsin.journal.models import Entry
from tocsin.publishing import disavowals

FARTHEST = timedelta(days=60)


def written() -> tuple[int, ...]:
    """Count what a refusal leaves as it was."""
    return tuple(each.objects.count() for each in (Draft, Waiver, Clearance, Recall, Entry))


def refused(act: Callable[[], object], error: type[Exception] = BadRequest) -> str:
    before = written()
    with pytest.raises(error) as raised:
        act()
    assert written() == before
    return str(raised.value)


def waive(office: Office, key: AppealKey, rule: str, cause: str, **said: object) -> None:
    words = {"reason": "there is no other", "until": TODAY + timedelta(days=1), "consulted": "her sister", **said}
    waivers.waive(office.lawyer, key, Named(rule, cause), **words, now=NOW)  # type: ignore[arg-type]


def test_no_finding_that_protects_a_person_is_let_stand_and_none_without_end_or_reason(office: Office) -> None:
    key = office.draft()
    waivable = next(name for name, rule in load_rules().items() if rule.waivable)
    protecting = [name for name, rule in load_rules().items() if not rule.waivable]
    cause = "0" * 16
    assert len(protecting) > 5
    for rule in (*protecting, "CON-99"):
        says = refused(lambda rule=rule: waive(office, key, rule, cause), BadWaiver)
        assert "cannot be waived" in says
    for wrong in (
        {"reason": " \t"},
        {"until": TODAY - timedelta(days=1)},
        {"until": TODAY + waivers.LONGEST + timedelta(days=1)},
    ):
        assert "a last day within 90 days" in refused(lambda wrong=wrong: waive(office, key, waivable, cause, **wrong))
    assert "names the finding" in refused(lambda: waive(office, key, waivable, ""))


def test_a_waiver_in_the_name_of_somebody_who_did_not_give_it_opens_nowhere(office: Office) -> None:
    key = office.draft()
    keys = actions.read_appeal(office.lead, key, now=NOW)[0].keys
    row = Waiver.objects.all()[0]
    said, signature = keys.open(bytes(row.sealed), waivers._place(row)), bytes(row.signature)
    for by, signed in ((row.by, bytes(64)), (office.reviewer.id, signature), (key.appeal, signature)):
        row.by, row.signature = by, signed
        # Whoever holds the key of the case can seal; nobody can sign for a colleague, or for whom nobody stands.
        row.sealed = keys.seal(said, waivers._place(row))
        row.save()
        with pytest.raises(CannotOpen, match="not signed by who"):
            list_waivers(keys, key.appeal)


def test_an_appeal_has_one_edition_of_a_language_and_its_source_stays(office: Office) -> None:
    key = office.draft()
    seen = office.version(key)
    by, lead = office.translator, office.lead
    for language, says in (("tlh", "no such language"), ("en", "in this language already")):
        assert says in refused(lambda language=language: translating.add_edition(by, key, language, seen=seen, now=NOW))
    assert "stays" in refused(lambda: translating.take_out_edition(by, key, "en", seen=seen, now=NOW))
    assert "source itself" in refused(lambda: translating.say_same(by, key, "en", seen=seen, now=NOW))
    refused(lambda: translating.say_same(by, key, "fr", seen=seen, now=NOW), NotAllowed)
    for on, hour in ((TODAY - timedelta(days=1), None), (TODAY + FARTHEST + timedelta(days=1), None), (TODAY, time(0))):
        refused(lambda on=on, hour=hour: actions.set_day(lead, key, on, hour, seen=seen, now=NOW))
    actions.set_day(lead, key, TODAY + FARTHEST, seen=seen, now=NOW)
    for version in (0, seen + 2):
        with pytest.raises(NotAllowed):
            actions.read_appeal(lead, key, version=version, now=NOW)


def test_a_paragraph_is_put_behind_a_text_and_the_same_words_are_no_new_version(office: Office) -> None:
    key = office.draft()
    place, seen = "sections[0].paragraphs[0]", office.version(key)
    first, *others = paragraphs(office, key)
    actions.write_text(office.lead, key, Writing("en", place, first), seen=seen, now=NOW)
    assert office.version(key) == seen, "nothing was written"
    actions.add_paragraph(office.lead, key, Writing("en", place, "Her sister saw it."), seen=seen, now=NOW)
    assert paragraphs(office, key) == [first, "Her sister saw it.", *others]


def paragraphs(office: Office, key: AppealKey) -> list[str]:
    document = actions.read_appeal(office.lead, key, now=NOW)[0].content.source.composition.document
    return [each.text for each in document.sections[0].paragraphs]


def test_a_gate_is_answered_once_by_who_may_and_sent_back_with_words(office: Office) -> None:
    key = office.draft()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    seen = office.version(key)
    clearing.clear(office.lawyer, key, "law", seen=seen, now=NOW)
    assert "already" in refused(lambda: clearing.clear(office.lawyer, key, "law", seen=seen, now=NOW))
    for gate, says in (("law", "say what is to be changed"), ("no", "no such gate")):
        words = " " if gate == "law" else "words"
        sent = refused(lambda g=gate, w=words: clearing.send_back(office.lawyer, key, g, seen=seen, words=w, now=NOW))
        assert says in sent
    assert get_row(key).version == seen


def test_one_person_is_not_two_and_says_nothing_of_a_key_that_is_not_there(office: Office) -> None:
    first, second = office.approvers()
    demand_two((first, second), "appeal.retract", now=NOW)
    assert "two different people" in refused(lambda: demand_two((first, first), "appeal.retract", now=NOW))
    (own,) = [each.id for each in disavowals.list_keys(first.id)]
    note, later = Words("en", "A key was stolen."), NOW + timedelta(seconds=1)
    for holder, since, key in ((first.id, later, own), (office.lead.id, NOW, ""), (first.id, NOW, "0" * 64)):
        refused(lambda h=holder, s=since, k=key: disavowing.prepare(h, s, note, key=k, now=NOW))
    refused(lambda: disavowing.prepare(first.id, NOW, note, also=["XZV 001 / 1126 / OBS 001"], now=NOW))


def test_a_retraction_is_asked_for_with_words_for_its_readers(office: Office) -> None:
    key = office.approved()
    office.release(key)
    asking = next(office.approvers())
    assert "what readers are told" in refused(lambda: recalling.ask(asking, key, " \n", now=NOW))
    recalling.ask(asking, key, "It named a wrong office.", now=NOW)
    recalling.leave(asking, key, now=NOW)
    entries = Entry.objects.count()
    recalling.leave(asking, key, now=NOW)
    assert Entry.objects.count() == entries, "what nobody asks for is left by nobody"
    with hold(asking, "appeal.retract", key, now=NOW) as draft:
        assert draft.row.is_public
