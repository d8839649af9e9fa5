"""An appeal through the pages alone: drafted, changed, waived, reviewed, approved, published."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from lxml import html

from desk import client_of
from desk_of_appeals import Office
from people import NOW, just_confirmed
from tocsin.accounts.actor import DEMONSTRATION, Actor
from tocsin.appeals import actions, archiving, clearing, copies, releasing
from tocsin.appeals.actions import Writing
from tocsin.appeals.models import CopyRequest
from tocsin.appeals.tables import gates
from tocsin.casework import actions as casework
from tocsin.core.publication import Disavowal
from tocsin.core.records import LifeStatus, RiskAssessment
from tocsin.publishing import pages, queries
from tocsin.publishing.models import Publication, PublishedRetraction, SignatoryKey
from tocsin.vault.queries import list_grants

pytestmark = pytest.mark.usefixtures("frozen")


@dataclass
class Seat:
    """Somebody at the desk, who sends the forms that stand on the page of an appeal."""

    client: Client
    at: str

    def read(self, query: str = "") -> str:
        page = self.client.get(self.at + query)
        assert page.status_code == 200, page.content
        return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())

    def send(self, form: str, page: str = "", *, status: int = 302, **fields: str) -> HttpResponse:
        """Send a form of the page whose address ends so, and that holds the fields that are named."""
        tree = html.fromstring(self.client.get(self.at + page).content)
        found = [
            each
            for each in tree.xpath("//form[@method='post']")
            if (each.get("action") or self.at + page).endswith(form)
            and all(each.xpath(f".//*[@name='{name}']") for name in fields)
            and all(
                each.xpath(f".//input[@name='{n}' and @type='hidden']")[0].get("value") == v
                for n, v in fields.items()
                if each.xpath(f".//input[@name='{n}' and @type='hidden']")
            )
        ]
        assert found, f"no form {form} with {sorted(fields)}"
        sent = {each.get("name"): each.get("value", "") for each in found[0].xpath(".//input[@type='hidden']")}
        sent.pop("csrfmiddlewaretoken", None)
        answer = self.client.post(found[0].get("action") or self.at + page, sent | fields)
        assert answer.status_code == status, " ".join(html.fromstring(answer.content).itertext())
        return answer


def seat(actor: Actor, at: str) -> Seat:
    return Seat(client_of(actor, DEMONSTRATION), at)


def stands_in_case(office: Office) -> str:
    """Give what the page of the case says of its appeals."""
    page = client_of(office.lead, DEMONSTRATION).get(f"/cases/{office.case}").content.decode()
    now = page.partition('aria-labelledby="now"')[2].partition("</section>")[0]
    return now.partition("<dt>Appeals</dt>")[2].partition("</div>")[0]


def test_an_appeal_goes_its_whole_way_through_the_pages(office: Office) -> None:
    list_page = f"/cases/{office.case}/appeals"
    assert stands_in_case(office) == ""
    made = seat(office.lead, list_page).send("/new", language="en")
    at = made.headers["Location"]
    stands = stands_in_case(office)
    assert f'<a href="{at}">An appeal without a code yet</a>' in stands
    assert "<strong>draft</strong>" in stands
    lead = seat(office.lead, at)
    french = lead.client.get(at, HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Les réseaux sociaux sont le seul moyen de joindre" in french
    assert "has no channel but social media" not in french
    for rule in ("ADR-05", "ADR-08"):
        seat(office.lawyer, at).send("/waive", rule=rule, reason="there is no other", until="2026-12-01")
    assert "no PDF" not in lead.read()
    lead.send("/text", "?change=title", words="扎尔瓦尼亚")
    assert "There will be no PDF of this edition: this program has no face for all of its letters." in lead.read()
    lead.send("/text", "?change=title", words="Zarvania: Attack against Davit Anhalt and arrest of Mirela Tosk")
    assert "Attack against Davit Anhalt and arrest" in lead.read()
    assert "Attack against Davit Anhalt and arrest of Mirela Tosk" in lead.client.get(list_page).content.decode()
    lead.send("/submit")
    assert "waits for you: facts" in seat(office.reviewer, "/appeals").read()
    assert "waits for you: law" in seat(office.lawyer, "/appeals").read()
    assert "waits for you: law" in seat(office.lawyer, at).read()
    assert 'href="#gate-law"' in seat(office.lawyer, at).client.get(at).content.decode()
    assert "waits for you" not in lead.read(), "she wrote it"
    listed = Seat(lead.client, "/appeals").read()
    assert "Attack against Davit Anhalt" in listed
    assert "waits for you" not in listed, "she wrote it"
    for gate in ("facts", "consent", "security", "language"):
        seat(office.reviewer, at).send("/clear", gate=gate, answer="passed", words="")
    seat(office.lawyer, at).send("/clear", gate="law", answer="passed", words="")
    assert "your approval" in seat(office.first, "/appeals").read()
    for approver in (office.first, office.second):
        assert "Another approver has to agree." not in seat(approver, at).read()
        seat(approver, at).send("/final", "/final")
        assert "Approve with my key" not in seat(approver, at).read("/final"), "she has"
    assert not Publication.objects.exists()
    seat(office.first, at).send("/release")
    assert Publication.objects.get().code == "XZV 001 / 1126 / OBS 001"
    shown = lead.read()
    assert "published" in shown
    assert "does not count" not in shown
    assert "Its public page What became of it its signatures are right" in shown
    address = f"{settings.SITE.publishing_address}appeals/xzv-001-1126-obs-001/"
    assert f'href="{address}"' in lead.client.get(at).content.decode()
    corrected_and_taken_back(office, lead)
    SignatoryKey.objects.all().delete()
    queries.forget()
    assert "not what two people signed" in lead.read()


def waits(seat: Seat) -> str:
    """Give for whom the page says that an appeal waits, beside who looks."""
    page = html.fromstring(seat.client.get(seat.at).content)
    return " · ".join(
        " ".join(each.text_content().split()) for each in page.xpath("//p[strong='waits for others:']/span")
    )


def test_its_page_says_whom_an_appeal_waits_for_and_what_nobody_can_do(office: Office) -> None:
    key = office.draft()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    assert "waits for others" not in seat(office.lead, at).read()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    everybody = "facts – Ines · law – Noor · consent – Ines · security – Ada, Bo, Ines · language – Ines, Luc"
    assert waits(seat(office.lead, at)) == everybody
    assert waits(seat(office.lawyer, at)) == everybody.replace("law – Noor · ", ""), "her own gate waits for her"
    nobody = "Nobody else who may do this, and did not write in it, has access to the case:"
    assert nobody not in seat(office.lead, at).read()
    (grant,) = list_grants(NOW, case=office.case, holder=office.lawyer.id)
    casework.end_access(just_confirmed(office.lead, NOW), grant.id, reason="done", now=NOW)
    assert f"{nobody} law . Who has access" in seat(office.lead, at).read()
    end = NOW + timedelta(days=9)
    lead = just_confirmed(office.lead, NOW)
    casework.give_access(lead, office.case, "facts", office.lawyer.id, reason="r", ends_at=end, now=NOW)
    for gate in gates():
        by = office.lawyer if gate == "law" else office.reviewer
        clearing.clear(by, key, gate, seen=office.version(key), now=NOW)
    assert waits(seat(office.lead, at)) == "approval – Ada, Bo"
    releasing.approve(just_confirmed(office.first, NOW), key, seen=office.version(key), now=NOW)
    assert waits(seat(office.lead, at)) == "approval – Bo"
    assert "waits for others" not in seat(office.second, at).read(), "one is enough, and it is she"
    releasing.approve(just_confirmed(office.second, NOW), key, seen=office.version(key), now=NOW)
    assert waits(seat(office.lead, at)) == "to be published – Ada, Bo"
    assert "waits for others" not in seat(office.first, at).read()


def test_who_takes_an_edition_out_comes_back_to_the_page_of_the_appeal(office: Office) -> None:
    key = office.draft()
    here = seat(office.translator, f"/cases/{key.case}/appeals/{key.appeal}")
    here.send("/edition", edition="fr", act="add")
    answer = here.send("/edition", "?edition=fr", edition="fr", act="out")
    assert here.client.get(answer.headers["Location"]).status_code == 200
    assert "French" not in here.read().partition("Another language")[0]


def corrected_and_taken_back(office: Office, lead: Seat) -> None:
    """Begin a correction, give it up, and take back what is published."""
    at = lead.at
    lead.send("/correct", note="The title names both.")
    assert "From version 1 to version 2" in lead.read("/versions?from=1&to=2")
    seat(office.translator, at).send("/edition", edition="fr", act="add")
    since = seat(office.first, at).read("/final").partition("about which you signed")[2]
    assert "What readers are told that it changes The title names both." in since
    assert "French This edition was added." in since
    seat(office.first, at).send("/recall", note="withdrawn", act="ask")
    seat(office.second, at).send("/recall", act="leave")
    assert "say why it is given up" in lead.send("/abandon", status=400).content.decode().lower()
    lead.send("/abandon", reason="mistake")
    seat(office.first, at).send("/recall", note="withdrawn", act="ask")
    assert "withdrawn" in seat(office.second, at).read()
    seat(office.second, at).send("/recall", act="agree")
    assert "retracted" in lead.read()
    assert "not what two people signed" not in lead.read()


def test_a_text_names_a_claim_as_one_and_no_two_of_its_records_in_the_same_words(office: Office) -> None:
    key = office.draft()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    page = html.fromstring(seat(office.lead, at).client.get(at).content)
    lists = page.xpath('//div[@class="passage"]//ul')
    beside = [[" ".join(each.text_content().split()) for each in rows.xpath("./li")] for rows in lists]
    assert any(words.startswith("Claim: ") for rows in beside for words in rows)
    assert [rows for rows in beside if len(rows) != len(set(rows))] == []


def test_an_approver_is_shown_what_changed_since_she_last_saw_it_signed_or_not(office: Office) -> None:
    key = office.draft()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    lead, first, second = seat(office.lead, at), seat(office.first, at), seat(office.second, at)
    assert "What changed since" not in first.read("/final"), "she never saw it before"
    seen = office.version(key)
    lead.send("/text", "?change=title", words="Zarvania: Mirela Tosk arrested")
    lead.send("/text", "?change=title", words="Zarvania: Mirela Tosk arrested again")
    for _ in range(2):
        since = first.read("/final").partition(f"What changed since version {seen}, which you saw here before")[2]
        assert "arrested again" in since, "to look twice changes nothing"
    second.client.head(f"{at}/final")
    assert "What changed since" not in second.read("/final"), "who looks is one, and what a browser fetches ahead none"
    office.submit_and_clear(key)
    releasing.approve(just_confirmed(office.first, NOW), key, seen=office.version(key), now=NOW)
    signed = office.version(key)
    warned = "To save takes it out of review"
    assert warned in lead.read("?change=title")
    lead.send("/text", "?change=title", words="Zarvania: Mirela Tosk freed")
    assert warned not in lead.read("?change=title"), "it is a draft again"
    assert f"What changed since version {signed}, about which you signed" in first.read("/final")
    lead.send("/text", "?change=title", words="Zarvania: Mirela Tosk freed at last")
    assert f"What changed since version {signed + 1}, which you saw here before" in first.read("/final")


def test_copies_elsewhere_of_a_withdrawn_appeal_are_listed_with_words_to_write_and_who_was_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = office.approved()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    lead, first, second = seat(office.lead, at), seat(office.first, at), seat(office.second, at)
    first.send("/release")
    assert "Copies elsewhere" not in lead.read(), "it stands"
    asked = {"kind": "archive", "whom": "Quiet Archive, desk@archive.example"}
    assert lead.client.post(f"{at}/copies", asked).status_code == 400
    with monkeypatch.context() as patch:
        patch.setattr(copies, "find_gone", lambda slug: Disavowal("0" * 32, NOW, (), ()))
        page = lead.read()
        assert "An appeal stood on our site under the code XZV 001 / 1126 / OBS 001. It is void" in page
        assert ("withdrew it on" in page, "Note that they were asked" in page) == (False, True)
    slug = "xzv-001-1126-obs-001"
    first.send("/recall", note="withdrawn", act="ask")
    second.send("/recall", act="agree")
    page = lead.read()
    address = f"{settings.SITE.publishing_address}appeals/{slug}/en."
    assert [form for form in ("html", *pages.FORMS) if f"{address}{form} " not in page] == []
    for other in (
        f"appeals/{slug}/proof.json",
        f"appeals/{slug}/cap.xml",
        f"api/1/appeals/{slug}.json",
        f"ar/act/{slug}",
    ):
        assert f"{settings.SITE.publishing_address}{other}" in page
    assert "We published the appeal XZV 001 / 1126 / OBS 001 and withdrew it on" in page
    section = html.fromstring(lead.client.get(at).content).xpath("//section[@aria-labelledby='copies']")[0]
    assert "Anhalt" not in "".join(section.itertext())
    assert "Nobody was asked yet." in page
    assert lead.client.post(f"{at}/copies", {**asked, "whom": " "}).status_code == 400
    assert lead.client.post(f"{at}/copies", {**asked, "kind": "else"}).status_code == 400
    lead.send("/copies", **asked)
    assert "Quiet Archive, desk@archive.example a web archive" in lead.read()
    row = CopyRequest.objects.get()
    assert (row.by, b"Quiet" in bytes(row.sealed)) == (office.lead.id, False)
    assert "Note that they were asked" not in first.read(), "she may not"
    assert first.client.post(f"{at}/copies", asked).status_code == 404


def test_an_hour_before_which_nobody_sees_an_appeal_is_set_and_said_on_its_pages(office: Office) -> None:
    key = office.draft()
    at = f"/cases/{key.case}/appeals/{key.appeal}"
    lead, first = seat(office.lead, at), seat(office.first, at)
    assert "this hour is over" in lead.send("/day", status=400, on="2026-11-25", hour="00:01").content.decode()
    lead.send("/day", on="2026-11-28", hour="09:30")
    assert 'value="09:30"' in lead.client.get(at).content.decode()
    office.submit_and_clear(key)
    assert re.search(r"nobody sees it before \S* ?\S* ?28", first.read("/final"))
    office.approve(key)
    assert "The public site shows it by itself from this hour on" in first.read()
    first.send("/release")
    assert "shows from" in lead.read()
    assert "What became of it" not in lead.read()


@pytest.mark.database("sqlite")
def test_who_cannot_be_asked_is_named_by_two_people_who_say_who_was_consulted(office: Office) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    gone = LifeStatus(value="disappeared", as_of=NOW.date())
    consents = tuple(replace(each, state="unobtainable_justified", answers=()) for each in opened.case.consents)
    people = tuple(
        replace(each, statuses=(gone,), identity_in_public="full_name") if each.consent else each
        for each in opened.case.persons
    )
    risk = RiskAssessment(id="risk:late", exposed=tuple(each.id for each in people if each.consent), level="extreme")
    in_haste = replace(opened.case, persons=people, consents=consents, risks=(*opened.case.risks, risk))
    opened = casework.save_case(office.lead, opened, in_haste, now=NOW)
    key = office.draft()
    assert office.standing(key, "CON-01") == []
    assert office.standing(key, "CON-12"), "no day is set on which somebody looks again"
    looks_again = replace(in_haste.appeal, review_on=NOW.date() + timedelta(days=2))
    casework.save_case(office.lead, opened, in_haste.with_plan(looks_again), now=NOW)
    assert office.standing(key, "CON-12") == []
    lawyer = seat(office.lawyer, f"/cases/{office.case}/appeals/{key.appeal}")
    until = NOW.date().isoformat()
    for named in office.standing(key, "CON-11"):
        said = {"rule": named.rule, "cause": named.cause, "reason": "her life", "until": until}
        assert lawyer.client.post(f"{lawyer.at}/waive", said).status_code == 400, "nobody is said to have been asked"
        lawyer.client.post(f"{lawyer.at}/waive", {**said, "consulted": "her sister, by telephone"})
    assert office.standing(key, "CON-11") == []
    assert "Who was consulted, or why nobody could be: her sister, by telephone" in lawyer.read()


@pytest.mark.database("sqlite")
def test_whoever_writes_an_appeal_is_told_that_its_page_is_too_heavy_and_why(office: Office) -> None:
    key = office.draft()
    lead = seat(office.lead, f"/cases/{office.case}/appeals/{key.appeal}")
    assert "would weigh" not in lead.read()
    long = " ".join(f"word{number:05}" for number in range(5500))
    writing = Writing("en", "sections[0].paragraphs[0]", long)
    actions.write_text(office.lead, key, writing, seen=office.version(key), now=NOW)
    assert re.search(r"would weigh (6|7)\d kB, \d\d kB compressed.* What it tells is (5|6)\d kB of it", lead.read())


def test_what_is_public_of_a_shredded_case_is_taken_back_by_two_on_their_screens_and_never_corrected(
    office: Office,
) -> None:
    code = office.release(office.approved())
    slug = queries.list_addresses(now=NOW)[0][0]
    at = f"/archived/{slug}"
    first, second = (client_of(each, DEMONSTRATION) for each in office.approvers())
    assert first.get(at).status_code == 404, "while its case is there, it is taken back on its page"
    assert code not in first.get("/archived").content.decode()
    casework.shred_case(office.lead, office.case, now=NOW)
    assert at in first.get("/archived").content.decode()
    assert first.post("/archived", {"code": code}).headers["Location"] == at
    words = {"note": "Withdrawn for the safety of a person.", "language": "en"}
    assert 'value="correct"' not in first.get(at).content.decode()
    there = archiving.find_without_case(code, now=NOW)
    texts = {f"text-{at}": each.words for at, each in enumerate(archiving.texts_of(there, "en"))}
    corrected = {**texts, "text-0": "Another title", "seen": "1", **words}
    assert first.post(at, {"act": "correct", **corrected}).status_code == 400
    asked = first.post(at, {"act": "withdraw", **words}).headers["Location"]
    assert first.post(asked, {"act": "agree", "seen": seen_in(first, asked)}).status_code == 400, "one is not two"
    assert not PublishedRetraction.objects.exists()
    second.post(asked, {"act": "agree", "seen": seen_in(second, asked)})
    assert PublishedRetraction.objects.get().code == code
    assert "Copies elsewhere" in second.get(at).content.decode()
    assert at not in second.get("/archived").content.decode()


def seen_in(client: Client, at: str) -> str:
    return re.findall(r'name="seen" value="([^"]*)"', client.get(at).content.decode())[0]
