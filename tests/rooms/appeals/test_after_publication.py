"""What comes after: a follow-up of what changed, other languages, a correction, a retraction; and codes in a row."""

import dataclasses
import re
import threading
from contextlib import nullcontext
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from desk import client_of
from desk_of_appeals import Office, consent_withdrawn, on_its_way, open_office, recent_case
from people import LATER, NOW, Hire, just_confirmed
from public_site import publishing_process, slug_of
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import DEMONSTRATION, Actor
from tocsin.appeals import (
    actions,
    admitting,
    archiving,
    clearing,
    following,
    hatch,
    pages,
    recalling,
    releasing,
    translating,
    waiting,
    waivers,
)
from tocsin.appeals.actions import Writing
from tocsin.appeals.models import Appeal, Recall
from tocsin.appeals.store import AppealKey, get_row
from tocsin.casework import actions as casework
from tocsin.core.appeal import tells_nothing_new
from tocsin.core.drafting import passages
from tocsin.core.errors import (
    BadRequest,
    CannotOpen,
    ChangedMeanwhile,
    NotAllowed,
    NotPublished,
    NotSigned,
    StepUpNeeded,
)
from tocsin.core.publication import PublicAppeal, Words, from_file
from tocsin.core.records import CaseStatus, Event, Source, TemporalExpression
from tocsin.core.render import render
from tocsin.dispatch import actions as dispatch
from tocsin.dispatch import genuine
from tocsin.dispatch.genuine import Refused
from tocsin.journal.models import Entry
from tocsin.publishing import codes, queries, signatories
from tocsin.publishing.models import GivenCode, Publication, PublishedRetraction, SignatoryKey

SOON = NOW + timedelta(days=3)


def published(code: str) -> PublicAppeal:
    newest = Publication.objects.filter(code=code).order_by("-version").first()
    assert newest is not None
    found = from_file(bytes(newest.statement))
    assert isinstance(found, PublicAppeal)
    return found


def write(office: Office, key: AppealKey, language: str, path: str, words: str) -> None:
    by = office.lead if language == "en" else office.translator
    actions.write_text(by, key, Writing(language, path, words), seen=office.version(key), now=NOW)


# --- a follow-up ---


def something_new(office: Office) -> None:
    opened = casework.read_case(office.lead, office.case, now=SOON)
    event = Event(
        id="e31",
        kind="act",
        act_type="physical_attack",
        victims=("person:tosk",),
        actors=("org:karvel-police",),
        t=TemporalExpression(date="2026-11-27", precision="day"),
        claims=("claim5",),
        recorded_on=SOON.date(),
    )
    changed = dataclasses.replace(opened.case, events=(*opened.case.events, event))
    casework.save_case(office.lead, opened, changed, now=SOON)


@pytest.mark.usefixtures("frozen")
def test_a_follow_up_tells_what_is_new_recalls_the_rest_and_keeps_the_code(office: Office) -> None:
    first = office.release(office.approved())
    reminder = AppealKey(office.case, actions.open_draft(office.lead, office.case, now=SOON))
    something_new(office)
    with pytest.raises(BadRequest, match="something new is in the case"):
        actions.submit(office.lead, reminder, seen=1, now=SOON)
    actions.abandon(office.lead, reminder, reason="overtaken", seen=1, now=SOON)
    key = AppealKey(office.case, actions.open_draft(office.lead, office.case, now=SOON))
    draft, _ = actions.read_appeal(office.lead, key, now=SOON)
    document = draft.content.source.composition.document
    assert document.kind == "new_information"
    assert document.title.text == "Zarvania: Attack against Mirela Tosk", "not what the first one was about"
    told = {each.role: each for each in document.sections}
    assert "November 27, 2026" in " ".join(each.text for each in told["new_information"].paragraphs)
    assert "November 12, 2026" in " ".join(each.text for each in told["background"].paragraphs)
    assert first in document.opening.text or any(
        first in each.words for each in passages(draft.content.source.composition)
    )
    assert "COD-12" not in rules_that_speak(office, key, now=SOON)
    before = published(first).editions[0].document.title.text
    actions.write_text(office.lead, key, Writing("en", "title", before), seen=office.version(key), now=SOON)
    assert "COD-12" in rules_that_speak(office, key, now=SOON)
    recalls_what_still_stands(office, key)


