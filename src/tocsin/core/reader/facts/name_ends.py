"""Where a name ends: over capitals, particles and signs, and of a body over small words too."""

from tocsin.core.reader.facts.name_signs import acronym_behind, is_country
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, INNER_SIGNS
from tocsin.core.reader.tokens import Tokens

_TAIL_REACH = 4
_LONGEST = 40  # words: more capitals in a row are no name, and each would be asked with all behind it
_MINISTRIES = frozenset({"ministerio", "viceministerio", "secretaria", "ministere"})
_AND = (["y"], ["e"], ["et"])
_HOUSES = frozenset({"prison", "court", "hospital", "police_station", "airport"})
_INDEFINITE = frozenset({"un", "una", "unos", "unas", "une"})
_INNER_SIGNS = frozenset({*INNER_SIGNS, "’", "’s"})
_GENITIVE_SIGNS = frozenset({"'", "’", "'s", "’s"})
_NUMBER_SIGNS = frozenset({"no", "nr", "n", "nº", "n°", "№"})


def end_of_capitals(passage: Passage, first: int) -> int:
    """Extend over capitalised words, and over particles ("de la", "bin") and apostrophes ("Tenants’ League") in it."""
    folded, capitals, joints = passage.tokens.folded, passage.capitals, passage.words.name_joints
    last, count = first + 1, len(folded)
    if last not in capitals and (last >= count or folded[last] not in joints):
        return last  # most stand alone
    words, particles = passage.tokens.words, passage.words.particles
    count = min(count, first + _LONGEST)
    while last < count:
        if last in capitals:
            if _begins_another(passage, last):
                break
            last += 1
            continue
        if folded[last] not in joints:
            break
        ahead = last
        if words[last] in _INNER_SIGNS and _is_inner_sign(passage, last):
            ahead = last + 1
        else:
            while ahead < count and ahead - last < 3 and folded[ahead] in particles:
                ahead += 1
        if ahead == last or ahead not in capitals:
            break
        if ahead in passage.names and any(hit.kind == "title" for hit in passage.names[ahead]):
            break  # "A la Sra. X"
        last = ahead + 1
    return last


def _begins_another(passage: Passage, at: int) -> bool:
    """Tell whether a capital behind capitals begins a sentence or a name with its title: "On 28 January Ms Roth"."""
    initial = passage.tokens.words[at - 1] == "." and passage.tokens.folded[at] not in passage.words.not_names
    if not initial and passage.starts_sentence(at):
        return True
    # A rank may stand inside a name: "Attorney General".
    titled, names = passage.words.titles_by_gender, passage.names
    return at in names and any(hit.kind == "title" and hit.value in titled for hit in names[at])


def _is_inner_sign(passage: Passage, at: int) -> bool:
    """Tell the point of an initial, the apostrophe of "Tenants’ League", the genitive of "Women’s Centre"."""
    tokens, word = passage.tokens, passage.tokens.words[at]
    if word == ".":
        return len(tokens.words[at - 1]) == 1 and tokens.words[at - 1].isupper()
    if word in {"'", "’"}:
        return tokens.folded[at - 1].endswith("s") and tokens.starts[at] == tokens.end(at - 1)
    behind = tokens.folded[at + 1] if at + 1 < tokens.count else ""
    place = at + 1 in passage.names and any(hit.kind == "place" for hit in passage.names[at + 1])  # "Women's Prison"
    return word in {"'s", "’s"} and (place or behind in passage.words.organisation_words)


def numbered(tokens: Tokens, last: int) -> int:
    """Take in the number of "School No. 8"."""
    if tokens.folded[last - 1] in _NUMBER_SIGNS:
        behind = last + 1 if last < tokens.count and tokens.words[last] == "." else last
        return behind + 1 if behind < tokens.count and tokens.words[behind].isdecimal() else last
    return last


def of_town(passage: Passage, last: int, kind: str) -> int:
    """Take in the town of "the Central Prison of Velm"."""
    tokens, words = passage.tokens, passage.words
    named = kind in _HOUSES and tokens.folded[last : last + 1] == ["of"] and last + 1 in passage.capitals
    if not named or tokens.folded[last + 1] in words.calendar or tokens.folded[last + 1] in words.not_names:
        return last
    return end_of_capitals(passage, last + 1)


def past_portfolios(passage: Passage, first: int, last: int) -> int:
    """Take in all that a ministry is of: "Ministerio de Bosques" + ", Ríos y Caminos"."""
    words, at = passage.tokens.words, last
    if passage.tokens.folded[first] not in _MINISTRIES:
        return last
    while words[at : at + 1] == [","] and at + 1 in passage.capitals and end_of_capitals(passage, at + 1) == at + 2:
        at += 2
    listed = at > last and passage.tokens.folded[at : at + 1] in _AND and at + 1 in passage.capitals
    return end_of_capitals(passage, at + 1) if listed else last


