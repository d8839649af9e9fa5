"""One story told through the pages alone: a report, an arrest, a charge, demands, the release, a closed case."""

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from lxml import html

from desk import signed_in
from people import NOW
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.core.records import Case, Claim
from tocsin.intake import actions as intake
from tocsin.intake.actions import Incoming

pytestmark = pytest.mark.usefixtures("frozen")
REPORT = """\
I am writing about Lena Marosh, a lawyer in Velm, Zarvania. On 3 November 2026 the police arrested Ms. Marosh
at her office.
"""


class Desk:
    """A person at the desk who opens pages, fills what stands there, and sends it."""

    def __init__(self, account: NewAccount) -> None:
        self.account, self.client = account, signed_in(account)
        self.case = ""

    def read(self, at: str = "") -> str:
        page = self.client.get(f"{self.case}{at}")
        assert page.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())

    def send(self, at: str, form: str, **fields: object) -> HttpResponse:
        """Send the form of a page whose address ends so, with some fields filled."""
        page = html.fromstring(self.client.get(at).content)
        (found,) = page.xpath(f"//form[substring(@action, string-length(@action) - {len(form) - 1}) = '{form}']")
        sent = {each.get("name"): each.get("value", "") for each in found.xpath(".//input[@type='hidden']")}
        sent.pop("csrfmiddlewaretoken", None)
        answer = self.client.post(found.get("action"), sent | fields)
        assert answer.status_code == 302, " ".join(html.fromstring(answer.content).itertext())
        return answer

    def enter(self, at: str, value: str, on: str, **said: object) -> None:
        self.send(at, "/status", value=value, as_of=on, **said)


def test_from_arrest_to_release(tomas: NewAccount) -> None:
    desk = Desk(tomas)
    report = intake.receive(tomas.actor, Incoming(REPORT.encode(), source_type="family"), now=NOW)
    intake.understand(tomas.actor, report, now=NOW)
    at = f"/reports/{report}"
    for question in ("defender", "work"):
        version = intake.open_report(tomas.actor, report, now=NOW).report.version
        desk.client.post(f"{at}/answer", {"seen": version, "question": question, "answer": "yes"})
    opened = intake.open_report(tomas.actor, report, now=NOW)
    facts = [each.key for each in opened.facts]
    desk.client.post(f"{at}/decide", {"seen": opened.report.version, "fact": facts, "verdict": "confirmed"})
    desk.case = desk.send(at, "/case", country="FRA").headers["Location"]
    assert "Arbitrary arrest" in desk.read()

    desk.enter(f"{desk.case}/status", "verification", "2026-11-03")
    held = {"persons": ["person:1"], "source": "lawyer"}
    detention = desk.send(f"{desk.case}/add/detentions", "/detentions", **held).headers["Location"]
    desk.enter(detention, "in_police_custody", "2026-11-03")
    charged = {
        "kind": "criminal",
        "direction": "against_defender",
        "charges-0-label.en": "public insult",
        "source": "lawyer",
    }
    proceeding = desk.send(f"{desk.case}/add/proceedings", "/proceedings", **charged).headers["Location"]
    desk.enter(proceeding, "announced", "2026-11-04")
    demanded = {"types": ["release"], "beneficiaries": ["person:1"]}
    demand = desk.send(f"{desk.case}/add/demands", "/demands", **demanded).headers["Location"]
    desk.enter(demand, "issued", "2026-11-05", beneficiary="person:1")

    free = {"kind": "procedure", "procedure": "release", "t-0-when": "20 November 2026, about 14:00"}
    told = {"what.en": "She came home.", "concerns": ["person:1"], "source": "family"}
    desk.send(f"{desk.case}/add/events", "/events", **free, **told)
    claim = next(each for each in the_case(desk).claims if "family" in str(source_type(desk, each)))
    desk.enter(detention, "released", "2026-11-20")
    desk.enter(proceeding, "discontinued", "2026-11-21", confidence="reported_by_parties")
    desk.enter(demand, "met", "2026-11-20", beneficiary="person:1", claim=claim.id)
    rests_on = desk.client.get(proceeding.partition("#")[0]).content.decode()
    (first,) = set(re.findall(rf'href="({desk.case}/records/[0-9a-f-]+)"><?[^<]*Change', rests_on)[:1])
    desk.enter(first, "corroborated", "2026-11-22")
    desk.enter(f"{desk.case}/status", "active", "2026-11-22", reason="her lawyer and the court say the same")
    desk.enter(f"{desk.case}/status", "closed", "2026-11-25", reason="she is free", outcome="released")

    page = desk.read()
    for said in (
        "Closed as of Wed, 25 Nov 2026",
        "about 14:00 She came home. Release",
        "Released as of Fri, 20 Nov 2026",
        "Discontinued as of Sat, 21 Nov 2026",
        "Met as of Fri, 20 Nov 2026",
    ):
        assert said in page
    case = the_case(desk)
    detained = case.detentions[-1]
    assert [each.value for each in detained.history] == ["in_police_custody"]
    assert [each.value for each in case.statuses] == ["verification", "active", "closed"]
    assert {each.by for each in case.statuses} == {str(tomas.actor.id)}


def the_case(desk: Desk) -> Case:
    return actions.read_case(desk.account.actor, UUID(desk.case.rpartition("/")[2]), now=NOW).case


def source_type(desk: Desk, claim: Claim) -> list[str]:
    case = the_case(desk)
    return [each.type for each in case.sources if each.id in claim.sources]
