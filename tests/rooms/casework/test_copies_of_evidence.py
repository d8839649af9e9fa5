"""A copy of evidence: drawn anew, for all who read the case, and let out by two people on a ground that still holds."""

import dataclasses
import io
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.documents import Copy
from tocsin.casework import actions as casework
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.evidence import actions, citing, custody, releasing
from tocsin.casework.evidence.naming import file_of
from tocsin.casework.evidence.squares import read_areas
from tocsin.casework.evidence.standing import NOBODY, Standing, grounds, standing
from tocsin.casework.models import CustodyLine, EvidenceFile
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.core.records import Consent, ConsentAnswer, Evidence, Translation, Wording, from_yaml

CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))
pytestmark = pytest.mark.usefixtures("frozen")


@cache
def photograph() -> bytes:
    made = io.BytesIO()
    drawn = Image.effect_noise((200, 100), 90).convert("RGB")
    drawn.save(made, "JPEG", comment=b"taken in the hiding place")
    return made.getvalue()


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


@pytest.fixture
def amina(hire: Hire, tomas: NewAccount, opened: OpenCase) -> NewAccount:
    """A colleague who holds the facts and not the originals."""
    amina = hire("amina", "case_lead")
    casework.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    return amina


def put_in(account: NewAccount, case: OpenCase, content: bytes) -> str:
    taking = actions.begin(account.actor, case.id, now=NOW)
    taking.take(content)
    told = actions.AboutFiles("The door", "en", warnings=("injury",))
    actions.receive(account.actor, case.id, [("IMG_1.jpg", taking.end())], told, now=NOW)
    return f"/cases/{case.id}/evidence/{taking.id}"


def copied(client: Client, original: str, areas: str = "") -> str:
    answer = client.post(f"{original}/copy", {"areas": areas})
    assert answer.status_code == 302
    return str(answer.headers["Location"].partition("?")[0])


@pytest.fixture
def copy(tomas: NewAccount, opened: OpenCase) -> str:
    return copied(signed_in(tomas), put_in(tomas, opened, photograph()), "A1:J20")


def seen(account: NewAccount, address: str) -> actions.Opened:
    _, _, case, _, file = address.split("/")
    return actions.open_file(account.actor, UUID(case), UUID(file), now=NOW)


def standing_of(account: NewAccount, address: str) -> Standing:
    there = seen(account, address)
    assert there.chain is not None
    return standing(there.case.case, there.chain.lines, NOW, frozenset())


def test_a_copy_is_a_record_of_its_own_confidential_and_names_its_original(tomas: NewAccount, copy: str) -> None:
    there = seen(tomas, copy)
    original = next(each for each in there.case.case.evidence if each.is_original)
    record = there.record
    assert (record.redaction_of, record.rc, record.is_original) == (original.id, "C", False)
    assert record.warnings == original.warnings == ("injury",)
    assert record.sha256 != original.sha256
    assert there.sheet is not None
    assert (there.sheet.areas, there.sheet.name) == ("A1:J20", "")
    assert there.chain is not None
    assert there.chain.faults == ()
    assert [each.action for each in there.chain.lines] == [custody.MADE]
    before = seen(tomas, copy.rpartition("/")[0] + "/" + str(file_of(original.id)))
    assert before.chain is not None
    assert [each.action for each in before.chain.lines] == [custody.RECEIVED, custody.DERIVED]


def test_colleagues_without_the_originals_look_at_the_copy_and_see_what_is_black(amina: NewAccount, copy: str) -> None:
    client = signed_in(amina)
    answer = client.get(f"{copy}/page/1")
    assert answer.status_code == 200
    assert b"hiding place" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as picture:
        left, right = picture.crop((3, 3, 95, 95)), picture.crop((110, 3, 195, 95))
        assert max(max(colour) for _, colour in left.getcolors(100_000) or ()) < 20
        assert max(max(colour) for _, colour in right.getcolors(100_000) or ()) > 100
    original = seen(amina, copy).record.redaction_of
    assert original is not None
    assert client.get(f"{copy.rpartition('/')[0]}/{file_of(original)}/page/1").status_code == 404


