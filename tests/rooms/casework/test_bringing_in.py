"""A second report about a case that we have: side by side on a page, brought in with both claims, and taken out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from uuid import UUID

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from lxml import html

from desk import signed_in
from people import NOW, Hire
from remembering import Remembering
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as cases
from tocsin.casework.bringing import actions
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.from_report import open_from_report
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.core.recording import Choices
from tocsin.core.recording.comparing import said
from tocsin.core.records import Case, Claim, Event
from tocsin.intake import actions as intake
from tocsin.intake.actions import Incoming, NewFact
from tocsin.intake.pages import facts_left_behind
from tocsin.journal.queries import list_entries

pytestmark = pytest.mark.usefixtures("frozen")
LATIN = """\
I am writing about Lena Marosh, a lawyer of the Velm Legal Aid Centre in Velm, Zarvania.

On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. Marosh in Velm.
"""
CYRILLIC = """\
Адвоката Лену Марош арестовали 4 ноября 2026 года в Велме.
Вместе с ней арестовали Павла Ондрича.
"""
DOUBTFUL = (resources.files("tocsin.config") / "demonstration/radio.txt").read_text("utf-8")


@dataclass
class Story:
    """A case that was opened from a report in Latin letters, and a second report about it in Cyrillic."""

    account: NewAccount
    case: UUID
    report: UUID

    def __post_init__(self) -> None:
        self.client = signed_in(self.account)
        self.at = f"/reports/{self.report}/into/{self.case}"

    def read(self) -> Case:
        return cases.read_case(self.account.actor, self.case, now=NOW).case

    def page(self) -> html.HtmlElement:
        answer = self.client.get(self.at)
        assert answer.status_code == 200
        return html.fromstring(answer.content)

    def send(self, button: str = "bring", **fields: str) -> HttpResponse:
        """Send the form as a browser does, with some fields filled."""
        return self.send_again(self.page(), button, **fields)

    def send_again(self, page: html.HtmlElement | HttpResponse, button: str = "bring", **fields: str) -> HttpResponse:
        root = html.fromstring(page.content) if isinstance(page, HttpResponse) else page
        (form,) = root.xpath("//form[@class='besides']")
        sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
        return self.client.post(self.at, sent | {button: "1"} | fields)

    def claims(self, about: str) -> list[Claim]:
        return [each for each in self.read().claims if about in each.about]


def text_of(page: html.HtmlElement | HttpResponse) -> str:
    root = html.fromstring(page.content) if isinstance(page, HttpResponse) else page
    return " ".join(" ".join(root.xpath("//main//text()")).split())


def received(owner: NewAccount, text: str, told_by: str) -> UUID:
    incoming = Incoming(text.encode(), source_type="local_partner", told_by=told_by)
    report = intake.receive(owner.actor, incoming, now=NOW)
    intake.understand(owner.actor, report, now=NOW)
    for question in ("defender", "work"):
        intake.answer(owner.actor, report, question, "yes", seen=version(owner, report), now=NOW)
    return report


def version(owner: NewAccount, report: UUID) -> int:
    return intake.open_report(owner.actor, report, now=NOW).report.version


def confirm_all(owner: NewAccount, report: UUID) -> None:
    facts = [each.key for each in intake.open_report(owner.actor, report, now=NOW).facts]
    if facts:
        intake.decide(owner.actor, report, facts, "confirmed", seen=version(owner, report), now=NOW)


def add(owner: NewAccount, report: UUID, kind: str, words: str, values: Mapping[str, str], within: str = "") -> str:
    """Add a fact from words that the reader, who knows no Russian, did not read."""
    at = intake.open_report(owner.actor, report, now=NOW).text.index(words)
    fact = NewFact(kind, (at, at + len(words)), dict(values), within)
    return intake.add_fact(owner.actor, report, fact, seen=version(owner, report), now=NOW)


@pytest.fixture
def story(tomas: NewAccount, hire: Hire, remember: Remembering) -> Story:
    return Story(tomas, *remember("two reports", lambda: two_reports(tomas, hire)))


def two_reports(tomas: NewAccount, hire: Hire) -> tuple[UUID, UUID]:
    """Open a case from one report, and confirm what another one says of the same people; give both."""
    hire("sefa", "source_handler")
    first = received(tomas, LATIN, "Irja Solveen")
    confirm_all(tomas, first)
    case = open_from_report(tomas.actor, first, now=NOW).id
    second = received(tomas, CYRILLIC, "Orla Venn")
    confirm_all(tomas, second)
    place = add(tomas, second, "place", "Велме", {"name": "Велм"})
    lena = add(tomas, second, "person", "Лену Марош", {"name": "Лена Марош"})
    add(tomas, second, "person", "Павла Ондрича", {"name": "Павел Ондрич"})
    said = {"what": "арестовали", "date": "2026-11-04", "place": place}
    event = add(tomas, second, "event", "арестовали 4 ноября 2026 года", said)
    add(tomas, second, "act", "арестовали", {"type": "arbitrary_arrest", "victims": lena}, event)
    return case, second


def test_a_report_in_cyrillic_is_brought_into_a_case_in_latin_letters(story: Story) -> None:
    # The case is found by the name, and a person says that it is the same one.
    known = f"/reports/{story.report}/known"
    seen = version(story.account, story.report)
    story.client.post(known, {"case": str(story.case), "same": "same", "seen": str(seen)})
    assert story.at in story.client.get(known).content.decode()
    assert story.at in story.client.get(f"/reports/{story.report}").content.decode()
    # Both stand side by side, with the words of the report.
    page = text_of(story.page())
    assert "Where they differ 1" in page
    assert "The case says Tue, 3 Nov 2026, 20:00" in page
    assert "The report says Wed, 4 Nov 2026" in page
    assert "арестовали 4 ноября 2026 года" in page
    assert "1 source, 2 with the report" in page
    assert "Павел Ондрич" in page.partition("New to the case")[2]
    before = story.read()
    assert story.send().status_code == 302
    case = story.read()
    # The claim has two sources now, and can be held for corroborated; the dates stand side by side, both contested.
    whole, old, new = story.claims("e1")
    assert len(whole.sources) == 2
    assert {each.analyst for each in case.claims} == {str(story.account.actor.id)}
    assert (old.value, new.value) == ("2026-11-03 20:00~", "2026-11-04")
    assert (old.status, new.status, old.disagrees_with) == ("contested", "contested", (new.id,))
    assert case.get_record("e1", Event).t == before.get_record("e1", Event).t
    told_by = {each.id: each.identity for each in case.sources}
    assert [told_by[each] for each in whole.sources] == ["Irja Solveen", "Orla Venn"]
    assert {each.full for person in case.persons for each in person.names} >= {"Лена Марош", "Павел Ондрич"}
    # The page of the arrest shows both claims, what each says and who says it.
    row = rows_by_id(cases.read_case(story.account.actor, story.case, now=NOW))["e1"]
    record = text_of(story.client.get(f"/cases/{story.case}/records/{row}"))
    for words in (
        "When: 2026-11-03 20:00~ another claim says otherwise",
        "When: 2026-11-04 another claim says otherwise",
    ):
        assert words in record
    # Each is quoted, with a link to the place on the page of its report.
    rests = html.fromstring(story.client.get(f"/cases/{story.case}/records/{row}").content).xpath(
        "//section[@aria-labelledby='claims']"
    )[0]
    quotes = [each.text_content() for each in rests.xpath(".//blockquote")]
    assert any("arrested Ms. Marosh in Velm." in each for each in quotes)
    assert any("арестовали 4 ноября 2026 года" in each for each in quotes)
    places = [each for each in rests.xpath(".//a/@href") if each.startswith("/reports/")]
    reports = [(each.original_url or "").removeprefix("urn:uuid:") for each in case.evidence]
    assert {each.partition("#")[0] for each in places} == {f"/reports/{each}" for each in reports}
    for each in places:
        address, _, mark = each.partition("#")
        assert html.fromstring(story.client.get(address).content).get_element_by_id(mark) is not None
    # The case lists both reports, and the report leads to the case and out of it again.
    urns = {each.original_url for each in case.evidence}
    assert f"urn:uuid:{story.report}" in urns
    assert len(urns) == 2
    reading = story.client.get(f"/reports/{story.report}").content.decode()
    assert f"/reports/{story.report}/out" in reading
    kinds = [each.kind for each in list_entries(subject=story.case)]
    assert "casework.report.brought" in kinds


def test_what_was_brought_in_is_taken_out_and_the_case_is_as_it_was(story: Story) -> None:
    before = story.read()
    story.send(**{"field-e1-t": "theirs"})
    assert story.read().get_record("e1", Event).t != before.get_record("e1", Event).t
    assert story.client.post(f"/reports/{story.report}/out").status_code == 302
    assert story.read() == before
    report = intake.open_report(story.account.actor, story.report, now=NOW)
    assert (report.report.state, report.report.case, report.brought) == ("waiting", None, None)
    # It can be brought in again, once.
    assert story.send().status_code == 302
    with pytest.raises(ChangedMeanwhile):
        bring(story)


def bring(story: Story, **more: object) -> None:
    asked = {"seen": version(story.account, story.report), "version": None} | more
    actions.bring_in(
        story.account.actor,
        story.report,
        story.case,
        Choices(),
        now=NOW,
        **asked,  # type: ignore[arg-type]
    )


def test_what_was_changed_since_is_not_thrown_away(story: Story) -> None:
    story.send()
    opened = cases.read_case(story.account.actor, story.case, now=NOW)
    lena, *others = opened.case.persons
    changed = replace(opened.case, persons=(replace(lena, pronouns="she"), *others))
    cases.save_case(story.account.actor, opened, changed, now=NOW)
    answer = story.client.post(f"/reports/{story.report}/out")
    assert answer.status_code == 409
    assert "somebody else changed the same records" in text_of(answer)
    assert story.read().persons[0].pronouns == "she"
    assert intake.open_report(story.account.actor, story.report, now=NOW).report.state == "taken"


def test_another_record_is_shown_before_it_is_brought_in(story: Story) -> None:
    answer = story.send(**{"as-person:1": ""})
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Compared anew" in page
    # Somebody else was arrested then: that is another arrest, and nothing differs.
    assert "Where they differ 1" not in page
    assert len(story.read().persons) == 1
    assert story.send_again(answer).status_code == 302
    assert len(story.read().persons) == 3
    assert [each.sources for each in story.claims("e1")] == [("source:report",)]


def test_nothing_is_saved_when_somebody_decided_or_changed_the_case_meanwhile(story: Story) -> None:
    with pytest.raises(ChangedMeanwhile):
        bring(story, seen=1)
    opened = cases.read_case(story.account.actor, story.case, now=NOW)
    event = opened.case.get_record("e1", Event)
    moved = tuple(replace(each, place=None) if each is event else each for each in opened.case.events)
    claims = tuple(replace(each, analyst="tomas") for each in opened.case.claims)
    cases.save_case(story.account.actor, opened, replace(opened.case, events=moved, claims=claims), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        bring(story, version=opened.version)
    assert intake.open_report(story.account.actor, story.report, now=NOW).report.state == "waiting"


def test_what_nobody_confirmed_and_what_no_page_asked_is_not_brought_in(story: Story, tomas: NewAccount) -> None:
    empty = received(tomas, "Здравствуйте.", "Orla Venn")
    with pytest.raises(BadRequest):
        actions.bring_in(tomas.actor, empty, story.case, Choices(), seen=version(tomas, empty), version=None, now=NOW)
    with pytest.raises(BadRequest):
        actions.bring_in(
            tomas.actor,
            story.report,
            story.case,
            Choices(source="source:nobody"),
            seen=version(tomas, story.report),
            version=None,
            now=NOW,
        )
    assert story.send(person="x").status_code == 400


def test_facts_of_which_the_text_is_not_sure_are_shown_beside_the_case_before_they_stay_behind(
    story: Story, tomas: NewAccount
) -> None:
    report = received(tomas, DOUBTFUL, "Orla Venn")
    doubtful = facts_left_behind(intake.open_report(tomas.actor, report, now=NOW))
    confirm_all(tomas, report)
    at = f"/reports/{report}/into/{story.case}"
    assert "stays behind" not in text_of(story.client.get(at))
    first = doubtful[0].key
    intake.decide(tomas.actor, report, [first], "open", seen=version(tomas, report), now=NOW)
    page = html.fromstring(story.client.get(at).content)
    assert "The text is not sure of 1 fact that nobody decided. It stays behind:" in text_of(page)
    assert page.xpath("//div[@class='behind']//a/@href") == [f"/reports/{report}#{first}"]


def test_only_who_may_change_the_case_sees_it_beside_a_report(story: Story, hire: Hire) -> None:
    other = hire("mara", "case_lead")
    with pytest.raises(NotAllowed):
        actions.open_beside(other.actor, story.report, story.case, now=NOW)
    there, nowhere = (
        signed_in(other).get(f"/reports/{story.report}/into/{case}") for case in (story.case, UUID(int=7))
    )
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert text_of(there) == text_of(nowhere)


def test_the_page_asks_no_more_questions_for_more_facts_and_records(story: Story) -> None:
    counts = [queries_of(story), queries_of(story)]
    opened = cases.read_case(story.account.actor, story.case, now=NOW)
    one = opened.case.get_record("e1", Event)
    more = tuple(replace(one, id=f"e:more-{at}", victims=(), act_type=None, kind="context") for at in range(40))
    cases.save_case(story.account.actor, opened, replace(opened.case, events=(*opened.case.events, *more)), now=NOW)
    for at in range(3):
        add(story.account, story.report, "person", "Павла", {"name": f"Somebody {at}"})
    counts.append(queries_of(story))
    assert counts[1] == counts[2] <= 40, counts


def queries_of(story: Story) -> int:
    """Count the questions to both databases that the page asks."""
    with CaptureQueriesContext(connections["default"]) as data, CaptureQueriesContext(connections["keys"]) as keys:
        story.page()
    return len(data) + len(keys)


def test_of_two_claims_side_by_side_the_other_one_is_put_in_force_and_back_again(story: Story) -> None:
    story.send()
    case = story.read()
    event = case.get_record("e1", Event)
    _, before, other = story.claims(event.id)
    assert said(event.t) == before.value
    opened = cases.read_case(story.account.actor, story.case, now=NOW)
    at = f"/cases/{story.case}/records/{rows_by_id(opened)[event.id]}"
    for claim, left in ((other, before), (before, other)):
        page = html.fromstring(story.client.get(at).content)
        (button,) = page.xpath("//form[contains(@action, '/force')]//button")
        # What is in force already has no button.
        assert button.get("value") == claim.id
        (seen,) = page.xpath("//form[contains(@action, '/force')]/input[@name='seen']/@value")
        assert story.client.post(f"{at}/force", {"claim": claim.id, "seen": seen}).status_code == 302
        now = story.read()
        assert said(now.get_record(event.id, Event).t) == claim.value
        assert now.get_record(left.id, Claim).status == "superseded"
        assert now.get_record(claim.id, Claim).status != "superseded"
        # Whoever still looks at the page as it was changes nothing.
        assert story.client.post(f"{at}/force", {"claim": left.id, "seen": seen}).status_code != 302
    for wrong in ("claim:nothing", case.claims[0].id):
        newest = str(cases.read_case(story.account.actor, story.case, now=NOW).version)
        assert story.client.post(f"{at}/force", {"claim": wrong, "seen": newest}).status_code == 400