def rules_that_speak(office: Office, key: AppealKey, *, now: datetime) -> set[str]:
    draft, _ = actions.read_appeal(office.lead, key, now=now)
    return {one.rule for each in actions.checked_now(office.lead, draft, now=now) for one in each.standing}


def recalls_what_still_stands(office: Office, key: AppealKey) -> None:
    """Publish a follow-up: who takes the first back is told of it, and then the next one cites it alone."""
    (follow_up,) = Appeal.objects.filter(id=key.appeal).select_related("follows")
    before = follow_up.follows
    assert list(following.follow_ups(before)) == []
    published = {"times": 1, "published": 1, "released_at": SOON, "code": f"{before.code}.1", "state": "published"}
    Appeal.objects.filter(id=key.appeal).update(**published)
    assert [each.code for each in following.follow_ups(before)] == [f"{before.code}.1"]
    page = client_of(office.first, DEMONSTRATION).get(f"/cases/{office.case}/appeals/{before.id}").content.decode()
    assert "stay public until they are taken back too" in page
    opened = casework.read_case(office.lead, office.case, now=SOON)
    for cited in ([before.code, f"{before.code}.1"], [f"{before.code}.1"]):
        (last,) = Appeal.objects.filter(id=key.appeal).select_related("follows")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(following, "compose", lambda case, **_: [each.display for each in case.appeal.follows])
            assert following.compose_for(office.lead, opened, last, "en", now=SOON) == cited
        Appeal.objects.filter(id=before.id).update(state="retracted")


@pytest.mark.usefixtures("frozen")
def test_a_follow_up_of_a_case_in_which_nothing_changed_says_so_and_no_more(office: Office) -> None:
    first = office.release(office.approved())
    page = client_of(office.lead, DEMONSTRATION).get(f"/cases/{office.case}/appeals").content.decode()
    assert "Nothing in the case changed since the last appeal." in page
    assert f'<bdi dir="ltr">{first}</bdi>' in page
    assert ">Draft a reminder</button>" in page
    key = AppealKey(office.case, actions.open_draft(office.lead, office.case, now=SOON))
    draft, opened = actions.read_appeal(office.lead, key, now=SOON)
    document = draft.content.source.composition.document
    assert tells_nothing_new(document)
    for each in ("/appeals", f"/cases/{office.case}/appeals"):
        listed = client_of(office.lead, DEMONSTRATION).get(each).content.decode()
        assert listed.count(f'Follow-up of <bdi dir="ltr">{first}</bdi>') == 1
    said = render(document, "txt")
    assert "The Observatory has learned of no change in the case of" in " ".join(said.split())
    assert "new information" not in said.casefold()
    assert "new developments" not in said
    actions.abandon(office.lead, key, reason="overtaken", seen=1, now=SOON)
    # What was only written anew is no news, and yet something changed: neither is said. What is sealed apart is read.
    changed = tuple(dataclasses.replace(each, manner="at once") for each in opened.case.events[:1])
    case = dataclasses.replace(opened.case, events=(*changed, *opened.case.events[1:]))
    casework.save_case(office.lead, opened, case, now=SOON)
    news = pages.news_of(office.lead, casework.read_case(office.lead, office.case, now=SOON), "en", now=SOON)
    assert news is not None
    assert (news.standing, [record for record, _ in news.records]) == ("untold", [opened.case.events[0].id])