def test_a_text_becomes_a_text_and_what_cannot_be_copied_says_why_and_leaves_nothing(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client = signed_in(tomas)
    letter = copied(client, put_in(tomas, opened, b"Dear friends, they came at night."))
    assert "they came at night" in client.get(f"{letter}/look").content.decode()
    film = put_in(tomas, opened, b"\0\0\0\x18ftypmp42" + bytes(100))
    answer = client.post(f"{film}/copy", {"areas": ""})
    assert answer.status_code == 400
    assert "sound and film" in answer.content.decode()
    assert "are not played here" in client.get(film).content.decode()
    # A telephone's own format says what to do, where the copy is asked for and where one looks at it.
    photo = put_in(tomas, opened, b"\0\0\0\x18ftypheic" + bytes(100))
    for page in (client.post(f"{photo}/copy", {"areas": ""}), client.get(f"{photo}/look")):
        assert "export it as JPEG, put that in beside it, and copy that" in page.content.decode()
    assert len([each for each in seen(tomas, film).case.case.evidence if each.redaction_of]) == 1


def test_of_a_copy_no_copy_is_made(tomas: NewAccount, copy: str) -> None:
    assert signed_in(tomas).post(f"{copy}/copy", {"areas": ""}).status_code == 400


@pytest.mark.parametrize(
    ("written", "areas"),
    [
        ("", []),
        ("a1", [(1, 0, 0, 50, 50)]),
        ("C4:F7\n\n  t20 ", [(1, 100, 150, 300, 350), (1, 950, 950, 1000, 1000)]),
        ("f7-c4", [(1, 100, 150, 300, 350)]),
        ("2 C4 : F7", [(2, 100, 150, 300, 350)]),
    ],
)
def test_areas_are_squares_as_on_a_map(written: str, areas: list[tuple[int, ...]]) -> None:
    assert [dataclasses.astuple(each) for each in read_areas(written)] == areas


@pytest.mark.parametrize("written", ["U1", "A0", "A21", "A", "1", "A1:B", "0 A1", "A1 B2", "A1:B2:C3", "A1\nnonsense"])
def test_what_is_no_square_is_refused_and_blacks_out_nothing_by_guessing(written: str) -> None:
    with pytest.raises(BadRequest, match="area"):
        read_areas(written)
    with pytest.raises(BadRequest, match="more areas"):
        read_areas("A1\n" * 201)


# Letting a copy out ---------------------------------------------------------------------------------------------------

ASKED = {"release-release_class": "P", "release-ground": NOBODY, "release-why": "for the appeal; both looked at it"}


def take(client: Client, address: str) -> int:
    return client.post(f"{address}/take-out", {"take-words": "for the press"}).status_code


def test_a_copy_leaves_after_one_asked_and_another_agreed(tomas: NewAccount, amina: NewAccount, copy: str) -> None:
    hers, his = signed_in(amina), signed_in(tomas)
    assert take(his, copy) == 400
    assert his.post(f"{copy}/ask", ASKED).status_code == 302
    assert take(his, copy) == 400
    # Whoever asked cannot agree, however often.
    assert his.post(f"{copy}/agree").status_code == 400
    assert "I looked at it and agree" not in his.get(copy).content.decode()
    assert take(his, copy) == 400
    assert "I looked at it and agree" in hers.get(copy).content.decode()
    assert hers.post(f"{copy}/agree").status_code == 302
    assert standing_of(tomas, copy).released
    assert seen(tomas, copy).record.rc == "P"
    assert take(his, copy) == 200
    chain = seen(tomas, copy).chain
    assert chain is not None
    assert chain.faults == ()
    assert [each.action for each in chain.lines] == ["made", "asked", "agreed", "taken_out"]


def test_anybody_takes_it_back_and_it_is_confidential_again(tomas: NewAccount, amina: NewAccount, copy: str) -> None:
    hers, his = signed_in(amina), signed_in(tomas)
    his.post(f"{copy}/ask", ASKED)
    hers.post(f"{copy}/agree")
    assert hers.post(f"{copy}/withdraw", {"withdraw-words": "her face is in the mirror"}).status_code == 302
    assert take(his, copy) == 400
    assert seen(tomas, copy).record.rc == "C"
    assert hers.post(f"{copy}/agree").status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"release-release_class": "N"},
        {"release-release_class": "C"},
        {"release-ground": "consent:nobody"},
        {"release-ground": ""},
        {"release-why": " "},
    ],
)
def test_what_is_asked_without_class_ground_or_reason_is_not_asked(
    tomas: NewAccount, copy: str, wrong: dict[str, str]
) -> None:
    assert signed_in(tomas).post(f"{copy}/ask", ASKED | wrong).status_code == 400
    assert standing_of(tomas, copy) == Standing()


