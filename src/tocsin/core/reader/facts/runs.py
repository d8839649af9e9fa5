"""Runs of capitalised words: the raw material of names."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from tocsin.core.reader.facts.acronyms import spelled_names
from tocsin.core.reader.facts.name_ends import (
    end_of_capitals,
    is_adjective,
    is_initial,
    linked,
    names_no_one,
    numbered,
    of_town,
    past_country,
    past_portfolios,
    small_tail,
    up_to_acronym,
)
from tocsin.core.reader.facts.name_signs import OPENING, acronym_behind, is_country, quoted_end, spells
from tocsin.core.reader.facts.name_starts import behind_lead
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit, Tokens, fold, within

Sort = Literal["person", "organisation", "place", "unknown"]
_TELLING_REACH = 4  # words between who was informed and of what
_LEADING_REACH = 4  # words between the beginning of what leads in a name and the name
_AREAS = frozenset({"city", "village", "district", "region", "building"})
_NAME_ARTICLES = frozenset({"la", "las", "los", "el", "le", "les"})
_NAMES_TOO = frozenset({"julio", "abril", "domingo"})  # as a month or a day they have no capital in Spanish
_RANK_OR_KIND = frozenset({"general"})
_PLURAL = frozenset({"los", "las", "les", "the"})
_AND, _LISTED, _NAMES_REACH = frozenset({",", "and", "et", "y", "e"}), 3, 16  # words


class Run(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) that look like a name.

    `start` is the first word with the titles that lead in; `sort` what the words by themselves show it to be;
    `place_kind` the kind of place; `parts` its folded words, which two mentions of a name have in common; `firmly` says
    that the word before leads to places alone ("in", unlike "of").
    """

    first: int
    last: int
    start: int
    sort: Sort
    title: str | None = None
    place_kind: str | None = None
    acronym: str | None = None
    parts: tuple[str, ...] = ()
    firmly: bool = False


def find_runs(passage: Passage, country_names: frozenset[str]) -> list[Run]:
    """Find the runs of a passage from left to right."""
    runs: list[Run] = []
    free, noun_first = 0, passage.words.noun_first
    for at in sorted(passage.capitals | passage.leading_nouns):
        if at < free:
            continue
        if noun_first and (body := behind_lead(passage, at)) is not None:
            free = body
            continue
        run = _run_at(passage, at, country_names)
        if run is None:
            free = past_country(passage, at, country_names) if at + 1 in passage.capitals else at
        else:
            runs.append(run)
            # The acronym in brackets behind a name is no other body.
            has_acronym = run.acronym is not None and acronym_behind(passage.tokens, run.last) == run.acronym
            free = run.last + 2 if has_acronym else run.last
    for first, last, acronym in spelled_names(passage, {run.last: run.first for run in runs if run.acronym}):
        within_it = [run for run in runs if run.start < last and run.last > first]
        is_place = any(hit.kind == "place" for hit in passage.names.get(first, ()))
        is_place = is_place or is_country(passage.tokens, first, last, country_names) or fold(acronym) in country_names
        if not is_place and all(run.title is None for run in within_it):
            spelled = Run(first, last, first, "organisation", acronym=acronym)
            behind = [run for run in runs if run.start > last + 1]  # the acronym in its brackets is no other body
            runs = [*(run for run in runs if run.last <= first), spelled, *behind]
    return list(_completed(passage, runs))


def _run_at(passage: Passage, at: int, country_names: frozenset[str]) -> Run | None:
    if at not in passage.capitals:
        return _named_run(passage, at) or _place_run(passage, at) if at in passage.leading_nouns else None
    title, first = _titles(passage, at) if at in passage.names else (None, at)
    if title is None:
        opens = passage.tokens.folded[at] in passage.words.function_words
        if not opens and (small := passage.small_title(at)) is not None:
            return Run(at, _end_of_person(passage, at), small.first, "person", small.value)
        if opens and at not in passage.names and end_of_capitals(passage, at) == at + 1:
            return None  # most capitals are only owed to the beginning of a sentence
    else:
        # "Le père de M. X" is no priest.
        of_kin = within(passage.kin, at, first) and GENITIVES.intersection(passage.tokens.folded[first : first + 1])
        first = _past_particles(passage, first)
        if of_kin or first not in passage.capitals:
            return None
        if _belongs_to_body(passage, at, first):
            first = at
        elif passage.tokens.folded[first] not in passage.words.function_words or is_initial(passage, first):
            return Run(first, _end_of_person(passage, first), at, "person", title)
    return _classified(passage, first, end_of_capitals(passage, first), country_names)