@pytest.mark.usefixtures("frozen")
@pytest.mark.database("sqlite")
def test_a_case_that_is_closed_is_closed_in_public_too(office: Office) -> None:
    first = office.release(office.approved())
    with pytest.raises(BadRequest, match="closes a case that is closed"):
        actions.open_draft(office.lead, office.case, closes=True, now=NOW)
    opened = casework.read_case(office.lead, office.case, now=NOW)
    ended = CaseStatus(value="closed", as_of=NOW.date(), outcome="released")
    changed = dataclasses.replace(opened.case, statuses=(*opened.case.statuses, ended))
    casework.save_case(office.lead, opened, changed, now=NOW)
    lead = client_of(office.lead, DEMONSTRATION)
    assert "Draft a closing update" in lead.get(f"/cases/{office.case}/appeals").content.decode()
    made = lead.post(f"/cases/{office.case}/appeals/new", {"language": "en", "closes": "yes"})
    key = AppealKey(office.case, Appeal.objects.get(released_at=None).id)
    assert str(key.appeal) in made.headers["Location"]
    document = actions.read_appeal(office.lead, key, now=NOW)[0].content.source.composition.document
    assert (document.kind, document.demands, document.addressees, document.requests) == ("closure", (), (), ())
    assert "closes its appeal" in document.opening.text
    said = " ".join(render(document, "txt").split())
    assert "remain bound to guarantee" in said
    assert not re.search(r" urges | calls on ", said)
    for each in office.standing(key, "FCT-11", "ADR-08"):
        waivers.waive(office.lawyer, key, each, reason="it tells no more", until=NOW.date(), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    assert office.release(key) == f"{first}.1"
    with publishing_process():
        page = Client().get(f"/appeals/{slug_of(published(first))}/en.html").content.decode()
    assert "This case is closed. Please do not write any more:" in page


def test_a_case_has_one_draft_at_a_time(office: Office) -> None:
    office.draft()
    with pytest.raises(BadRequest, match="being written"):
        actions.open_draft(office.lead, office.case, now=NOW)


# --- other languages ---


def test_a_translator_writes_other_languages_and_they_are_approved_together(office: Office) -> None:
    key = office.draft()
    for language in ("fr", "ar"):
        translating.add_edition(office.translator, key, language, seen=office.version(key), now=NOW)
    with pytest.raises(NotAllowed):
        actions.write_text(office.translator, key, Writing("en", "title", "X"), seen=office.version(key), now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    french, arabic = draft.content.edition("fr"), draft.content.edition("ar")
    waiting = actions.untranslated(draft.content, french)
    assert waiting == {"notes[0]"}, "nobody has said it in French"
    assert not waiting & {"title", "opening", "demands[0]"}, "they were composed in French"
    assert actions.untranslated(draft.content, arabic) == {each.path for each in passages(arabic.composition)}
    with pytest.raises(BadRequest, match="not translated"):
        actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    translating.take_out_edition(office.translator, key, "ar", seen=office.version(key), now=NOW)
    write(office, key, "en", "title", "Zarvania: Attack against Davit Anhalt and arrest of Mirela Tosk")
    with pytest.raises(BadRequest, match="source was changed"):
        actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    translating.say_same(office.translator, key, "fr", seen=office.version(key), now=NOW)
    for path in actions.untranslated(*_french(office, key)):
        write(office, key, "fr", path, f"En français : {path}")
    assert not actions.untranslated(*_french(office, key))
    write(office, key, "fr", "demands[0]", "Libérer immédiatement et sans condition les 47 personnes arrêtées ;")
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    differs = [one for each in actions.checked_now(office.lead, draft, now=NOW) for one in each.standing]
    assert [one.places[0].path for one in differs if one.rule == "LNG-02" and "47" in one.says] == ["demands[0]"]


def _french(office: Office, key: AppealKey) -> tuple[object, object]:
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    return draft.content, draft.content.edition("fr")


# --- a correction ---


def test_a_correction_goes_the_whole_way_again_and_says_what_it_changed(office: Office) -> None:
    key = office.approved()
    code = office.release(key)
    with pytest.raises(BadRequest):
        actions.correct(office.lead, key, " ", seen=office.version(key), now=NOW)
    actions.correct(office.lead, key, "The title names both.", seen=office.version(key), now=NOW)
    write(office, key, "en", "title", "Zarvania: Attack against Davit Anhalt and arrest of Mirela Tosk")
    assert published(code).version == 1, "what is public stays until it is corrected"
    later = NOW + timedelta(days=20)
    with pytest.raises(BadRequest):
        office.release(key, now=later)
    office.submit_and_clear(key, now=later)
    office.approve(key, now=later)
    assert office.release(key, now=later) == code
    correction = published(code)
    assert (correction.version, correction.note[0].text) == (2, "The title names both.")
    assert correction.editions[0].document.title.text.endswith("arrest of Mirela Tosk")
    assert GivenCode.objects.count() == 1


def test_a_correction_that_is_given_up_leaves_what_is_published(office: Office) -> None:
    key = office.approved()
    code = office.release(key)
    actions.correct(office.lead, key, "A slip.", seen=office.version(key), now=NOW)
    write(office, key, "en", "title", "Zarvania: Something else")
    actions.abandon(office.lead, key, reason="overtaken", seen=office.version(key), now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert draft.row.state == "published"
    assert draft.content.source.composition.document.title == published(code).editions[0].document.title
    assert not GivenCode.objects.filter(void=True).exists()


# --- a case that is saved with what its appeals may not say ---


def save(office: Office, **changed: object) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, **changed), now=NOW)  # type: ignore[arg-type]


def name_source(office: Office, name: str | None) -> None:
    source = Source(id="source:late", type="witness", identity=name)
    others = casework.read_case(office.lead, office.case, now=NOW).case.sources
    save(office, sources=(*(each for each in others if each.id != source.id), source))


def asks_lead(office: Office) -> str:
    page = client_of(office.lead, DEMONSTRATION).get("/").content.decode()
    return page.partition("Needs me today")[2].partition("My cases")[0]


def lists_for_lead(office: Office, alarm: str) -> tuple[bool, bool]:
    """Tell whether the list of cases offers an alarm to choose, and whether this case is listed by it."""
    page = client_of(office.lead, DEMONSTRATION).post("/cases", {"alarm": alarm}).content.decode()
    return f'value="{alarm}"' in page, f"/cases/{office.case}" in page


HIDDEN, WITHDRAWN = "An appeal says what this case keeps hidden", "An appeal names somebody whose consent has ended"


@pytest.mark.usefixtures("frozen")
@pytest.mark.database("sqlite")
def test_a_source_that_is_typed_in_after_approval_is_found_as_she_is_typed(office: Office) -> None:
    key = office.approved()
    assert HIDDEN not in asks_lead(office)
    name_source(office, "Davit Anhalt")
    assert get_row(key).state == "changes_requested"
    assert HIDDEN in asks_lead(office)
    # Not even where somebody sets the row back, and the text before it.
    Appeal.objects.filter(id=key.appeal).update(state="approved")
    with pytest.raises(BadRequest, match="hides"):
        office.release(key)
    Appeal.objects.filter(id=key.appeal).update(state="changes_requested")
    page = client_of(office.first, DEMONSTRATION).get(f"/cases/{office.case}/appeals/{key.appeal}").content.decode()
    assert "what was signed counts no more" in page
    assert "SEC-01" not in page, "she does not hold the sources"
    with pytest.raises(BadRequest, match="may not see"):
        actions.submit(office.reviewer, key, seen=office.version(key), now=NOW)
    with pytest.raises(BadRequest, match="errors stand"):
        actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    # Whoever holds the facts alone saves the case, and the doubt stays; whoever holds all of it ends it.
    seen = casework.read_case(office.reviewer, office.case, now=NOW)
    events = (dataclasses.replace(seen.case.events[0], manner="at once"), *seen.case.events[1:])
    casework.save_case(office.reviewer, seen, dataclasses.replace(seen.case, events=events), now=NOW)
    assert HIDDEN in asks_lead(office)
    name_source(office, None)
    assert HIDDEN not in asks_lead(office)
    actions.submit(office.reviewer, key, seen=office.version(key), now=NOW)


@pytest.mark.usefixtures("frozen")
@pytest.mark.database("sqlite")
def test_who_leads_a_case_is_told_on_the_first_page_what_of_it_should_not_be_public(office: Office) -> None:
    key = office.approved()
    consents = casework.read_case(office.lead, office.case, now=NOW).case.consents
    gone = tuple(dataclasses.replace(each, state="withdrawn") for each in consents)
    save(office, consents=gone)
    assert WITHDRAWN in asks_lead(office), "it is approved"
    save(office, consents=consents)
    assert WITHDRAWN not in asks_lead(office)
    office.release(key)
    save(office, consents=gone)
    name_source(office, "Davit Anhalt")
    asked = asks_lead(office)
    assert WITHDRAWN in asked
    assert HIDDEN in asked
    alarms = ("appeal_names_withdrawn", "appeal_tells_hidden", "any")
    assert {lists_for_lead(office, each) for each in alarms} == {(True, True)}
    assert get_row(key).state == "published"
    page = client_of(office.lead, DEMONSTRATION).get(f"/cases/{office.case}/appeals/{key.appeal}").content.decode()
    assert "Let two approvers take it back" in page
    first, second = office.approvers()
    recalling.ask(first, key, "withdrawn", now=NOW)
    recalling.agree(second, key, now=NOW)
    asked = asks_lead(office)
    assert WITHDRAWN not in asked
    assert HIDDEN not in asked
    assert {lists_for_lead(office, each) for each in alarms[:2]} == {(False, False)}


def test_what_is_public_of_a_shredded_case_is_taken_back_by_two_at_the_machine(office: Office) -> None:
    code = office.release(office.approved())
    with pytest.raises(NotPublished):
        archiving.find_without_case(code, now=NOW)
    casework.shred_case(office.lead, office.case, now=NOW)
    there = archiving.find_without_case(code, now=NOW)
    first, second = office.approvers()
    archiving.withdraw((first, second), there, Words("en", "Withdrawn."), now=NOW)
    assert PublishedRetraction.objects.get().code == code
    shown = queries.find(slug_of(there), now=NOW)
    assert shown is None or shown.appeal is None
    assert Appeal.objects.get().state == "retracted"


# --- what is on its way by mail ---


def test_nobody_else_is_mailed_what_should_not_be_public(office: Office) -> None:
    """By whoever saves the case and at once: two people are not needed to stop, nor does anybody have to be told."""
    mailing = on_its_way(office, office.release(office.approved()))
    name_source(office, "Nobody Whom It Names")
    mailing.refresh_from_db()
    assert (mailing.state, mailing.held_for) == ("sending", ""), "the control: not by any save"
    dispatch.pause(mailing.id)
    for hidden in (lambda: save(office, consents=withdrawn(office)), lambda: name_source(office, "Davit Anhalt")):
        dispatch.resume(mailing.id, now=NOW)
        hidden()
        mailing.refresh_from_db()
        assert (mailing.state, mailing.held_for) == ("paused", "doubted")
    assert Entry.objects.filter(kind="appeals.mailing.paused", subject=mailing.id).count() == 2


def withdrawn(office: Office) -> tuple[Any, ...]:
    consents = casework.read_case(office.lead, office.case, now=NOW).case.consents
    return tuple(dataclasses.replace(each, state="withdrawn") for each in consents)


def test_nobody_else_is_mailed_a_version_that_was_corrected(office: Office) -> None:
    key = office.approved()
    mailing = on_its_way(office, office.release(key))
    actions.correct(office.lead, key, "The title names both.", seen=office.version(key), now=NOW)
    write(office, key, "en", "title", "Zarvania: Attack against Davit Anhalt and arrest of Mirela Tosk")
    later = NOW + timedelta(days=20)
    office.submit_and_clear(key, now=later)
    office.approve(key, now=later)
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    office.release(key, now=later)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.held_for) == ("paused", "corrected")
    # Nor where somebody resumes it.
    for version, refused in ((1, Refused("corrected")), (2, None)):
        found = genuine.find_appeal(mailing.slug, version, signatories.in_office(), now=later)
        assert (found if isinstance(found, Refused) else None) == refused


