"""What is signed is one row of bytes; who did not sign it, or signed something else, counts for nothing."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented_appeals import ENGLISH
from random_documents import documents
from signing import CODE, appeal, coded, is_signed, key_of, signatory, signed
from tocsin.core.appeal import Source, Text, from_json
from tocsin.core.errors import BadPublication, NewerPublication, NotSigned
from tocsin.core.publication import (
    Edition,
    LetterLanguages,
    Mission,
    PublicAppeal,
    Retraction,
    Salutation,
    Signature,
    Way,
    Words,
    canonical,
    canonical_bytes,
    edition_of,
    from_file,
    signatories_from_file,
    signatories_to_file,
    to_file,
    verify,
)
from tocsin.core.publication.copies import differences

KEYRING = (signatory("ana"), signatory("boris"), signatory("chiara"))
SEVEN = datetime(2026, 11, 26, 7, tzinfo=UTC)
ARCHIVED = replace(appeal(), archived_from=("0" * 64, "1" * 64))
MISSION = Mission("XBM", "embassy", (("en", "Embassy"),), "Port Asha", (Way("email", "a@b.example", "a@b.example"),))
READ = LetterLanguages("email", "a@b.example", ("ru", "fr"))
BEGINS = Salutation("email", "a@b.example", "fr", "Madame la Présidente,")
TAKEN_BACK = Retraction(CODE, SEVEN, (Words("en", "It was withdrawn at the wish of those concerned."),))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [None, True, "x"]}, '{"a":[null,true,"x"],"b":1}'),
        # The examples of RFC 8785, section 3.2.3, without its fractions: keys by UTF-16, not by code point.
        (
            dict.fromkeys(["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"], 0),
            '{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\U0001f600":0,"\ufb33":0}',
        ),
        ('\u20ac$\u000f\u000aA\'\u0042"\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\"/"'),
        ("\u2028\u007f\u200f", '"\u2028\u007f\u200f"'),
    ],
)
def test_a_value_is_written_in_the_form_of_rfc_8785(value: Any, written: str) -> None:
    assert canonical(value).decode() == written


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {1: 2}, b"x", "\ud800", {"\ud800": 1}, {1, 2}])
def test_what_can_be_written_in_two_ways_is_refused(value: Any) -> None:
    with pytest.raises(BadPublication):
        canonical(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_the_form_holds_the_value_and_is_its_own_form(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(documents(st.text(max_size=8)))
def test_an_edition_gives_back_its_document(document: Any) -> None:
    assert from_json(canonical_bytes(document)) == document


def test_two_signatories_are_named_and_one_is_not_enough() -> None:
    found = verify(signed(appeal()), KEYRING, is_signed)
    assert {each.label for each in found} == {"ana", "boris"}
    with pytest.raises(NotSigned):
        verify(signed(appeal(), by=["ana"]), KEYRING, is_signed)


def test_the_signatures_of_one_purpose_are_none_of_the_other() -> None:
    approved, archived = signed(appeal()), signed(ARCHIVED)
    assert len(verify(archived, KEYRING, is_signed)) == 2
    assert appeal().head() != ARCHIVED.head()
    for statement, other in ((approved, archived), (archived, approved)):
        with pytest.raises(NotSigned):
            verify(replace(statement, signatures=other.signatures), KEYRING, is_signed)
    assert ARCHIVED.message.startswith(b"tocsin archived appeal 1\0")


def test_an_archived_appeal_is_a_file_of_its_own_kind() -> None:
    written = to_file(signed(ARCHIVED))
    assert from_file(written) == signed(ARCHIVED)
    assert b'"schema":"tocsin/archived-appeal/1"' in written
    assert b"archived_from" not in to_file(signed(appeal())), "what was signed before stays as it was"
    for spoilt in (written.replace(b"archived-appeal", b"public-appeal"), written.replace(b"0" * 64, b"0" * 63)):
        with pytest.raises((BadPublication, NotSigned)):
            verify(from_file(spoilt), KEYRING, is_signed)
    empty = json.loads(written) | {"archived_from": []}
    with pytest.raises(BadPublication):
        from_file(json.dumps(empty))


def test_embassies_are_signed_with_their_appeal_and_what_had_none_stays_as_it_was() -> None:
    statement = signed(appeal(missions=(MISSION,)))
    written = to_file(statement)
    assert from_file(written) == statement
    assert len(verify(from_file(written), KEYRING, is_signed)) == 2
    assert b'"schema":"tocsin/public-appeal/2"' in written
    assert not re.search(b"missions|letter_languages", to_file(signed(appeal())))
    for spoilt in (
        written.replace(b"a@b.example", b"c@d.example"),
        written.replace(b"XBM", b"XOS"),
        written.replace(b"public-appeal/2", b"public-appeal/1"),
        json.dumps(json.loads(written) | {"missions": []}).encode(),
    ):
        with pytest.raises((BadPublication, NotSigned)):
            verify(from_file(spoilt), KEYRING, is_signed)


@pytest.mark.parametrize("missions", [(), (MISSION,)], ids=["", "with an embassy"])
def test_languages_of_letters_are_signed_with_their_appeal(missions: tuple[Mission, ...]) -> None:
    statement = signed(appeal(missions=missions, letter_languages=(READ,)))
    written = to_file(statement)
    assert from_file(written) == statement
    assert len(verify(from_file(written), KEYRING, is_signed)) == 2
    table = json.loads(written)
    assert table["schema"] == "tocsin/public-appeal/3"
    for changes in (
        {"letter_languages": []},
        {"letter_languages": [table["letter_languages"][0] | {"languages": ["fr"]}]},
        {"letter_languages": [table["letter_languages"][0] | {"value": "c@d.example"}]},
        {"schema": "tocsin/public-appeal/2"},
        {"missions": []},
    ):
        with pytest.raises((BadPublication, NotSigned)):
            verify(from_file(json.dumps(table | changes)), KEYRING, is_signed)


@pytest.mark.parametrize("beside", [{}, {"missions": (MISSION,), "letter_languages": (READ,)}], ids=["", "with more"])
def test_salutations_are_signed_with_their_appeal(beside: dict[str, Any]) -> None:
    statement = signed(appeal(salutations=(BEGINS,), **beside))
    written = to_file(statement)
    assert from_file(written) == statement
    assert len(verify(from_file(written), KEYRING, is_signed)) == 2
    table = json.loads(written)
    assert table["schema"] == "tocsin/public-appeal/4"
    for changes in (
        {"salutations": []},
        {"salutations": [table["salutations"][0] | {"words": "Monsieur le Président,"}]},
        {"salutations": [table["salutations"][0] | {"closing": "Salut,"}]},
        {"schema": "tocsin/public-appeal/3"},
        {"letter_languages": []},
    ):
        with pytest.raises((BadPublication, NotSigned)):
            verify(from_file(json.dumps(table | changes)), KEYRING, is_signed)


def spoilt() -> dict[str, Any]:
    empty = Signature(signatory("boris").id, b"")
    good, other = signed(appeal()), signed(appeal("XZV 001 / 1126 / OBS 002"))
    twice = replace(good, signatures=(good.signatures[0], good.signatures[0]))
    borrowed = replace(good, signatures=(good.signatures[0], replace(good.signatures[0], key=good.signatures[1].key)))
    return {
        "nobody": appeal(),
        "one key twice": twice,
        "one signature under two keys": borrowed,
        "signatures of another appeal": replace(good, signatures=other.signatures),
        "a stranger beside one signatory": signed(appeal(), by=["ana", "mallory"]),
        "signatures of the retraction of it": replace(good, signatures=signed(TAKEN_BACK).signatures),
        "a retraction with signatures of the appeal": replace(TAKEN_BACK, signatures=good.signatures),
        "a signature of no length": replace(good, signatures=(good.signatures[0], empty)),
    }


@pytest.mark.parametrize("name", spoilt())
def test_what_two_signatories_did_not_sign_is_not_genuine(name: str) -> None:
    with pytest.raises(NotSigned):
        verify(spoilt()[name], KEYRING, is_signed)


CHANGES: dict[str, Any] = {
    "version": {"version": 2, "note": (Words("en", "A date was wrong."),)},
    "embargo": {"not_before": SEVEN},
    "an edition less": {"editions": appeal().editions[1:]},
    "a word": {
        "editions": (*appeal().editions[:1], edition_of(replace(coded(ENGLISH, CODE), title=Text("Another word"))))
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_voids_the_signatures(name: str) -> None:
    changed = replace(signed(appeal()), **CHANGES[name])
    with pytest.raises(NotSigned):
        verify(changed, KEYRING, is_signed)


@given(st.data())
def test_one_bit_anywhere_in_a_file_voids_it(data: st.DataObject) -> None:
    content = bytearray(to_file(signed(appeal(documents=(ENGLISH,)))))
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << at % 8
    with pytest.raises(BadPublication):
        verify(from_file(bytes(content)), KEYRING, is_signed)


def test_a_key_that_was_taken_out_of_the_list_counts_no_more_and_a_retired_one_does() -> None:
    genuine = signed(appeal())
    with pytest.raises(NotSigned):
        verify(genuine, KEYRING[1:], is_signed)
    retired = [replace(each, retired_on=SEVEN.date()) for each in KEYRING]
    assert len(verify(genuine, retired, is_signed)) == 2


@pytest.mark.parametrize(
    "statement", [signed(appeal(not_before=SEVEN)), signed(TAKEN_BACK)], ids=["appeal", "retraction"]
)
def test_a_file_gives_back_its_statement(statement: Any) -> None:
    assert from_file(to_file(statement)) == statement
    verify(from_file(to_file(statement)), KEYRING, is_signed)


def test_a_list_of_keys_gives_back_its_keys_and_no_key_bears_the_id_of_another() -> None:
    written = signatories_to_file([*KEYRING, replace(signatory("dana"), retired_on=SEVEN.date())])
    assert signatories_to_file(signatories_from_file(written, is_signed)) == written
    hers, mallorys = (bytes(key_of(name).verify_key).hex().encode() for name in ("ana", "mallory"))
    assert hers in written
    with pytest.raises(BadPublication):
        signatories_from_file(written.replace(hers, mallorys), is_signed)


ILL: dict[str, Any] = {
    "no edition": lambda: PublicAppeal(CODE, "urgent_appeal", ()),
    "editions out of order": lambda: replace(appeal(), editions=appeal().editions[::-1]),
    "a language twice": lambda: replace(appeal(), editions=appeal().editions[:1] * 2),
    "another code": lambda: replace(appeal(), code="XZV 001 / 1126 / OBS 002"),
    "another kind": lambda: replace(appeal(), kind="closure", supersedes="XZV 001 / 1126 / OBS 000"),
    "a press release": lambda: replace(appeal(), kind="press_release"),
    "bytes that are not canonical": lambda: replace(
        appeal(), editions=(Edition("en", appeal().editions[1].content + b"\n"),)
    ),
    "a language that is not the document's": lambda: replace(
        appeal(), editions=(Edition("fr", appeal().editions[1].content),)
    ),
    "no document": lambda: replace(appeal(), editions=(Edition("en", b"{}"),)),
    "the text it was read from": lambda: replace(
        appeal(), editions=(edition_of(replace(coded(ENGLISH, CODE), source=Source("a report in confidence"))),)
    ),
    "a correction without a note": lambda: replace(appeal(), version=2),
    "a first version with a note": lambda: replace(appeal(), note=(Words("en", "It was wrong."),)),
    "a first appeal that follows another": lambda: replace(appeal(), supersedes="XZV 001 / 1126 / OBS 000"),
    "an archived appeal without a file for each edition": lambda: replace(appeal(), archived_from=("0" * 64,)),
    "an archived appeal with no digest": lambda: replace(appeal(), archived_from=("0" * 64, "no digest")),
    "an archived appeal with a note": lambda: replace(ARCHIVED, note=(Words("en", "It was wrong."),)),
    "an archived appeal under embargo": lambda: replace(ARCHIVED, not_before=SEVEN),
    "an archived appeal with an embassy": lambda: replace(ARCHIVED, missions=(MISSION,)),
    "an embassy twice": lambda: appeal(missions=(MISSION, MISSION)),
    "an embassy nowhere": lambda: appeal(missions=(replace(MISSION, residence=""),)),
    "an embassy without a name": lambda: appeal(missions=(replace(MISSION, names=()),)),
    "an embassy that nobody reaches": lambda: appeal(missions=(replace(MISSION, ways=()),)),
    "an embassy in two lines": lambda: appeal(missions=(replace(MISSION, place="a\nb"),)),
    "a ministry among the embassies": lambda: appeal(missions=(replace(MISSION, office="minister_justice"),)),
    "an archived appeal with languages of letters": lambda: replace(ARCHIVED, letter_languages=(READ,)),
    "languages of one way twice": lambda: appeal(letter_languages=(READ, READ)),
    "languages of letters that are none": lambda: appeal(letter_languages=(replace(READ, languages=()),)),
    "a language of letters twice": lambda: appeal(letter_languages=(replace(READ, languages=("fr", "fr")),)),
    "a language of letters that is no tag": lambda: appeal(letter_languages=(replace(READ, languages=("fr fr",)),)),
    "an archived appeal with a salutation": lambda: replace(ARCHIVED, salutations=(BEGINS,)),
    "a salutation twice": lambda: appeal(salutations=(BEGINS, replace(BEGINS, words="Madame,"))),
    "a salutation of no words": lambda: appeal(salutations=(replace(BEGINS, words=""),)),
    "a salutation in two lines": lambda: appeal(salutations=(replace(BEGINS, words="Madame,\nBcc: x"),)),
    "a closing in two lines": lambda: appeal(salutations=(replace(BEGINS, closing="a\nb"),)),
    "a salutation in no language": lambda: appeal(salutations=(replace(BEGINS, language="f r"),)),
    "languages of no way": lambda: appeal(letter_languages=(replace(READ, value=" "),)),
    "what follows itself": lambda: replace(ARCHIVED, supersedes=CODE),
    "a local time": lambda: replace(appeal(), not_before=datetime(2026, 11, 26, 7)),  # noqa: DTZ001
    "an empty note": lambda: replace(appeal(), version=2, note=(Words("en", " "),)),
    "a note twice": lambda: replace(TAKEN_BACK, note=(*TAKEN_BACK.note, *TAKEN_BACK.note)),
}


@pytest.mark.parametrize("name", ILL)
def test_no_statement_is_made_of(name: str) -> None:
    with pytest.raises(BadPublication):
        ILL[name]()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", BadPublication),
        (b"[]", BadPublication),
        (b"{}", BadPublication),
        (b'{"schema":"tocsin/public-appeal/1"}', BadPublication),
        (b'{"schema":"tocsin/public-appeal/2"}', BadPublication),
        (b'{"schema":"tocsin/public-appeal/3"}', BadPublication),
        (b'{"schema":"tocsin/public-appeal/4"}', BadPublication),
        (b'{"schema":"tocsin/public-appeal/5"}', NewerPublication),
        (b'{"schema":"tocsin/retraction/1","code":1,"retracted_at":"","note":[],"signatures":[]}', BadPublication),
        (b"[" * 100_000, BadPublication),
        # Written otherwise than we write it: one statement, one file.
        (to_file(TAKEN_BACK).replace(b"T07", b"t07", 1), BadPublication),
        (to_file(TAKEN_BACK).replace(b"+00:00", b"Z", 1), BadPublication),
        # Two readers could take one of the two each.
        (
            to_file(signed(TAKEN_BACK)).replace(b'{"code"', b'{"code":"XZV 009 / 1126 / OBS 009","code"', 1),
            BadPublication,
        ),
    ],
)
def test_a_file_that_is_no_statement_is_refused(content: bytes, error: type[BadPublication]) -> None:
    with pytest.raises(error):
        from_file(content, where="proof.json")


def test_a_copy_from_before_signs_were_spaced_is_one_and_other_words_are_not() -> None:
    signed_words = "Publié par\u00a0: Harbour. «\u00a0Libre\u00a0»\u00a0; où\u00a0? 12:30"
    assert differences("Publié par: Harbour. « Libre » ; où ? 12:30", signed_words) == ()
    assert [each.unsigned for each in differences("Publié par: Autre. « Libre »; où? 12: 30", signed_words)] == [
        "Autre.",
        "12: 30",
    ]
