"""Directories of invented authorities, made by hypothesis: everything that a file of one can hold."""

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from tocsin.core import vocab
from tocsin.core.addressing import (
    RESULTS,
    Check,
    ContactPoint,
    Directory,
    Institution,
    Occupancy,
    Post,
    Style,
)
from tocsin.core.addressing.rows import in_order

TODAY = dt.date(2026, 11, 25)
_COUNTRIES = ("XZV", "XOS", "XBM")
_RESIDENCES = {"XZV": "XBM", "XOS": "BEL"}
# Letters of four scripts, and all that means something in a CSV file, a spreadsheet or JSON.
_SIGNS = "abzÉñЖяع文 ,;\"'=+-@＝＋－＠{}[]:\\/|#&<>\u200c0189"
keys = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
texts = st.text(_SIGNS, min_size=1, max_size=20).map(str.strip).filter(bool)
maybe_texts = st.just("") | texts
days = st.dates(dt.date(1990, 1, 1), TODAY)
languages = st.sampled_from(sorted(vocab.load("languages")))
_ADDRESSES = st.one_of(
    st.tuples(st.just("email"), st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)),
    st.tuples(st.just("twitter"), st.from_regex(r"@[A-Za-z0-9_]{1,12}", fullmatch=True)),
    st.tuples(st.just("phone"), st.from_regex(r"\+44207946[0-9]{4}", fullmatch=True)),
    st.tuples(st.just("web_form"), st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{1,5}", fullmatch=True)),
    st.tuples(st.just("post"), texts.map(lambda words: " ".join(words.split()))),
)


def codes(vocabulary: str) -> st.SearchStrategy[str]:
    return st.sampled_from(list(vocab.load(vocabulary)))


def some(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=3, unique=True).map(tuple)


names = st.dictionaries(languages, texts, min_size=1, max_size=3)
checks = st.builds(Check, on=days, result=st.sampled_from(RESULTS), source=maybe_texts)
all_checks = st.lists(checks, max_size=3).map(lambda made: tuple(sorted(set(made))))


@st.composite
def occupancies(draw: st.DrawFn) -> Occupancy:
    begins, ends = draw(st.none() | days), draw(st.none() | days)
    if begins and ends:
        begins, ends = sorted((begins, ends))
    return Occupancy(
        person=draw(texts),
        title=draw(maybe_texts),
        begins=begins,
        ends=ends,
        acting=draw(st.booleans()),
        source=draw(maybe_texts),
        checks=draw(all_checks),
    )


@st.composite
def contact_points(draw: st.DrawFn) -> ContactPoint:
    channel, address = draw(_ADDRESSES)
    return ContactPoint(
        type=channel,
        address=address,
        shown=draw(maybe_texts),
        language=draw(st.just("") | languages),
        until=draw(st.none() | days),
        source=draw(maybe_texts),
        checks=draw(all_checks),
    )


posts = st.builds(
    Post,
    key=keys,
    country=st.sampled_from(_COUNTRIES),
    office=codes("posts"),
    names=names,
    place=maybe_texts,
    demands=some(codes("demand_types")),
    topics=some(codes("defender_topics")),
    languages=some(languages),
    styles=st.dictionaries(languages, st.builds(Style, salutation=texts, closing=maybe_texts), max_size=2),
    occupancies=st.lists(occupancies(), max_size=3, unique_by=lambda each: each.part).map(in_order),
    contact_points=st.lists(contact_points(), max_size=3, unique_by=lambda each: each.part).map(tuple),
    until=st.none() | days,
    source=maybe_texts,
).map(lambda each: replace(each, residence=_RESIDENCES.get(each.country, "") if each.is_abroad else ""))
institutions = st.builds(
    Institution,
    key=keys,
    country=st.sampled_from(_COUNTRIES),
    kind=codes("organisation_kinds"),
    names=names,
    until=st.none() | days,
    source=maybe_texts,
)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Institutions, each a part of one before it or of none, and posts of one of them or of none."""
    bodies: dict[str, Institution] = {}
    for each in draw(st.lists(institutions, max_size=3, unique_by=lambda each: each.key)):
        bodies[each.key] = replace(each, part_of=draw(st.sampled_from(["", *bodies])))
    made = draw(st.lists(posts, max_size=3, unique_by=lambda each: each.key))
    return Directory(
        bodies, {each.key: replace(each, institution=draw(st.sampled_from(["", *bodies]))) for each in made}
    )