# --- an embargo ---


def test_what_is_published_ahead_of_its_hour_shows_then_by_itself_and_a_correction_of_it_no_sooner(
    office: Office,
) -> None:
    key, day = office.draft(), SOON.date()
    with pytest.raises(BadRequest, match="this hour is over"):
        actions.set_day(office.lead, key, NOW.date(), time(0, 1), seen=office.version(key), now=NOW)
    actions.set_day(office.lead, key, day, time(9, 30), seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    code = office.release(key)
    hour = timezone.make_aware(datetime.combine(day, time(9, 30)))
    assert published(code).not_before == hour
    (row,) = Publication.objects.all()
    actions.correct(office.lead, key, "Her name was misspelt.", seen=office.version(key), now=NOW)
    actions.set_day(office.lead, key, day, seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    assert office.release(key) == code
    assert published(code).version == 2
    before, after = (queries.find(row.slug, now=hour + timedelta(seconds=each)) for each in (-1, 0))
    assert before is None
    assert after is not None
    assert after.appeal == published(code)


# --- a retraction ---


def test_two_approvers_take_an_appeal_back(office: Office) -> None:
    key = office.approved()
    code = office.release(key)
    first, second = office.approvers()
    recalling.ask(first, key, "It was withdrawn at the wish of those concerned.", now=NOW)
    with pytest.raises(BadRequest, match="already"):
        recalling.ask(second, key, "again", now=NOW)
    with pytest.raises(BadRequest, match="another person"):
        recalling.agree(first, key, now=NOW)
    with pytest.raises(NotAllowed):
        recalling.agree(office.lead, key, now=NOW)
    assert not PublishedRetraction.objects.exists()
    recalling.agree(second, key, now=NOW)
    assert PublishedRetraction.objects.get().code == code
    assert get_row(key).state == "retracted"


def test_a_wish_that_somebody_wrote_into_the_table_takes_nothing_back(office: Office) -> None:
    key = office.approved()
    office.release(key)
    first, second = office.approvers()
    recalling.ask(first, key, "withdrawn", now=NOW)
    Recall.objects.update(signature=bytes(64))
    with pytest.raises(NotSigned):
        recalling.agree(second, key, now=NOW)
    Recall.objects.update(by=office.lead.id)
    with pytest.raises(CannotOpen):
        recalling.agree(second, key, now=NOW)
    assert not PublishedRetraction.objects.exists()


def test_an_appeal_that_stands_after_all_stays(office: Office) -> None:
    key = office.approved()
    office.release(key)
    first, second = office.approvers()
    recalling.ask(first, key, "withdrawn", now=NOW)
    with pytest.raises(BadRequest, match="take it back"):
        actions.correct(office.lead, key, "A slip.", seen=office.version(key), now=NOW)
    recalling.leave(second, key, now=NOW)
    with pytest.raises(BadRequest, match="nobody"):
        recalling.agree(second, key, now=NOW)
    assert get_row(key).state == "published"


def test_an_appeal_that_is_being_corrected_is_taken_back_as_any_other(office: Office) -> None:
    key = office.approved()
    first, second = office.approvers()
    with pytest.raises(BadRequest, match="not possible"):
        recalling.ask(first, key, "withdrawn", now=NOW)
    code = office.release(key)
    actions.correct(office.lead, key, "A slip.", seen=office.version(key), now=NOW)
    recalling.ask(first, key, "withdrawn", now=NOW)
    office.submit_and_clear(key)
    assert [each.agrees for each in waiting.list_waiting(second, now=NOW)] == [True], "and it waits for approval"
    recalling.agree(second, key, now=NOW)
    assert (PublishedRetraction.objects.get().code, get_row(key).state) == (code, "retracted")
    with pytest.raises(BadRequest, match="not possible"):
        office.approve(key)


# --- codes and days ---


def test_an_appeal_under_embargo_waits_for_its_day(office: Office) -> None:
    key = office.draft()
    day = NOW.date() + timedelta(days=2)
    actions.set_day(office.lead, key, day, seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    with pytest.raises(BadRequest, match="not come yet"):
        office.release(key)
    with pytest.raises(BadRequest, match="past"):
        office.release(key, now=NOW + timedelta(days=2 + 8))
    assert office.release(key, now=NOW + timedelta(days=2)) == "XZV 001 / 1126 / OBS 001"


def test_a_code_says_the_month_of_issue_and_a_void_number_is_never_given_out_again(office: Office) -> None:
    key = office.approved()
    assert get_row(key).code == "XZV 001 / 1126 / OBS 001"
    actions.set_day(office.lead, key, NOW.date() + timedelta(days=6), seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    assert get_row(key).code == "XZV 002 / 1226 / OBS 002"
    assert GivenCode.objects.get(printed="XZV 001 / 1126 / OBS 001").void
    actions.abandon(office.lead, key, reason="overtaken", seen=office.version(key), now=NOW)
    assert GivenCode.objects.get(printed="XZV 002 / 1226 / OBS 002").void


def is_withdrawn(at: int) -> bool:
    """Tell in which cases somebody takes her consent back, which is seen once the code is given out."""
    return at % 10 == 1


@pytest.mark.parametrize("cases", [3, pytest.param(30, marks=pytest.mark.long)])
@pytest.mark.usefixtures("committed")
def test_approvers_at_once_get_codes_without_gap_or_duplicate(
    cases: int, hire: Hire, administrator: NewAccount
) -> None:
    """Both approvers of each of several appeals at one moment, 60 in the long run, of whom 9 are refused."""
    is_sqlite = connection.vendor == "sqlite"
    office = open_office(hire, administrator)
    wanted: list[tuple[AppealKey, int, Actor, type[BaseException] | None]] = []
    for at in range(cases):
        opened = casework.open_new_case(office.lead, recent_case(), reason="a report", now=NOW)
        for each in (office.reviewer, office.lawyer, office.first, office.second):
            by = just_confirmed(office.lead, NOW)
            casework.give_access(by, opened.id, "facts", each.id, reason="r", ends_at=LATER, now=NOW)
        here = dataclasses.replace(office, case=opened.id)
        key = here.cleared()
        refused = BadRequest if is_withdrawn(at) else None
        if refused:
            consent_withdrawn(here)
        # Every tenth does not show her passkey.
        second = here.second if at % 10 == 2 else just_confirmed(here.second, NOW)
        seen = here.version(key)
        wanted.append((key, seen, just_confirmed(here.first, NOW), refused))
        wanted.append((key, seen, second, StepUpNeeded if at % 10 == 2 else refused))
    together = threading.Barrier(len(wanted))
    given: list[str] = []
    wrong: list[BaseException] = []

    def approve(key: AppealKey, seen: int, approver: Actor, refused: type[BaseException] | None) -> None:
        try:
            if is_sqlite:
                # Who waits for fifty others on a busy machine waits longer than a site does.
                connection.cursor().execute("PRAGMA busy_timeout = 300000")
            together.wait()
            with pytest.raises(refused) if refused else nullcontext():
                given.append(releasing.approve(approver, key, seen=seen, now=NOW))
        except BaseException as error:  # noqa: BLE001 - it is shown by the thread that waits
            wrong.append(error)
            together.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=each) for each in wanted]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    assert len(given) == sum(refused is None for *_, refused in wanted)
    approved = cases - sum(map(is_withdrawn, range(cases)))
    codes = [f"XZV {number:03} / 1126 / OBS {number:03}" for number in range(1, approved + 1)]
    assert sorted(set(given)) == codes
    assert sorted(Appeal.objects.exclude(code="").values_list("code", flat=True)) == codes
    assert sorted(GivenCode.objects.values_list("printed", flat=True)) == codes
    assert Appeal.objects.filter(state="approved").count() == len(given) - approved, "those that both signed"


def test_an_approver_sends_back_and_says_why(office: Office) -> None:
    key = office.cleared()
    first = just_confirmed(office.first, NOW)
    with pytest.raises(BadRequest, match="say what"):
        clearing.send_back_from_approval(first, key, seen=office.version(key), words=" ", now=NOW)
    clearing.send_back_from_approval(first, key, seen=office.version(key), words="Who saw it?", now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert draft.row.state == "changes_requested"
    assert clearing.list_clearances(draft)[clearing.APPROVAL].words == "Who saw it?"
    with pytest.raises(BadRequest):
        releasing.approve(first, key, seen=office.version(key), now=NOW)


# --- who may publish ---


def test_an_approver_signs_for_the_public_once_an_administrator_has_let_her(
    office: Office, hire: Hire, administrator: NewAccount
) -> None:
    admin = just_confirmed(administrator.actor, NOW)
    assert [each.is_admitted for each in admitting.list_approvers(admin, now=NOW)] == [True, True]
    SignatoryKey.objects.all().delete()
    key = office.approved()
    with pytest.raises(NotSigned):
        office.release(key)
    with pytest.raises(NotAllowed):
        admitting.admit(admin, office.lead.id, now=NOW)
    with pytest.raises(NotAllowed):
        admitting.admit(just_confirmed(office.first, NOW), office.second.id, now=NOW)
    for each in (office.first, office.second):
        admitting.admit(admin, each.id, now=NOW)
    assert office.release(key)


def test_two_people_who_write_at_once_lose_nothing(office: Office) -> None:
    key = office.draft()
    seen = office.version(key)
    actions.write_text(office.lead, key, Writing("en", "title", "Zarvania: One"), seen=seen, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.write_text(office.reviewer, key, Writing("en", "about", "Two"), seen=seen, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        clearing.clear(office.reviewer, key, "facts", seen=seen, now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert draft.content.source.composition.document.title.text == "Zarvania: One"


# --- another scheme ---


def test_a_site_gives_out_the_codes_of_the_scheme_that_it_names(office: Office, settings: Any) -> None:
    settings.TOCSIN_CODE_SCHEME = "amnesty"
    codes.import_codes("UA 218/26", now=NOW)
    key = office.approved()
    code = office.release(key)
    document = published(code).editions[0].document
    assert (code, document.reference.canonical, Publication.objects.get().slug) == ("UA 219/26", code, "ua-219-26")
    something_new(office)
    follow_up = AppealKey(office.case, actions.open_draft(office.lead, office.case, now=SOON))
    draft, _ = actions.read_appeal(office.lead, follow_up, now=SOON)
    assert hatch.give_code(draft, now=SOON) == "UA 219/26-1"