def _titles(passage: Passage, at: int) -> tuple[str | None, int]:
    """Read "H.E. Ms." before a name; give the last title and the word behind.

    Titles are capitalised: "Me" is one, "me" is not.
    """
    title = None
    while at in passage.names and passage.tokens.words[at][0].isupper():
        hit = next((hit for hit in passage.names[at] if hit.kind == "title"), None)
        if hit is None:
            break
        title, at = hit.value, hit.last
        if at < passage.tokens.count and passage.tokens.words[at] == ".":
            at += 1
    return title, at


def _belongs_to_body(passage: Passage, at: int, first: int) -> bool:
    """Tell the "General" of "the General Intelligence Service" from a rank, by the words of a body behind it."""
    words, tokens = passage.words, passage.tokens
    if first != at + 1 or tokens.folded[at] not in _RANK_OR_KIND:
        return False
    return tokens.folded[end_of_capitals(passage, first) - 1] in words.organisation_words


def _past_particles(passage: Passage, at: int) -> int:
    """Pass over the particles of "Sra. de la Vega"; the name is known by what follows them."""
    folded, particles = passage.tokens.folded, passage.words.particles
    end = at
    while (
        end < len(folded)
        and end - at < 3
        and (folded[end] in particles or folded[end] in {"de", "la", "las", "los"})
        and passage.tokens.words[end][0].islower()  # "Mr. Ben Ort" is called Ben
    ):
        end += 1
    return end if end < len(folded) and passage.tokens.words[end][0].isupper() else at


def _end_of_person(passage: Passage, first: int) -> int:
    """End a name behind a title at a word that is never part of one ("Ms. Lena Marosh Director")."""
    last = end_of_capitals(passage, first)
    folded, words = passage.tokens.folded, passage.words
    for at in range(first + 1, last):
        dated = any(word[0].isdecimal() for word in folded[at + 1 : at + 2])
        if folded[at] in words.calendar and not dated:
            continue  # "Ms. Ana May"
        if folded[at] in words.organisation_words or folded[at] in words.not_names:
            return at
    return last