def linked(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> int:
    """Extend "Committee" over "for the Defence of Land", but not over "and Lena Marosh" or "of Zarvania"."""
    tokens, words = passage.tokens, passage.words
    for _ in range(4):
        ahead = _behind_genitive(passage, last)
        while ahead < tokens.count and ahead - last < 3 and tokens.folded[ahead] in words.organisation_links:
            ahead += 1
        if ahead == last or ahead not in passage.capitals:
            break
        end = end_of_capitals(passage, ahead)
        joined = tokens.folded[last] in {"and", "et", "y", "e", "&", "in", "to", "with", "on"}
        if joined and (end - ahead > 1 or last - first < 3):
            break
        if tokens.folded[ahead] in words.calendar or is_country(tokens, ahead, end, country_names):
            break
        if any(hit.kind == "title" for hit in passage.names.get(ahead, ())):
            break
        last = end
    return last


def _behind_genitive(passage: Passage, at: int) -> int:
    """Pass over "’ and" in "Workers’ and Peasants’ Network", where a body's words follow; else give the place."""
    tokens = passage.tokens
    signed = at + 2 < tokens.count and tokens.words[at] in _GENITIVE_SIGNS and tokens.folded[at + 1] in {"and", "&"}
    if not signed or at + 2 not in passage.capitals:
        return at
    behind = tokens.folded[at + 2 : end_of_capitals(passage, at + 2)]
    return at + 2 if not passage.words.organisation_words.isdisjoint(behind) else at


def up_to_acronym(tokens: Tokens, first: int, last: int) -> int:
    """Take in small words before an acronym that begins as the name does: "Ligue des femmes" + "libres (LFL)"."""
    at = last
    while at < tokens.count and at - last < _TAIL_REACH and tokens.words[at].islower():
        at += 1
    acronym = acronym_behind(tokens, at)
    return at if acronym is not None and acronym[0] == tokens.words[first][0] else last


def small_tail(passage: Passage, last: int, country_names: frozenset[str]) -> int:
    """Take in the small words of a name whose noun comes first: "Centre" + "d’aide juridique de Velm".

    A link takes the next word with it, an adjective follows its noun; a verb, a country or a title ends the name.
    """
    tokens, words = passage.tokens, passage.words
    end, purpose = last, _opens_purpose(passage, last)
    while end < tokens.count and end - last < 14:
        # "for" opens a purpose behind the noun only: "Comité pour la paix", not "Tribunal de Velm pour vol".
        linked = tokens.folded[end] in words.tail_links or (purpose and tokens.folded[end] in words.purpose_links)
        ahead = end + 1 if linked else end
        while linked and ahead < tokens.count and tokens.folded[ahead] in ARTICLES:
            ahead += 1
        if tokens.folded[ahead - 1] in _INDEFINITE:
            break  # "Fiscalía por un presunto delito"
        if ahead >= tokens.count or not tokens.words[ahead][0].isalpha() or _is_stop(passage, ahead, country_names):
            break
        word = tokens.words[ahead]
        if linked:
            # A place ends a name: what follows "Comisión de Ciudad Belma" in small letters is the sentence.
            articled = ahead > end + 1
            place = end > last or (articled and tokens.folded[end - 1] not in words.organisation_words)
            if tokens.words[end - 1][0].isupper() and word[0].islower() and place:
                break
            purpose = False
            ahead += tokens.folded[ahead] in words.before_nouns
        elif not is_adjective(passage, ahead):
            break
        end = min(ahead + 1, tokens.count)
        while end < tokens.count and word[0].isupper() and tokens.words[end][0].isupper():
            end += 1
    return end


def _opens_purpose(passage: Passage, last: int) -> bool:
    """Tell whether "for …" behind a name belongs to it: "Comité pour la paix", "Institut Sarre pour la justice"."""
    tokens, bodies = passage.tokens, passage.words.organisation_words
    if not tokens.words[last - 1][0].isupper():
        return False
    articled = last + 1 < tokens.count and tokens.folded[last + 1] in ARTICLES
    return tokens.folded[last - 1] in bodies or (articled and last > 1 and tokens.folded[last - 2] in bodies)


def is_adjective(passage: Passage, at: int) -> bool:
    """Tell whether a small word behind a noun belongs to its name.

    It does by its ending, or because the name goes on behind it. A verb ends in an accent ("ordenó", "a condamné"), an
    adjective does not.
    """
    tokens, words = passage.tokens, passage.words
    if not tokens.words[at][0].islower() or not tokens.words[at][-1].isascii():
        return False
    behind = tokens.folded[at + 1] if at + 1 < tokens.count else ""
    goes_on = behind in words.tail_links and behind not in {"de", "d'"}
    return tokens.folded[at].endswith(words.adjective_endings) or (
        goes_on and not tokens.folded[at].endswith(("ent", "ait", "le", "aba"))
    )


def _is_stop(passage: Passage, at: int, country_names: frozenset[str]) -> bool:
    word, words = passage.tokens.folded[at], passage.words
    return (
        word in words.function_words
        or word in words.calendar
        or word in words.grammar["be"]
        or word in words.grammar["have"]
        or word in country_names
        or any(hit.kind == "title" for hit in passage.names.get(at, ()))
    )


def past_country(passage: Passage, at: int, country_names: frozenset[str]) -> int:
    """Give the word behind a country of several words, whose end by itself is no name: "United Arab Emirates"."""
    end = end_of_capitals(passage, at)
    return end if end - at > 1 and is_country(passage.tokens, at, end, country_names) else at


def is_initial(passage: Passage, at: int) -> bool:
    """Tell the "A." of "Mr. A. Marosh" from the article."""
    words = passage.tokens.words
    return (
        len(words[at]) == 1 and words[at].isupper() and words[at + 1 : at + 2] == ["."] and at + 2 in passage.capitals
    )


def names_no_one(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> bool:
    """Tell a law, a country, a prize or a car, and by the last word what somebody is ("Regional Coordinator")."""
    if passage.in_instruments and not passage.in_instruments.isdisjoint(range(first, last)):
        return True
    if last - first == 1:
        return False
    words, folded = passage.words, passage.tokens.folded[first:last]
    if (
        is_country(passage.tokens, first, last, country_names)
        or folded[-1] in words.closing_posts
        or folded[-1] in words.named_things
    ):
        return True
    return not words.named_things.isdisjoint(folded) and words.organisation_words.isdisjoint(folded)
