"""From the key that a reader gave to her mailbox: signed where the organisation has one, encrypted, or not at all."""

from dataclasses import dataclass, replace

import pysequoia
import pytest
from mailroom import OPENER, SEALER, Mailroom

from tocsin.adapters.openpgp import PrivateKey
from tocsin.dispatch.asking import place_of_openpgp
from tocsin.dispatch.models import Delivery, Subscriber
from tocsin.dispatch.survey import Equipment

ORGANISATION = pysequoia.Tsk.generate(user_id="Harbour Network <appeals@harbour.example>")


@dataclass
class WithKey(Mailroom):
    """A mailroom of an organisation that has an OpenPGP key."""

    def equipment(self, port: int) -> Equipment:
        return replace(super().equipment(port), openpgp=PrivateKey(ORGANISATION), opener=OPENER)


def give_key(reader: Subscriber, armour: str) -> None:
    sealed = SEALER.seal(armour.encode(), place_of_openpgp(bytes(reader.fingerprint)))
    Subscriber.objects.filter(id=reader.id).update(openpgp=sealed)


@pytest.mark.database("sqlite")
def test_who_gave_a_key_gets_nothing_that_others_can_read(mailroom: Mailroom) -> None:
    room = WithKey(mailroom.press, mailroom.appeal, mailroom.folder)
    plain, hers, old = room.readers(3)
    mira = pysequoia.Tsk.generate(user_id="Mira Tosk <mira.tosk@reader.example>")
    give_key(hers, str(mira.extract_certificate()))
    give_key(old, "what was a key")
    room.send()
    room.work()
    ends = dict(Delivery.objects.values_list("subscriber", "state"))
    assert ends == {plain.id: "handed_over", hers.id: "handed_over", old.id: "failed"}
    assert Delivery.objects.get(subscriber=old.id).reason == "key"
    by_reader = {one.to[0]: one.content for one in room.script.taken}
    assert b"multipart/signed" in by_reader.pop("reader0@reader.example")
    sealed = by_reader.pop("reader1@reader.example")
    assert by_reader == {}
    assert b"\r\nSubject: [...]\r\n" in sealed
    armour = sealed[sealed.index(b"-----BEGIN PGP MESSAGE") :].partition(b"\r\n--=_")[0]
    opened = pysequoia.decrypt(armour, mira.decryptor(), lambda _: [ORGANISATION.extract_certificate()])
    assert opened.bytes is not None
    assert len(opened.valid_sigs) == 1
    assert b"\r\nHP-Outer: Subject: [...]\r\n" in opened.bytes
