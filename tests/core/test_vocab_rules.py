"""The rules for lists: what breaks one is refused, with the list and the code in the message."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.errors import BadVocabulary, TocsinError
from tocsin.core.vocab.lists import parse_frozen

HEADER = """
version = 1
owner = "Documentation desk"
description = "Fruit that a market stall sells."
"""
PROPERTIES = """
[properties]
sweet = "flag"
kin = "code"
origin = "text"
sayings = "texts"
"""
APPLE = """
[terms.apple]
labels.en = "Apple"
labels.fr = "Pomme"
"""
PEAR = """
[terms.green_pear]
labels.en = "Pear"
"""
FROZEN = frozenset({"apple", "green_pear"})


def parse(text: str, frozen: frozenset[str] = FROZEN) -> vocab.Vocabulary:
    return vocab.parse(text, name="fruit", frozen=frozen)


def test_a_list_that_keeps_the_rules_is_read_in_its_order() -> None:
    vocabulary = parse(HEADER + PEAR + APPLE)
    assert list(vocabulary) == ["green_pear", "apple"]
    assert vocabulary["apple"].labels == {"en": "Apple", "fr": "Pomme"}
    assert "plum" not in vocabulary


def test_a_term_may_use_every_key() -> None:
    more = """
crosswalks.huridocs = "4:010101000000"
attested = ["en", "fr"]
reviewed = ["fr"]
notes = "Not the tree."
default_release_class = "P"
retired_on = 2031-01-01
replaced_by = "green_pear"
sweet = true
kin = "green_pear"
origin = "Zarvania"
sayings.en = "One a day."
"""
    term = parse(HEADER + PROPERTIES + APPLE + more + PEAR)["apple"]
    assert term.crosswalks == {"huridocs": "4:010101000000"}
    assert term.attested == ("en", "fr")
    assert not term.is_draft("fr")
    assert term.notes == "Not the tree."
    assert term.default_release_class == "P"
    assert (term.retired_on, term.replaced_by) == (dt.date(2031, 1, 1), "green_pear")
    assert term.properties == {
        "sweet": True,
        "kin": "green_pear",
        "origin": "Zarvania",
        "sayings": {"en": "One a day."},
    }


def test_a_retired_term_is_offered_until_the_day_before_and_kept_for_ever() -> None:
    vocabulary = parse(HEADER + APPLE + "retired_on = 2031-01-01\n" + PEAR)
    assert len(vocabulary.offered(dt.date(2030, 12, 31))) == 2
    assert [term.code for term in vocabulary.offered(dt.date(2031, 1, 1))] == ["green_pear"]
    assert vocabulary["apple"].label("en").text == "Apple"


def test_a_retired_label_may_be_given_to_another_term() -> None:
    same = '[terms.green_pear]\nlabels.en = "Apple"\n'
    assert len(parse(HEADER + APPLE + "retired_on = 2031-01-01\n" + same)) == 2


REFUSED_HEADERS = {
    "no version": ('owner = "Desk"\ndescription = "Fruit."', "version"),
    "version zero": (HEADER.replace("= 1", "= 0"), "version"),
    "version not a number": (HEADER.replace("= 1", "= true"), "version"),
    "no owner": (HEADER.replace("owner", "#"), "owner is missing"),
    "empty description": (HEADER.replace("Fruit that a market stall sells.", ""), "description is missing"),
    "unknown key": (HEADER + 'colour = "red"\n', "unknown key 'colour'"),
    "unknown form of codes": (HEADER + 'codes = "camelCase"\n', "codes is none of"),
    "form of codes not a text": (HEADER + 'codes = ["digit"]\n', "codes is none of"),
    "properties not a table": (HEADER + "properties = 1\n", "properties is not a table"),
    "property with a key of terms": (HEADER + '[properties]\nlabels = "text"\n', "property 'labels'"),
    "property of unknown type": (HEADER + '[properties]\nsweet = "number"\n', "type of property 'sweet'"),
    "property of a type that is no text": (HEADER + "[properties]\nsweet = []\n", "type of property 'sweet'"),
}


@pytest.mark.parametrize(("header", "why"), REFUSED_HEADERS.values(), ids=REFUSED_HEADERS)
def test_a_bad_header_is_refused_with_the_name_of_the_list(header: str, why: str) -> None:
    with pytest.raises(BadVocabulary, match=f"^fruit: .*{why}"):
        parse(header + APPLE + PEAR)


@pytest.mark.parametrize("terms", ["", "terms = 3", "[terms]"])
def test_a_list_without_terms_is_refused(terms: str) -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit: .*terms"):
        parse(HEADER + terms)


REFUSED_LINES = {
    "unknown key": ('colour = "red"', "unknown key 'colour'"),
    "unknown keys are all named": ("a = 1\nb = 2", "unknown key 'a', 'b'"),
    "label not a text": ("labels.es = 3", "labels.es is not a text"),
    "label empty": ('labels.es = ""', "labels.es is not a text"),
    "label with white space": ('labels.es = "Manzana "', "labels.es .* white space"),
    "language tag in words": ('labels.spanish = "Manzana"', "'spanish' is not a language tag"),
    "language tag in the wrong case": ('labels.ES = "Manzana"', "'ES' is not a language tag"),
    "language tag with an underscore": ('labels.es_ES = "Manzana"', "'es_ES' is not a language tag"),
    "crosswalks not a table": ("crosswalks = 4", "crosswalks is not one code"),
    "crosswalk to an unknown scheme": ('crosswalks.colour = "4"', "unknown crosswalk 'colour'"),
    "HURIDOCS code too short": ('crosswalks.huridocs = "4:0101"', "crosswalks.huridocs"),
    "HURIDOCS code as a number": ("crosswalks.huridocs = 4", "crosswalks.huridocs"),
    "SDG category unknown": ('crosswalks.sdg = "theft"', "crosswalks.sdg"),
    "attested not a list": ('attested = "fr"', "attested is not a list"),
    "attested in a bad tag": ('attested = ["french"]', "attested is not a list of language tags"),
    "attested without a label": ('attested = ["es"]', "attested names 'es', which has no label"),
    "reviewed without a label": ('reviewed = ["ru"]', "reviewed names 'ru', which has no label"),
    "reviewed twice": ('reviewed = ["fr", "fr"]', "reviewed names a language twice"),
    "notes not a text": ("notes = true", "notes is not a text"),
    "release class unknown": ('default_release_class = "X"', "default_release_class is none of"),
    "retired on a moment": ("retired_on = 2031-01-01T00:00:00Z", "retired_on is not a date"),
    "retired on words": ('retired_on = "2031"', "retired_on is not a date"),
    "replaced but not retired": ('replaced_by = "green_pear"', "replaced_by stands without retired_on"),
    "replaced by itself": ('retired_on = 2031-01-01\nreplaced_by = "apple"', "names no other code"),
    "replaced by nothing known": ('retired_on = 2031-01-01\nreplaced_by = "plum"', "names no other code"),
    "flag not yes or no": ('sweet = "yes"', "sweet is not a flag"),
    "text not a text": ("origin = 4", "origin is not a text"),
    "texts in a bad language": ('sayings.english = "One a day."', "'english' is not a language tag"),
    "code that the list has not": ('kin = "plum"', "kin names a code"),
    "label of another term": ('labels.es = "X"\n[terms.green_pear]\nlabels.en = "apple"', "label of 'apple'"),
}


@pytest.mark.parametrize(("line", "why"), REFUSED_LINES.values(), ids=REFUSED_LINES)
def test_a_bad_entry_is_refused_with_the_list_and_the_code(line: str, why: str) -> None:
    rest = "" if "green_pear]" in line else PEAR
    with pytest.raises(BadVocabulary, match=rf"^fruit\.(apple|green_pear): .*{why}"):
        parse(HEADER + PROPERTIES + APPLE + line + "\n" + rest)


def test_a_missing_english_label_is_refused() -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit\.apple: the English label is missing"):
        parse(HEADER + '[terms.apple]\nlabels.fr = "Pomme"\n' + PEAR)


def test_labels_that_are_no_table_are_refused() -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit\.apple: labels is not one text a language"):
        parse(HEADER + '[terms.apple]\nlabels = "Apple"\n' + PEAR)


def test_an_entry_that_is_no_table_is_refused() -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit\.apple: the term is not a table"):
        parse(HEADER + "[terms]\napple = 3\n" + PEAR)


@pytest.mark.parametrize("twice", [APPLE, 'labels.en = "Apple tree"\n'])
def test_a_duplicate_is_refused_with_its_line(twice: str) -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit: .*does not parse: .*line \d+"):
        parse(HEADER + APPLE + twice)


@pytest.mark.parametrize(
    "code", ["Apple", "apple_", "_apple", "red__apple", "red-apple", "äpple", "2apples", '"red apple"']
)
def test_a_code_that_is_not_snake_case_is_refused(code: str) -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit\..*does not have the form"):
        parse(
            HEADER + f'[terms.{code if code.isascii() else repr(code)}]\nlabels.en = "Apple"\n',
            frozen=frozenset({code}),
        )


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("letter", "A", "a"),
        ("digit", "1", "10"),
        ("language_tag", "zh-Hans", "zh_hans"),
        ("language_tag", "pt-BR", "pt-br"),
    ],
)
def test_a_list_may_have_another_form_of_codes(form: str, good: str, bad: str) -> None:
    header = HEADER + f'codes = "{form}"\n'
    assert list(parse(f'{header}[terms.{good}]\nlabels.en = "X"\n', frozen=frozenset({good}))) == [good]
    with pytest.raises(BadVocabulary, match="does not have the form"):
        parse(f'{header}[terms.{bad}]\nlabels.en = "X"\n', frozen=frozenset({bad}))


def test_a_code_that_disappears_is_refused_and_the_message_says_how_to_retire_it() -> None:
    with pytest.raises(BadVocabulary, match=r"^fruit\.green_pear: .*renamed or removed \(.*retired_on"):
        parse(HEADER + APPLE)


def test_a_new_code_is_refused_until_it_is_frozen_and_the_message_gives_the_line() -> None:
    plum = '[terms.plum]\nlabels.en = "Plum"\n'
    with pytest.raises(BadVocabulary, match=r"^fruit\.plum: .*add the line 'fruit plum' to frozen_codes\.txt"):
        parse(HEADER + APPLE + PEAR + plum)
    assert "plum" in parse(HEADER + APPLE + PEAR + plum, frozen=FROZEN | {"plum"})


def test_frozen_codes_are_read_by_list() -> None:
    frozen = parse_frozen("# fruit\n\nfruit apple\nfruit pear\nnuts walnut\n")
    assert frozen == {"fruit": {"apple", "pear"}, "nuts": {"walnut"}}


@pytest.mark.parametrize("line", ["fruit", "fruit ", "fruit apple"])
def test_a_bad_line_of_frozen_codes_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(BadVocabulary, match=r"^frozen_codes\.txt, line 3: "):
        parse_frozen(f"# fruit\nfruit apple\n{line}\n")


def refusal(text: str) -> str | None:
    try:
        parse(text)
    except TocsinError as error:
        return str(error)
    return None


@given(st.text(max_size=200))
def test_no_text_of_a_list_raises_anything_but_our_error(text: str) -> None:
    for whole in (text, HEADER + APPLE + text):
        assert (refusal(whole) or "fruit").startswith("fruit")


VALUES = st.sampled_from(["1", "true", '"x"', "[]", "[1]", "{}", "{en = 1}", "2031-01-01", "1.5", '""'])
HEADER_KEYS = ("version", "owner", "description", "codes", "properties", "properties.sweet", "terms", "terms.apple")
TERM_KEYS = ("labels", "crosswalks", "attested", "reviewed", "notes", "retired_on", "replaced_by", "sweet")
KEYS = st.sampled_from([*HEADER_KEYS, *(f"terms.apple.{key}" for key in TERM_KEYS)])


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_value_in_the_wrong_place_raises_anything_but_our_error(lines: dict[str, str]) -> None:
    assert (refusal("\n".join(f"{key} = {value}" for key, value in lines.items())) or "").startswith("fruit")


@given(st.dictionaries(st.sampled_from(TERM_KEYS), VALUES, max_size=4))
def test_no_value_in_the_wrong_place_of_a_term_raises_anything_but_our_error(lines: dict[str, str]) -> None:
    keys = "\n".join(f"{key} = {value}" for key, value in lines.items() if key != "labels")
    assert (refusal(HEADER + PROPERTIES + APPLE + keys + "\n" + PEAR) or "fruit").startswith("fruit")