def test_an_original_is_never_released(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    original = put_in(tomas, opened, photograph())
    assert signed_in(tomas).post(f"{original}/ask", ASKED).status_code == 400
    assert signed_in(amina).post(f"{original}/agree").status_code == 404


def with_consent(
    tomas: NewAccount, case: OpenCase, state: str, answer: str = "yes", audience: str | None = None
) -> str:
    """Write down what Lena said about a photograph of her."""
    now = casework.read_case(tomas.actor, case.id, now=NOW)
    person = now.case.persons[0].id
    said = Consent(
        id="consent:photo",
        person=person,
        state=state,
        answers=(ConsentAnswer(use="publish_photo", audience=audience, answer=answer),),  # type: ignore[arg-type]
    )
    kept = tuple(each for each in now.case.consents if each.id != said.id)
    casework.save_case(tomas.actor, now, dataclasses.replace(now.case, consents=(*kept, said)), now=NOW)
    return said.id


def test_a_copy_that_rests_on_a_consent_stays_when_the_consent_is_withdrawn(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase, copy: str
) -> None:
    hers, his = signed_in(amina), signed_in(tomas)
    consent = with_consent(tomas, opened, "given")
    assert his.post(f"{copy}/ask", ASKED | {"release-ground": consent}).status_code == 302
    assert hers.post(f"{copy}/agree").status_code == 302
    assert take(his, copy) == 200
    with_consent(tomas, opened, "withdrawn")
    assert not standing_of(tomas, copy).released
    assert take(his, copy) == 400
    assert "holds no more" in his.get(copy).content.decode()


def test_a_consent_that_is_withdrawn_between_asking_and_agreeing_is_none(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase, copy: str
) -> None:
    consent = with_consent(tomas, opened, "given")
    signed_in(tomas).post(f"{copy}/ask", ASKED | {"release-ground": consent})
    with_consent(tomas, opened, "withdrawn")
    assert signed_in(amina).post(f"{copy}/agree").status_code == 400


@pytest.mark.parametrize(
    ("state", "answer", "is_one"),
    [("given", "yes", True), ("limited", "yes", True), ("given", "no", False), ("given", "ask_each_time", False)]
    + [(state, "yes", False) for state in ("requested", "refused", "expired", "unknown_legacy_import")],
)
def test_only_a_yes_that_holds_is_a_ground(
    tomas: NewAccount, opened: OpenCase, state: str, answer: str, is_one: bool
) -> None:
    consent = with_consent(tomas, opened, state, answer)
    case = casework.read_case(tomas.actor, opened.id, now=NOW).case
    assert (consent in grounds(case, NOW, frozenset())) is is_one
    assert grounds(case, NOW, frozenset({case.persons[0].id})) == ((consent,) if is_one else ())


@pytest.mark.database("sqlite")
def test_a_photo_of_somebody_leaves_on_no_other_ground_than_her_consent(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase, copy: str
) -> None:
    hers, his = signed_in(amina), signed_in(tomas)
    his.post(f"{copy}/ask", ASKED)
    hers.post(f"{copy}/agree")
    assert take(his, copy) == 200
    now = casework.read_case(tomas.actor, opened.id, now=NOW)
    lena, original = now.case.persons[0], next(each.id for each in now.case.evidence if each.redaction_of is None)
    shown = dataclasses.replace(now.case, persons=(dataclasses.replace(lena, photos=(original,)),))
    casework.save_case(tomas.actor, now, shown, now=NOW)
    assert f"{original[3:11]}</bdi></a>" in his.get(f"/cases/{opened.id}").content.decode()
    # That nobody is recognised is no ground any more, neither for what was agreed nor for what is asked anew.
    assert take(his, copy) == 400
    assert his.post(f"{copy}/ask", ASKED).status_code == 400
    consent = with_consent(tomas, opened, "given")
    assert his.post(f"{copy}/ask", ASKED | {"release-ground": consent}).status_code == 302
    assert hers.post(f"{copy}/agree").status_code == 302
    assert take(his, copy) == 200


def test_a_consent_for_some_is_no_ground_for_everybody(tomas: NewAccount, opened: OpenCase, copy: str) -> None:
    consent = with_consent(tomas, opened, "given", audience="un_mechanism")
    client = signed_in(tomas)
    assert client.post(f"{copy}/ask", ASKED | {"release-ground": consent}).status_code == 400
    named = ASKED | {"release-ground": consent, "release-release_class": "R"}
    assert client.post(f"{copy}/ask", named).status_code == 302


def test_nobody_outside_the_case_asks_or_agrees(tomas: NewAccount, hire: Hire, opened: OpenCase, copy: str) -> None:
    stranger = hire("stranger", "case_lead").actor
    file = UUID(copy.rpartition("/")[2])
    with pytest.raises(NotAllowed):
        releasing.ask(stranger, opened.id, file, release_class="P", ground=NOBODY, why="x", now=NOW)
    with pytest.raises(NotAllowed):
        releasing.agree(stranger, opened.id, file, now=NOW)


def test_words_about_a_file_can_be_changed_and_the_file_cannot(tomas: NewAccount, opened: OpenCase) -> None:
    original = put_in(tomas, opened, photograph())
    client = signed_in(tomas)
    before = seen(tomas, original).record
    assert client.post(f"{original}/describe", {"what": "The gate", "warnings": ["death"]}).status_code == 302
    after = seen(tomas, original).record
    assert isinstance(after, Evidence)
    assert (after.warnings, after.sha256, after.size) == (("death",), before.sha256, before.size)
    assert "The gate" in client.get(original).content.decode()
    assert client.post(f"{original}/describe", {"what": ""}).status_code == 400


def test_of_an_original_it_is_said_where_it_is_from_and_of_a_copy_it_is_not_asked(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase, copy: str
) -> None:
    original = put_in(tomas, opened, photograph())
    client = signed_in(tomas)
    said = {"material": "network_post", "language": "fr", "dated": "2026-11", "collected_at": "2026-11-03 10:15"}
    said |= {"collector": "the neighbour", "method": "saved with a browser", "original_url": "https://net.example/1"}
    said |= {"archive_copies": "https://archive.example/1\n\n https://keep.example/2 "}
    assert (
        "This is no date." in client.post(f"{original}/describe", {"what": "A post", "dated": "soon"}).content.decode()
    )
    assert client.post(f"{original}/describe", {"what": "A post"} | said).status_code == 302
    record = seen(tomas, original).record
    assert (record.material, record.language, record.dated) == ("network_post", "fr", "2026-11")
    assert (record.collected_at, record.collector) == ("2026-11-03T10:15", "the neighbour")
    assert record.archive_copies == ("https://archive.example/1", "https://keep.example/2")
    page = client.get(original).content.decode()
    assert all(
        words in page for words in ("Post on a network", "saved with a browser", "3 Nov 2026 10:15", "November 2026")
    )
    assert 'name="collector"' in page
    hers = seen(amina, original).record
    assert (hers.material, hers.collector, hers.original_url, hers.archive_copies) == ("network_post", None, None, ())
    assert 'name="collector"' not in client.get(copy).content.decode()
    assert client.post(f"{copy}/describe", {"what": "A copy"} | said).status_code == 302
    assert seen(tomas, copy).record.material is None


def test_words_about_a_file_keep_their_language_when_a_colleague_changes_its_warnings_in_hers(
    tomas: NewAccount, opened: OpenCase
) -> None:
    original = put_in(tomas, opened, photograph())
    client, french = signed_in(tomas), {"HTTP_ACCEPT_LANGUAGE": "fr"}
    sent = {"what": "The door", "warnings": ["death"]}
    assert client.post(f"{original}/describe", sent, **french).status_code == 302
    record = seen(tomas, original).record
    assert (record.what, record.warnings) == (Wording((Translation("en", "The door"),)), ("death",))
    assert client.post(f"{original}/describe", {"what": "La porte"}, **french).status_code == 302
    assert seen(tomas, original).record.what == Wording((Translation("fr", "La porte"),))


def test_the_record_of_a_file_is_not_withdrawn_from_under_its_chain_of_custody(
    tomas: NewAccount, opened: OpenCase
) -> None:
    original = put_in(tomas, opened, photograph())
    there = seen(tomas, original)
    row = rows_by_id(there.case)[there.record.id]
    sent = {"seen": str(there.case.version), "reason": "twice"}
    assert signed_in(tomas).post(f"/cases/{opened.id}/records/{row}/withdraw", sent).status_code == 404
    assert seen(tomas, original).record == there.record


def test_an_agreement_that_the_journal_does_not_know_lets_nothing_out(
    tomas: NewAccount, amina: NewAccount, copy: str
) -> None:
    """Who can write into the database and holds the keys puts a colleague's agreement into the chain."""
    signed_in(tomas).post(f"{copy}/ask", ASKED)
    _, _, case, _, file = copy.split("/")
    with actions.hold(tomas.actor, UUID(case), UUID(file), now=NOW) as held:
        held.write(custody.AGREED, choice="P")
        row = CustodyLine.objects.filter(file=held.file).latest("number")
        line = custody._open(held.keys, row, held.file.id)
        forged = msgspec.json.encode(msgspec.structs.replace(line, by=amina.actor.id))
        row.sealed = held.keys.seal(forged, custody._place(held.file.id, row.number))
        row.save()
    assert take(signed_in(tomas), copy) == 400


# Facts that rest on a file --------------------------------------------------------------------------------------------


LETTER = "Dear friends,\nthey came at\nnight and took her. They came in two cars."


def test_a_fact_rests_on_words_on_a_page_or_on_a_minute(tomas: NewAccount, opened: OpenCase) -> None:
    letter = put_in(tomas, opened, LETTER.encode())
    client, event = signed_in(tomas), CASE.events[0].id
    said = {"cite-about": event, "cite-words": "came at night and  took her", "cite-page": "", "cite-clip": ""}
    assert client.post(f"{letter}/cite", said).status_code == 302
    assert client.post(f"{letter}/cite", {"cite-about": event, "cite-page": "2"}).status_code == 302
    assert client.post(f"{letter}/cite", {"cite-about": event, "cite-clip": "01:20-02:05"}).status_code == 302
    case = casework.read_case(tomas.actor, opened.id, now=NOW).case
    first, second, third = (each.citations[0] for each in case.claims[-3:])
    assert first.evidence == seen(tomas, letter).record.id
    assert first.start is not None
    assert LETTER[first.start : first.end] == "came at\nnight and took her"
    assert (second.page, third.clip) == (2, "01:20-02:05")
    assert {each.status for each in case.claims[-3:]} == {"recorded"}
    page = client.get(letter).content.decode()
    assert page.count(f"#{event}") == 3
    assert "01:20-02:05" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"cite-about": "e999"},
        {"cite-about": ""},
        {"cite-words": "they came by boat"},
        {"cite-words": "hey came"},
        {"cite-page": "first"},
        {"cite-page": "0"},
        {"cite-clip": "in the middle"},
    ],
)
def test_what_stands_nowhere_in_the_file_cannot_be_cited(
    tomas: NewAccount, opened: OpenCase, wrong: dict[str, str]
) -> None:
    letter = put_in(tomas, opened, LETTER.replace("They", "they").encode())
    said = {"cite-about": CASE.events[0].id} | wrong
    assert signed_in(tomas).post(f"{letter}/cite", said).status_code == 400
    assert casework.read_case(tomas.actor, opened.id, now=NOW).case.claims == CASE.claims


