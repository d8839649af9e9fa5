"""Nothing is published without five gates and two approvals of exactly this text: by no order of steps, by no row."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from copy import copy
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from desk import client_of
from desk_of_appeals import Office, consent_withdrawn, recent_case, undone
from people import NOW, just_confirmed
from tocsin.accounts.actor import DEMONSTRATION, NO_PROOF, Actor
from tocsin.accounts.models import Account
from tocsin.appeals import actions, clearing, hatch, recalling, releasing, store, translating, waivers
from tocsin.appeals.actions import Writing
from tocsin.appeals.models import Appeal, Approval, Clearance, Draft, Waiver
from tocsin.appeals.store import AppealKey
from tocsin.appeals.tables import gates
from tocsin.appeals.waivers import Named
from tocsin.casework import actions as casework
from tocsin.core.drafting import passages
from tocsin.core.errors import BadRequest, CannotOpen, ChangedMeanwhile, NotAllowed, StepUpNeeded, TocsinError
from tocsin.core.publication import LetterLanguages, Mission, PublicAppeal, Salutation, Words, edition_of
from tocsin.publishing.models import Publication
from tocsin.vault.opened import CompartmentKeys


def title(office: Office, key: AppealKey, words: str, *, by: Actor | None = None) -> None:
    writing = Writing("en", "title", words)
    actions.write_text(by or office.lead, key, writing, seen=office.version(key), now=NOW)


# --- who may not ---


def test_whoever_wrote_in_an_appeal_neither_clears_nor_approves_it(office: Office) -> None:
    key = office.draft()
    title(office, key, "Zarvania: Attack against Davit Anhalt and arrest of Mirela Tosk", by=office.reviewer)
    title(office, key, "Zarvania: Attack against Davit Anhalt and arbitrary arrest of Mirela Tosk")
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    for writer in (office.lead, office.reviewer):
        with pytest.raises(BadRequest, match="wrote"):
            clearing.clear(writer, key, "facts", seen=office.version(key), now=NOW)
    both = just_confirmed(dataclasses.replace(office.lead, roles=frozenset({"case_lead", "approver"})), NOW)
    Appeal.objects.filter(id=key.appeal).update(state="cleared")
    with pytest.raises(BadRequest, match="wrote"):
        releasing.approve(dataclasses.replace(both, proof="passkey"), key, seen=office.version(key), now=NOW)


def test_whoever_cleared_the_security_does_not_approve(office: Office) -> None:
    key = office.draft()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    for gate in gates():
        by = {"law": office.lawyer, "security": office.first}.get(gate, office.reviewer)
        clearing.clear(by, key, gate, seen=office.version(key), now=NOW)
    with pytest.raises(BadRequest, match="security"):
        releasing.approve(just_confirmed(office.first, NOW), key, seen=office.version(key), now=NOW)


def test_an_approval_asks_for_the_passkey_and_for_a_second_person(office: Office) -> None:
    key = office.cleared()
    seen = office.version(key)
    for weak in (dataclasses.replace(office.first, confirmed_at=None), dataclasses.replace(office.first, proof="totp")):
        with pytest.raises(StepUpNeeded):
            releasing.approve(weak, key, seen=seen, now=NOW)
    with pytest.raises(NotAllowed):
        releasing.approve(dataclasses.replace(office.first, proof=NO_PROOF), key, seen=seen, now=NOW)
    first = just_confirmed(office.first, NOW)
    releasing.approve(first, key, seen=seen, now=NOW)
    with pytest.raises(BadRequest, match="already"):
        releasing.approve(first, key, seen=seen, now=NOW)
    with pytest.raises(BadRequest):
        releasing.release(first, key, seen=seen, now=NOW)
    assert not Publication.objects.exists()


# --- what voids ---


def test_any_change_of_the_text_voids_every_signature(office: Office) -> None:
    key = office.approved()
    title(office, key, "Zarvania: Attack against Davit Anhalt and arbitrary arrest and harassment of Mirela Tosk")
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert not any(clearing.cleared(draft).values())
    assert hatch.approvals_of(draft.row, draft.version) == []
    with pytest.raises(BadRequest):
        office.release(key)
    with pytest.raises(ChangedMeanwhile):
        releasing.approve(just_confirmed(office.first, NOW), key, seen=draft.version - 1, now=NOW)
    # Even where somebody sets all back but the words: what was signed is another text.
    Appeal.objects.filter(id=key.appeal).update(state="approved")
    Clearance.objects.filter(appeal=key.appeal).update(version=draft.version)
    Approval.objects.filter(appeal=key.appeal).update(version=draft.version)
    with pytest.raises(BadRequest):
        office.release(key)
    assert not Publication.objects.exists()


def test_one_bit_of_any_edition_voids_an_approval(office: Office) -> None:
    draft, _ = actions.read_appeal(office.lead, office.approved(), now=NOW)
    appeal = hatch.public_appeal(draft, draft.row.code)
    rows = hatch.approvals_of(draft.row, draft.version)
    assert len(hatch.signed_by(rows, draft, appeal)) == 2
    other = dict(_mutants(appeal))
    assert {name.split()[0] for name in other} == _fields(appeal) - {"signatures"}, "they are not what is signed"
    (edition,) = appeal.editions
    of_documents = {name.split()[1] for name in other if name.startswith("editions ")}
    assert of_documents == _fields(edition.document) - {"source", "unread"}, "no edition is made with one of them"
    for field, mutant in other.items():
        assert hatch.signed_by(rows, draft, mutant) == {}, field


def _mutants(appeal: PublicAppeal) -> Iterator[tuple[str, PublicAppeal]]:
    """Give the appeal with one thing changed in each field of its document, and in each of its own."""
    (edition,) = appeal.editions
    document = edition.document
    for name in sorted(_fields(document) - {"source", "unread"}):
        for at, changed in enumerate(_changed(getattr(document, name))):
            made = edition_of(dataclasses.replace(document, **{name: changed}))
            yield f"editions {name} {at}", _with(appeal, "editions", (made,))
    for name, other in _OTHER.items():
        yield name, _with(appeal, name, other)


def _with(appeal: PublicAppeal, name: str, value: object) -> PublicAppeal:
    """Give an appeal with another value in a field, be it one that no appeal may have."""
    made = copy(appeal)
    object.__setattr__(made, name, value)
    return made


def _fields(value: object) -> set[str]:
    return {each.name for each in dataclasses.fields(value)}  # type: ignore[arg-type]


# What an appeal could say in its own fields; most are empty in that of the case.
_OTHER: dict[str, object] = {
    "code": "XZV 002 / 1126 / OBS 002",
    "kind": "closure",
    "version": 2,
    "note": (Words("en", "A slip."),),
    "supersedes": "XZV 009 / 1126 / OBS 009",
    "not_before": NOW,
    "archived_from": ("0" * 64,),
    "missions": (Mission("XBM", "embassy", (("en", "Embassy"),), "Asha", ()),),
    "salutations": (Salutation("email", "office@posts.example", "fr", "Madame,"),),
    "letter_languages": (LetterLanguages("email", "office@posts.example", ("ru",)),),
}


def _changed(value: object) -> Iterator[object]:
    """Give a value with one character, one number or one item of it changed, for each place where that can be."""
    if isinstance(value, str) and value:
        yield chr(ord(value[0]) ^ 1) + value[1:]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value ^ 1
    elif isinstance(value, tuple) and value:
        yield value[1:]
        yield from ((each, *value[1:]) for each in _changed(value[0]))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for each in _changed(getattr(value, field.name)):
                yield dataclasses.replace(value, **{field.name: each})
    elif hasattr(value, "toordinal"):
        yield type(value).fromordinal(value.toordinal() ^ 1)


# --- the tables themselves ---


def approve_by(office: Office, key: AppealKey, by: UUID, signature: bytes, **lies: object) -> None:
    """Write an approval into the table."""
    excluded = {"author": office.lead.id, "editor": office.lead.id}
    row = {"appeal_id": key.appeal, "version": office.version(key), "at": NOW, "by": by, "signature": signature}
    Approval.objects.create(**row | excluded | lies)


def forged(office: Office, key: AppealKey, _message: bytes) -> None:
    for each in (office.first.id, office.second.id):
        approve_by(office, key, each, bytes(64))


def by_one_key(office: Office, key: AppealKey, message: bytes) -> None:
    for each in (office.first.id, office.second.id):
        approve_by(office, key, each, office.first.ring.signature(message))


def by_who_wrote_or_may_not(office: Office, key: AppealKey, message: bytes) -> None:
    for each in (office.lead, office.reviewer, office.lawyer):
        approve_by(office, key, each.id, each.ring.signature(message), author=uuid4(), editor=uuid4())


def by_nobody(office: Office, key: AppealKey, message: bytes) -> None:
    for each in (uuid4(), uuid4()):
        approve_by(office, key, each, office.first.ring.signature(message))


def under_another_purpose(office: Office, key: AppealKey, message: bytes) -> None:
    for each in (office.first, office.second):
        approve_by(office, key, each.id, each.ring.signature(message.partition(b"\0")[2]))


def test_rows_that_somebody_writes_open_no_way(office: Office) -> None:
    """Whoever can write into the database alone publishes nothing."""
    key = office.cleared()
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    appeal = hatch.public_appeal(draft, hatch.give_code(draft, now=NOW))
    for attempt in (forged, by_one_key, by_who_wrote_or_may_not, by_nobody, under_another_purpose):
        with undone():
            attempt(office, key, appeal.message)
            Appeal.objects.filter(id=key.appeal).update(state="approved", code=appeal.code)
            with pytest.raises(TocsinError):
                office.release(key)
            assert not Publication.objects.exists(), attempt.__name__


def test_the_tables_refuse_an_approval_of_an_author_and_a_second_one_of_the_same_person(office: Office) -> None:
    key = office.cleared()
    for excluded in ("author", "editor"):
        with pytest.raises(IntegrityError, match=f"no_{excluded}_approves"), transaction.atomic():
            approve_by(office, key, office.first.id, bytes(64), **{excluded: office.first.id})
    approve_by(office, key, office.first.id, bytes(64))
    with pytest.raises(IntegrityError), transaction.atomic():
        approve_by(office, key, office.first.id, bytes(63))


def test_gates_that_somebody_writes_are_not_cleared(office: Office) -> None:
    key = office.draft()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    version = office.version(key)
    for gate in gates():
        Clearance.objects.create(
            appeal_id=key.appeal,
            version=version,
            gate=gate,
            passed=True,
            author=office.lead.id,
            editor=office.lead.id,
            by=office.reviewer.id,
            at=NOW,
            signature=bytes(64),
            sealed=b"",
        )
    Appeal.objects.filter(id=key.appeal).update(state="cleared")
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert not any(clearing.cleared(draft).values())
    with pytest.raises(BadRequest, match="gates"):
        releasing.approve(just_confirmed(office.first, NOW), key, seen=version, now=NOW)


def test_an_answer_at_a_gate_that_somebody_turns_round_is_no_answer(office: Office) -> None:
    """The row is genuine, and so are its words; what it says is not what was signed."""
    key = office.draft()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    clearing.send_back(office.lawyer, key, "law", seen=office.version(key), words="which law?", now=NOW)
    Clearance.objects.filter(appeal=key.appeal, gate="law").update(passed=True)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert clearing.list_clearances(draft)["law"].words == "which law?"
    assert not clearing.cleared(draft)["law"]


def test_an_author_cannot_be_written_out_of_the_history(office: Office) -> None:
    key = office.cleared()
    with undone():
        Draft.objects.filter(appeal=key.appeal, version=1).update(saved_by=office.translator.id)
        with pytest.raises(CannotOpen):
            actions.read_appeal(office.lead, key, now=NOW)
    with undone():
        Draft.objects.filter(appeal=key.appeal, version=1).delete()
        with pytest.raises(CannotOpen):
            actions.read_appeal(office.lead, key, now=NOW)
    with undone():
        Waiver.objects.filter(appeal=key.appeal).update(by=office.reviewer.id)
        with pytest.raises(CannotOpen):
            releasing.approve(just_confirmed(office.first, NOW), key, seen=office.version(key), now=NOW)


# --- the night before ---


def consent_expired(office: Office) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    consents = tuple(
        dataclasses.replace(each, expires_on=NOW.date().replace(day=24)) if each.person == "person:anhalt" else each
        for each in opened.case.consents
    )
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, consents=consents), now=NOW)


def person_hidden(office: Office) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    persons = tuple(
        dataclasses.replace(each, rc="C") if each.id == "person:tosk" else each for each in opened.case.persons
    )
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, persons=persons), now=NOW)


def place_hidden(office: Office) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    places = tuple(
        dataclasses.replace(each, rc="C") if each.id == "place:hospital" else each for each in opened.case.places
    )
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, places=places), now=NOW)


def approver_left(office: Office) -> None:
    Account.objects.filter(id=office.second.id).update(disabled_at=NOW)


def approver_is_none_any_more(office: Office) -> None:
    Account.objects.filter(id=office.second.id).update(roles="verifier")


_OVERNIGHT = (
    consent_withdrawn,
    consent_expired,
    person_hidden,
    place_hidden,
    approver_left,
    approver_is_none_any_more,
)


@pytest.mark.usefixtures("frozen")
def test_what_happens_between_approval_and_release_stops_it(office: Office) -> None:
    key = office.approved()
    for happened in _OVERNIGHT:
        with undone():
            happened(office)
            with pytest.raises(BadRequest):
                office.release(key)
            assert not Publication.objects.exists(), happened.__name__
    assert office.release(key) == "XZV 001 / 1126 / OBS 001"
    lead, says = client_of(office.lead, DEMONSTRATION), "whose consent has ended: <bdi>"
    assert not any(says in page for page in pages_of(lead, key))
    for happened, name in ((consent_withdrawn, "Mirela Tosk"), (consent_expired, "Davit Anhalt")):
        with undone():
            happened(office)
            assert all(f"{says}{name}</bdi>" in page for page in pages_of(lead, key))


def pages_of(client: Client, key: AppealKey) -> list[str]:
    """Give the page of an appeal, and the list of those of its case."""
    at = f"/cases/{key.case}/appeals"
    return [client.get(each).content.decode() for each in (at, f"{at}/{key.appeal}")]


@pytest.mark.database("sqlite")
def test_a_waiver_that_runs_out_before_the_release_is_given_anew_and_no_other(office: Office) -> None:
    key, tomorrow = office.draft(days=0), NOW + dt.timedelta(days=1)
    office.submit_and_clear(key)
    office.approve(key)
    with pytest.raises(BadRequest, match="findings stand"):
        office.release(key, now=tomorrow)
    assert not Publication.objects.exists()
    standing = office.standing(key, "ADR-05", "ADR-08", now=tomorrow)
    words = {"reason": "there is still none", "until": tomorrow.date(), "now": tomorrow}
    with pytest.raises(BadRequest, match="without this finding"):
        waivers.waive(office.lawyer, key, Named("ADR-05", "0" * 16), **words)
    for each in standing:
        waivers.waive(office.lawyer, key, each, **words)
    assert office.release(key, now=tomorrow) == "XZV 001 / 1126 / OBS 001"


# --- nothing confidential passes ---

# What the case of the example hides, and the rule whose finding says where it stands.
CANARIES = {"a person": "Rhosyn Anhalt", "a source": "Orla Venn", "a place": "the home of Ms. Tosk"}


@pytest.mark.database("sqlite")
def test_nothing_that_the_case_hides_passes_in_a_text_or_an_edition(office: Office) -> None:
    key = office.draft()
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    told = {each.path: each.words for each in passages(draft.content.source.composition)}
    nothing_passes(office, key, "en", "title")
    nothing_passes(office, key, "en", next(path for path in told if "paragraphs" in path))
    translating.add_edition(office.translator, key, "fr", seen=office.version(key), now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    for path in sorted(actions.untranslated(draft.content, draft.content.edition("fr"))):
        typed(office, key, "fr", path, f"{told[path]} Fin.")
    nothing_passes(office, key, "fr", "title")


def nothing_passes(office: Office, key: AppealKey, language: str, path: str) -> None:
    """Type each canary into a text that could be submitted as it is."""
    with undone():
        actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    for what, canary in CANARIES.items():
        with undone():
            typed(office, key, language, path, f"Zarvania: Davit Anhalt was attacked, says {canary}")
            assert path in places_of(office, key, "SEC-01"), f"{what} in {language}"
            with pytest.raises(BadRequest, match="errors stand in the text"):
                actions.submit(office.lead, key, seen=office.version(key), now=NOW)


def typed(office: Office, key: AppealKey, language: str, path: str, words: str) -> None:
    by = office.lead if language == "en" else office.translator
    actions.write_text(by, key, Writing(language, path, words), seen=office.version(key), now=NOW)


def places_of(office: Office, key: AppealKey, rule: str) -> list[str]:
    """Say where in its editions a rule finds something."""
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    found = (one for each in actions.checked_now(office.lead, draft, now=NOW) for one in each.standing)
    return [place.path for one in found if one.rule == rule for place in one.places]


@pytest.mark.database("sqlite")
def test_nothing_that_the_case_hides_passes_in_a_note_to_readers(office: Office) -> None:
    key = office.approved()
    office.release(key)
    first, _ = office.approvers()
    for what, canary in CANARIES.items():
        note = f"It was wrong what {canary} said."
        with undone(), pytest.raises(BadRequest, match="keeps hidden") as refused:
            actions.correct(office.lead, key, note, seen=office.version(key), now=NOW)
        assert canary not in str(refused.value), what
        # Who a source is lies in a compartment that the approvers do not hold: they are not told, and cannot tell.
        if what != "a source":
            with undone(), pytest.raises(BadRequest, match="keeps hidden"):
                recalling.ask(first, key, note, now=NOW)
    actions.correct(office.lead, key, "Rosa Lind is free.", seen=office.version(key), now=NOW)
    opened = casework.read_case(office.lead, office.case, now=NOW)
    sources = (dataclasses.replace(opened.case.sources[0], identity="Rosa Lind"), *opened.case.sources[1:])
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, sources=sources), now=NOW)
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert [each.names_hidden for each in actions.checked_now(office.lead, draft, now=NOW)] == [True]


def test_a_draft_lies_sealed_and_shredding_the_case_takes_it(office: Office) -> None:
    key = office.cleared()
    clearing.send_back(office.lawyer, key, "law", seen=office.version(key), words="Kanarienvogel", now=NOW)
    tables = ("appeals_appeal", "appeals_draft", "appeals_clearance", "appeals_approval", "appeals_waiver")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            said = repr([[bytes(each) if isinstance(each, memoryview) else each for each in row] for row in cursor])
            for word in ("Anhalt", "Tosk", "Kanarienvogel", "there is no other"):
                assert word not in said, table
    casework.shred_case(just_confirmed(office.lead, NOW), office.case, now=NOW)
    with pytest.raises(NotAllowed):
        store.get_row(key)
    assert recent_case().persons[0].preferred.full == "Davit Anhalt", "what is looked for is there"


@pytest.mark.database("sqlite")
def test_a_draft_opens_by_one_unsealing_however_often_it_was_saved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, opened = office.draft(), []
    for number in range(5):
        title(office, key, f"Zarvania: two attacked, told {number} times")
    row = Appeal.objects.get(id=key.appeal)
    keys, unseal = store.keys_of(office.lead, key.case, NOW), CompartmentKeys.open
    monkeypatch.setattr(CompartmentKeys, "open", lambda *words: (opened.append(words), unseal(*words))[1])
    assert store.open_draft(keys, row).writers == (office.lead.id,) * 6
    assert len(opened) == 1
    unwritten(keys, row)
    opened.clear()
    assert store.open_draft(keys, row).writers == (office.lead.id,) * 6
    assert len(opened) == 6, "what was saved before a version told who wrote is opened version by version"


def unwritten(keys: CompartmentKeys, row: Appeal) -> None:
    """Seal the newest version as it was sealed before it told who had written in it."""
    newest = Draft.objects.get(appeal=row.id, version=row.version)
    place = store._place(row.id, row.version, newest.saved_by)
    content = msgspec.json.decode(keys.open(bytes(newest.sealed), place), type=store.Content)
    sealed = keys.seal(msgspec.json.encode(msgspec.structs.replace(content, writers=())), place)
    Draft.objects.filter(id=newest.id).update(sealed=sealed)
