"""From a case to a published appeal: drafted, mended, reviewed, approved by two, released through the hatch."""

import re
from uuid import uuid4

import pytest
from pytest_django import Settings

from desk import client_of
from desk_of_appeals import Office
from mailing_site import MAILINGS
from people import NOW
from tocsin.accounts.actor import DEMONSTRATION, Actor
from tocsin.appeals import clearing, mailing, store
from tocsin.appeals.tables import PUBLISHED
from tocsin.authorities import actions as authorities
from tocsin.core.publication import PublicAppeal, from_file, verify
from tocsin.dispatch.models import Subscriber
from tocsin.publishing import signatories
from tocsin.publishing.models import GivenCode, Publication
from tocsin.vault.keyring import is_signed

EMBASSIES = """what,key,country,code,place,name_en,residence,of,address,person,on,result,languages
post,xzv-port-asha,XZV,embassy,Port Asha,Embassy in Port Asha,XBM,,,,,,en
contact_point,,,email,,,,xzv-port-asha,asha@zarvania.example,,,,
check,,,email,,,,xzv-port-asha,asha@zarvania.example,,2026-11-20,ok,
contact_point,,,phone,,,,xzv-port-asha,+442079460123,,,,
check,,,phone,,,,xzv-port-asha,+442079460123,,2026-11-20,bounced,
post,xzv-paris,XZV,ambassador,Paris,Ambassador in Paris,FRA,,,,,,fr tr
occupancy,,,,,,,xzv-paris,,Leif Sorrano,,,
contact_point,,,email,,,,xzv-paris,paris@zarvania.example,,,,
check,,,email,,,,xzv-paris,paris@zarvania.example,,2026-11-20,ok,
post,xzv-rome,XZV,embassy,Rome,Embassy in Rome,ITA,,,,,,pt
contact_point,,,email,,,,xzv-rome,rome@zarvania.example,,,,
post,xbm-velm,XBM,embassy,Velm,Embassy of Belmara in Velm,XZV,,,,,,
contact_point,,,email,,,,xbm-velm,velm@belmara.example,,,,
check,,,email,,,,xbm-velm,velm@belmara.example,,2026-11-20,ok,
post,xzv-interior,XZV,minister_interior,,Minister of Internal Affairs,,,,,,,ru en
contact_point,,,email,,,,xzv-interior,reception@interior-zarvania.example,,,,
"""
STYLES = """what,of,language,salutation,closing
style,xzv-interior,fr,Madame la Ministre de l’Intérieur,
style,xzv-paris,en,"Dear Ambassador,","Yours respectfully,"
style,xzv-rome,es,"Señor Embajador:",
"""
CHANGED = """what,key,country,code,of,address,on,result
contact_point,,,email,xzv-rome,rome@zarvania.example,,
check,,,email,xzv-rome,rome@zarvania.example,2026-11-21,ok
"""
LATER = "what,of,language,salutation\nstyle,xzv-interior,fr,Monsieur le Ministre\n"


@pytest.mark.usefixtures("frozen")
def test_what_is_published_is_what_two_people_signed(office: Office, settings: Settings) -> None:
    key = office.cleared()
    approver, address = client_of(office.first, DEMONSTRATION), f"/cases/{office.case}/appeals/{key.appeal}/final"
    authorities.take_file(office.lead, EMBASSIES, now=NOW)
    authorities.take_file(office.lead, STYLES, now=NOW)
    # Given to review before the directory had any: the page says so, and that giving it again takes them along.
    before = approver.get(address).content.decode()
    assert 'id="no-missions"' in before
    told = " ".join(re.sub(r"<[^>]+>", " ", before).split())
    assert "the first approval gives out the next code XZV 001 / 1126 / OBS 001 unless another" in told
    assert not GivenCode.objects.exists(), "nothing was given out"
    named = told.partition("Who is named in it ")[2].partition(" To whom it writes")[0]
    assert named.startswith("Davit Anhalt Full name Consent: Given , until Sun, 14 Nov 2027")
    assert named.count("gets a public page of her own") == 2
    assert "Rhosyn" not in named, "only her family name is printed, as that of her brother"
    settings.TOCSIN_MAILINGS = MAILINGS
    for number, language in enumerate(("en", "en", "fr")):
        reader = {"id": uuid4(), "fingerprint": bytes([number]), "languages": f" {language} ", "state": "active"}
        Subscriber.objects.create(**reader, asked_at=NOW, address=b"")
    one = next(office.approvers())
    clearing.send_back_from_approval(one, key, seen=office.version(key), words="Embassies.", now=NOW)
    office.submit_and_clear(key)
    # What is reviewed stays as it is, whatever the directory learns meanwhile.
    authorities.take_file(office.lead, CHANGED, now=NOW)
    authorities.take_file(office.lead, LATER, now=NOW)
    final = approver.get(address).content.decode()
    assert 'id="no-missions"' not in final
    assert "asha@zarvania.example" in final
    assert 'id="letter-languages"' in final, "what is signed is shown"
    assert 'dir="auto">Madame la Ministre de l’Intérieur</bdi>' in final
    assert "Monsieur le Ministre" not in final
    assert "<span>Russian</span><span>English</span>" in final.replace("<bdi>", "").replace("</bdi>", "")
    assert "rome@zarvania.example" not in final
    assert "<span>English</span><span>2</span>" in final.replace("<bdi>", "").replace("</bdi>", "")
    # The screen breaks the lines.
    assert "requests your urgent intervention in the following situation in Zarvania." in final
    office.approve(key)
    assert not Publication.objects.exists()
    code = office.release(key)
    assert code == "XZV 001 / 1126 / OBS 001"
    published = Publication.objects.get()
    assert mailing.audience_of(published).by_language == {"en": 2}, "those that the approvers were shown"
    assert leads_on(address, f"/mailings/{published.id}", office.lead, one) == [False, True], "to who may mail it"
    appeal = from_file(bytes(published.statement))
    assert isinstance(appeal, PublicAppeal)
    assert appeal.code == code
    assert len(verify(appeal, signatories.in_office(), is_signed)) == 2
    (edition,) = appeal.editions
    assert edition.document.issued_on == NOW.date()
    assert [(each.residence, [way.value for way in each.ways]) for each in appeal.missions] == [
        ("FRA", ["paris@zarvania.example"]),
        ("XBM", ["asha@zarvania.example"]),
    ], "those of the country concerned alone, and only as somebody checked"
    assert [(each.value, each.languages) for each in appeal.letter_languages] == [
        ("asha@zarvania.example", ("en",)),
        ("paris@zarvania.example", ("fr", "tr")),
        ("reception@interior-zarvania.example", ("ru", "en")),
    ], "of those who are written to alone"
    assert [(each.value, each.language, each.words, each.closing) for each in appeal.salutations] == [
        ("paris@zarvania.example", "en", "Dear Ambassador,", "Yours respectfully,"),
        ("reception@interior-zarvania.example", "fr", "Madame la Ministre de l’Intérieur", ""),
    ], "of those who are written to alone, as the directory had them then"
    assert b"Sorrano" not in bytes(published.statement), "the office, and not who holds it"
    assert "Rhosyn" not in edition.content.decode(), "who did not agree to appear"
    assert store.get_row(key).state == PUBLISHED


def leads_on(at: str, to: str, *actors: Actor) -> list[bool]:
    """Tell of each actor whether the page of an appeal leads her to an address; `at` is that of its final text."""
    page = at.removesuffix("/final")
    return [to in client_of(each, DEMONSTRATION).get(page).content.decode() for each in actors]