def _classified(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> Run | None:
    words, tokens = passage.words, passage.tokens
    if names_no_one(passage, first, last, country_names):
        return None
    first = _trimmed(passage, first, last, country_names)
    while last > first and tokens.folded[last - 1] in words.calendar:
        last -= 1
    if first >= last:
        return None
    if not words.organisation_words.isdisjoint(tokens.folded[first:last]) or _spelled_out(passage, first, last):
        return _institution(passage, first, last, country_names)
    if is_country(tokens, first, last, country_names) or (
        last - first == 1 and tokens.folded[first] in words.not_names
    ):
        return None
    if _says_what(passage, first, last):
        return None
    last = _before_post(passage, first, last)
    place = _place_kind(passage, first, last)
    if place is not None:
        called = place[1] == last and any(hit.kind == "named" and hit.last == first for hit in _leading(passage, first))
        # "L'association Port Ouvert" is no harbour.
        sort: Sort = "organisation" if called else "place"
        end = of_town(passage, numbered(tokens, place[1]), place[0])
        return Run(first, end, first, sort, place_kind=None if called else place[0])
    word = tokens.words[first]
    is_acronym = last - first == 1 and _is_acronym(word)
    if is_acronym or (last - first > 1 and tokens.folded[last - 1] in words.closing_bodies):
        return Run(first, last, first, "organisation", acronym=word if is_acronym else None)
    quoted = quoted_end(tokens, last)
    if quoted is not None and last - first < 2:
        return Run(first, quoted, first, "organisation")
    named = last - first == 1 and passage.names_kin(first)
    sort = "person" if named else _sort_by_context(passage, first, last)
    return Run(first, last, first, sort, place_kind=_place_noun_before(passage, first) if sort == "place" else None)


def _before_post(passage: Passage, first: int, last: int) -> int:
    """Leave out what somebody is in a body: "VLC" + "Executive Director"."""
    posted = last - first > 1 and _is_acronym(passage.tokens.words[first]) and _says_what(passage, first + 1, last)
    return first + 1 if posted else last


def _is_acronym(word: str) -> bool:
    return word.isupper() and 2 <= len(word) <= 10


def _spelled_out(passage: Passage, first: int, last: int) -> str | None:
    """Give the acronym behind a name whose letters it is made of: that of a body, whatever the words of its name.

    Two letters may be those of a person whom a report names by them later on, unless words before tell.
    """
    tokens, words = passage.tokens, passage.words
    acronym = acronym_behind(tokens, last)
    if acronym is None or not spells(tokens, first, last, acronym):
        return None
    before = tokens.folded[first - 1] if first else ""
    return acronym if len(acronym) > 2 or before in words.belonging or before in ARTICLES else None


def _says_what(passage: Passage, first: int, last: int) -> bool:
    """Tell words that say what somebody is: "Secretary General" behind a name, "LIDERESA DESAPARECIDA" in a heading."""
    names = passage.names
    if first in names and any(hit.kind in {"role", "member"} and hit.last >= last for hit in names[first]):
        return True
    if last - first < 2 or not all(map(str.isupper, passage.tokens.words[first:last])):
        return False
    return any(hit.kind == "role" for hit in within(passage.name_hits, first, last))


def _has_heard(passage: Passage, last: int) -> bool:
    """Tell who publishes: "Front Line Defenders ha recibido información sobre …"; "was informed of" may be anybody."""
    tokens, words = passage.tokens, passage.words
    if not words.noun_first or last >= tokens.count or tokens.folded[last] not in words.grammar["have"]:
        return False
    return any(hit.value == "telling" for hit in within(passage.acts, last, last + _TELLING_REACH))


def _sort_by_context(passage: Passage, first: int, last: int) -> Sort:
    """Decide by the words before: "the company X", "members of X", "in X"."""
    tokens, words = passage.tokens, passage.words
    for hit in _leading(passage, first):
        if hit.kind == "named" and (hit.last == first or (hit.last == first - 1 and is_adjective(passage, first - 1))):
            return "organisation"  # "the company X", "la empresa maderera X"
        if hit.last == first and hit.kind == "place" and hit.value in _AREAS and words.noun_first:
            return "place"  # "la vereda El Platanal"
        gap = tokens.folded[hit.last : first]
        if (
            hit.kind == "member"
            and gap
            and len(gap) <= 2
            and gap[0] in words.belonging
            and words.function_words.issuperset(gap)
        ):
            return "organisation"
    if _has_heard(passage, last):
        return "organisation"
    before = tokens.folded[first - 1] if first else ""
    if before in words.locatives or (before in words.place_prepositions and _place_noun_before(passage, first)):
        return "place"
    if last - first == 1 and before in words.place_prepositions and not passage.starts_sentence(first):
        return "place"
    if before in OPENING and _goes_on_quoted(passage, first):
        return "organisation"
    if before in OPENING and last - first > 1 and first > 1 and tokens.folded[first - 2] in _PLURAL:
        return "organisation"  # "las “Águilas del Norte”"
    # "A" is a preposition, too, and "that" opens a clause: "said that X had been freed".
    article = before in ARTICLES - words.grammar["prepositions"] - words.grammar["clause"]
    named = last - first > 1 and article and tokens.words[first - 1][0].islower()
    return "organisation" if named else "unknown"


def _leading(passage: Passage, at: int) -> list[Hit]:
    """Give the phrases about names that begin within reach before a place."""
    names, leading = passage.names, []
    for first in range(at - _LEADING_REACH, at):
        if first in names:
            leading += names[first]
    return leading


def _place_noun_before(passage: Passage, at: int) -> str | None:
    """Give the kind of place that the words before a name say: "in the city of Velm", "the town of Velm"."""
    for hit in _leading(passage, at):
        if hit.kind == "place" and hit.last in (at, at - 1):
            # What stands in a town is no name of it: "at the headquarters in Velm".
            apart = hit.last < at and passage.tokens.folded[hit.last] in passage.words.locatives
            return None if apart else hit.value
    return None


def _trimmed(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> int:
    """Drop leading words that are capitalised only because a sentence begins, or that are never part of a name."""
    words, folded = passage.words, passage.tokens.folded
    if (last - first > 1 and _is_led_in(passage, first)) or _spelled_out(passage, first, last):
        return first  # "the newspaper New Dawn", "Rights Now (RN)"
    while first < last:
        word = folded[first]
        if len(word) == 1 and is_initial(passage, first):
            break
        if word not in words.function_words and word not in words.not_names and word not in country_names:
            break
        if word in _NAMES_TOO and last - first > 1 and folded[first + 1] not in words.calendar:
            break
        # "Los Ciervos", "La Hora": inside a sentence a capital article belongs to the name.
        inner = word in _NAME_ARTICLES and not passage.starts_sentence(first)
        named = word in words.organisation_words or inner  # "Frente de Vecinos" is a body, "frente a" is not
        article = word in words.function_words and not (named and last - first > 1)
        common = word in words.not_names and word not in words.organisation_words and word not in ARTICLES
        # Where adjectives follow, a country that leads in a name is one of its own: "Mauricio Pell", "Israel Soto".
        nationality = last - first > 1 and word in country_names and not words.noun_first
        inside = _in_organisation(passage, first, last) and not (common and _is_of_a_body(passage, first))
        if not (article or ((common or nationality) and not inside)):
            break
        if first in passage.names and any(hit.kind == "place" and hit.last > first + 1 for hit in passage.names[first]):
            break  # "Penal Colony No. 12"
        first += 1
    return first


def _is_of_a_body(passage: Passage, first: int) -> bool:
    """Tell whether a title begins with a noun that is no name and goes on with a body: "Disolución del Comité"."""
    behind, words = passage.tokens.folded[first + 1 : first + 3], passage.words
    return words.noun_first and behind[:1] == ["del"] and not words.organisation_words.isdisjoint(behind[1:])


def _is_led_in(passage: Passage, at: int) -> bool:
    """Tell whether the words before say that a name begins: "the newspaper", "members of"."""
    before = passage.tokens.folded[at - 1] if at else ""
    member = at - 1 if before in passage.words.belonging else None
    return any(
        (hit.kind == "named" and hit.last == at) or (hit.kind == "member" and hit.last == member)
        for hit in _leading(passage, at)
    )


def _in_organisation(passage: Passage, first: int, last: int) -> bool:
    """Tell whether a common noun is the first word of an organisation's name ("Human Rights Centre Veld")."""
    organisation = passage.words.organisation_words
    return not organisation.isdisjoint(passage.tokens.folded[first + 1 : last])


def _institution(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> Run | None:
    tokens = passage.tokens
    last = past_portfolios(passage, first, numbered(tokens, linked(passage, first, last, country_names)))
    if passage.words.noun_first and passage.tokens.folded[first] in passage.words.organisation_words:
        last = up_to_acronym(tokens, first, small_tail(passage, last, country_names))
    spelled = _spelled_out(passage, first, last)
    if spelled is not None:
        return Run(first, last, first, "organisation", acronym=spelled)
    if last - first == 1:
        quoted = quoted_end(tokens, last)
        if quoted is not None:
            return Run(first, quoted, first, "organisation")
        # "the Centre" by itself goes back to one named before; it never is a name of its own.
        return Run(first, last, first, "unknown")
    place = _place_kind(passage, first, last)
    if place is not None and place[0] != "court" and _is_place_first(passage, first, last, place[0]):
        return Run(first, place[1], first, "place", place_kind=place[0])
    last = quoted_end(tokens, last) or last
    return Run(first, last, first, "organisation", acronym=acronym_behind(tokens, last))


def _is_place_first(passage: Passage, first: int, last: int, kind: str) -> bool:
    """Tell whether the head of the name is a place: "Velm Police Station" is one, "River Assembly" is not.

    The head is the last noun in English, the first one in French and Spanish.
    """
    english = passage.words.language == "en"
    hits = within(passage.name_hits, first, last)
    places = [hit.last - 1 if english else hit.first for hit in hits if hit.value == kind]
    bodies = [at for at in range(first, last) if passage.tokens.folded[at] in passage.words.organisation_words]
    if not places or not bodies:
        return bool(places)
    return max(places) >= max(bodies) if english else min(places) <= min(bodies)


def _place_kind(passage: Passage, first: int, last: int) -> tuple[str, int] | None:
    """Find the word that makes the run a place, inside it ("Velm Central Prison") or just behind ("Velm district")."""
    near = within(passage.name_hits, first, last) if last - first > 1 else ()
    if near and (inside := [hit.value for hit in near if hit.kind == "place" and hit.last <= last]):
        return next((kind for kind in inside if kind not in {"city", "district", "region"}), inside[0]), last
    for hit in passage.names.get(last, ()):
        if hit.kind == "place" and passage.tokens.folded[hit.last - 1] not in passage.words.function_words:
            return hit.value, hit.last
    return None


def _named_run(passage: Passage, at: int) -> Run | None:
    """Read "coworking centre ‘Dawn’", "mouvement citoyen « Aube »": a common noun and a name in quotation marks."""
    for hit in passage.names.get(at, ()):
        if hit.kind == "named":
            quoted = quoted_end(passage.tokens, hit.last)
            if quoted is not None:
                return Run(hit.first, quoted, hit.first, "organisation")
            said = hit.last + 1
            quoted = quoted_end(passage.tokens, said) if passage.words.noun_first else None
            if quoted is not None and passage.tokens.folded[hit.last] not in passage.words.function_words:
                return Run(said + 1, quoted - 1, hit.first, "organisation")
    return None


def _goes_on_quoted(passage: Passage, first: int) -> bool:
    """Tell the second of "the organisations « Aube » and « Rive »"."""
    words, folded = passage.tokens.words, passage.tokens.folded
    listed = first > _LISTED and words[first - 1] in OPENING and folded[first - 2] in _AND
    named = listed and words[first - _LISTED] in OPENING.values()
    return named and any(hit.kind == "named" for hit in within(passage.name_hits, first - _NAMES_REACH, first))


def _place_run(passage: Passage, at: int) -> Run | None:
    """Read "prison de Mornec", "police department of Abay district": a building named after where it stands."""
    tokens, words = passage.tokens, passage.words
    links = words.belonging_links
    for hit in passage.names.get(at, ()):
        if hit.kind != "place" or hit.value in {"city", "village", "region"}:
            continue
        here = hit.last
        while here < tokens.count and here - hit.last < 3 and is_adjective(passage, here):
            here += 1
        linked = here
        while linked < tokens.count and linked - here < 2 and tokens.folded[linked] in links:
            linked += 1
        joined = linked > here or tokens.folded[hit.last - 1] in links
        if (
            joined
            and linked < tokens.count
            and tokens.words[linked][0].isupper()
            and tokens.folded[linked] not in words.calendar
        ):
            end = end_of_capitals(passage, linked)
            if not words.organisation_words.isdisjoint(tokens.folded[linked:end]) or tokens.words[linked].isupper():
                return None  # "the office of the Committee" is the committee's, not a place of its own
            kind = _place_kind(passage, linked, end)
            return Run(hit.first, kind[1] if kind else end, hit.first, "place", place_kind=hit.value)
    return None


def _completed(passage: Passage, runs: list[Run]) -> Iterator[Run]:
    """Give the runs their parts, and "Mses. A and B" and "Messrs. A, B and C" their title each."""
    shared: str | None = None
    previous: Run | None = None
    for run in runs:
        title = run.title
        if title is not None and title.endswith("(plural)"):
            title = shared = title.removesuffix(" (plural)")
        elif (
            title is None
            and shared is not None
            and previous is not None
            and continues_list(passage.tokens, previous, run)
        ):
            title = shared
        else:
            shared = None
        before_it, previous = previous, run
        sort: Sort = "person" if title is not None and run.sort in {"person", "unknown"} else run.sort
        if sort == "unknown" and before_it is not None and _says_where(passage, before_it, run):
            sort = "place"
        first, last = run.first, run.last
        parts = passage.tokens.folded[first:last]
        if not all(map(str.isalnum, parts)):
            parts = [word for word in parts if word[0].isalnum()]
        before = passage.tokens.folded[run.start - 1] if run.start else ""
        firmly = before != "a" and before in passage.words.locatives
        yield Run(first, last, run.start, sort, title, run.place_kind, run.acronym, tuple(parts), firmly)


def _says_where(passage: Passage, before: Run, run: Run) -> bool:
    """Tell the region behind a place: "in Ocrana, Norte de Velm."; a name of whom more is said is none."""
    tokens, words = passage.tokens, passage.words
    if before.sort != "place" or tokens.words[before.last : run.start] != [","]:
        return False
    if passage.starts_sentence(before.start - 1 if before.start else 0):
        return False  # "In Velm, Ana Roth, …"
    behind = tokens.words[run.last : run.last + 2]
    if behind[:1] == [","]:
        return behind[-1] in words.grammar["prepositions"]  # not "in Velm, Ana Roth, our treasurer,"
    return behind[:1] in ([], ["."], [";"], [")"])


def continues_list(tokens: Tokens, before: Run, run: Run) -> bool:
    """Tell whether nothing but commas, "and" and articles lie between two names."""
    gap = tokens.folded[before.last : run.start]
    return len(gap) <= 3 and all(word in {",", "and", "et", "y", "e", "&"} or word in ARTICLES for word in gap)