def test_nobody_waits_while_the_sandbox_works(
    tomas: NewAccount, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a transaction keeps everybody from writing; a file may take the sandbox half a minute."""
    letter = put_in(tomas, opened, LETTER.encode())
    depths = []

    def watched(written: bytes, *of: object, **also: object) -> Copy:
        depths.append(len(connection.savepoint_ids))
        return Copy(written, "text/plain", 1)

    for module in (actions, citing):
        for name in ("make_copy", "look_at"):
            monkeypatch.setattr(module, name, watched, raising=False)
    client = signed_in(tomas)
    assert client.post(f"{letter}/copy", {"areas": ""}).status_code == 302
    assert client.get(f"{letter}/look").status_code == 200
    said = {"cite-about": CASE.events[0].id, "cite-words": "took her"}
    assert client.post(f"{letter}/cite", said).status_code == 302
    assert depths == [0, 0, 0]


def test_a_copy_that_cannot_be_kept_leaves_nothing(
    tomas: NewAccount, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = put_in(tomas, opened, LETTER.encode())

    def fail(*of: object, **also: object) -> None:
        raise BadRequest("the case cannot be saved")

    monkeypatch.setattr(actions, "save_case", fail)
    assert signed_in(tomas).post(f"{letter}/copy", {"areas": ""}).status_code == 400
    assert EvidenceFile.objects.count() == 1
