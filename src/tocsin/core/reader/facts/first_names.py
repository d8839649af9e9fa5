"""People called by one word: what stands around "Rima" or "Étienne" where only a person can stand.

A message calls people by their first names, and a word behind "of" or "a" looks like a place. What is done to somebody,
what somebody is, or a pronoun that takes the word up tells that it is none.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.runs import Run, continues_list
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import within

# What is done to people, and to no body and no thing.
_OF_PEOPLE = frozenset(
    {
        "arbitrary_arrest", "arbitrary_detention", "release", "conditional_release", "sentencing", "acquittal",
        "abduction", "enforced_disappearance", "incommunicado", "expulsion", "dismissal", "killing", "transfer",
        "pretrial_detention", "physical_attack",
    }
)  # fmt: skip
_AUXILIARIES, _ASIDE = 5, 14  # words before a participle; between a name and the pronoun that takes it up
_WHO = frozenset({"who", "quien"})
_ONE_OF = (
    ["one", "of"], ["l'", "une"], ["l'", "un"], ["une", "de"], ["un", "de"], ["una", "de"], ["uno", "de"],
    ["un", "des"], ["une", "des"],
)  # fmt: skip
_AS_FOR = frozenset({"quant", "cuanto"})
_TAKING_UP = frozenset({"elle", "lui", "ella"})
_CLITICS = frozenset({"lo", "la", "le", "los", "las", "les"})
_AND = frozenset({"and", "et", "y", "e"})
_NOBODY = frozenset(
    "nobody everyone everybody someone somebody anyone another each one both none personne chacun certains plusieurs "
    "nadie alguien cada otro otra uno una todos todas ambos".split()
)

Found = Sequence[tuple[Passage, Sequence[Run]]]


def called_by_one_word(found: Found) -> set[tuple[str, ...]]:
    """Give the words by which people are called, as far as what stands around them tells."""
    sure: set[tuple[str, ...]] = set()
    likely: set[tuple[str, ...]] = set()
    inside: set[tuple[str, ...]] = set()
    for passage, runs in found:
        for run in runs:
            if run.last - run.first != 1 or run.title is not None or run.acronym or run.parts[:1] == ():
                continue
            opens = passage.starts_sentence(run.first)
            if not opens:
                inside.add(run.parts)
            if run.sort in {"unknown", "place"} and run.place_kind is None and run.parts[0] not in _NOBODY:
                if _is_told_of(passage, run):
                    (likely if opens else sure).add(run.parts)
                elif _is_said_who(passage, run) or _is_taken_up(passage, run):
                    sure.add(run.parts)
    return sure | (likely & inside)


def given_names(found: Found, bare: Iterable[tuple[str, ...]]) -> set[str]:
    """Give the first words of the names that stand as people's do: "Étienne" of "Étienne Morvan"."""
    known = set(bare)
    return {
        run.parts[0]
        for _, runs in found
        for run in runs
        if len(run.parts) > 1 and run.sort in {"unknown", "person"} and run.parts in known
    }


def _is_told_of(passage: Passage, run: Run) -> bool:
    """Tell "Rima was released", "Louise a été relaxée": behind an auxiliary stands what is done to people."""
    folded, words = passage.tokens.folded, passage.words
    at = run.last
    aside = folded[at : at + 1] == [","]  # "Pascal, tué en 2019"
    if not aside and (
        at >= len(folded) or not (folded[at] in words.grammar["be"] or folded[at] in words.grammar["have"])
    ):
        return False
    before = folded[run.first - 1] if run.first else ""
    several = aside and before in GENITIVES and folded[at + 1].endswith("s")  # "miembros de Tierraviva, detenidos ayer"
    if before in words.locatives or before in ARTICLES or several:
        return False  # "la Superintendencia habría ordenado"
    for hit in within(passage.verbs, at + 1, at + 2 if aside else at + _AUXILIARIES):
        kinds = {words.act_entries[form.entry].type for form in words.act_forms[hit.value] if form.form == "participle"}
        return not kinds.isdisjoint(_OF_PEOPLE - {"physical_attack"} if aside else _OF_PEOPLE)
    return False


def _is_said_who(passage: Passage, run: Run) -> bool:
    """Tell what somebody is: "the announcer Beto", "Nadia, one of our two paralegals", "Nadia, who"."""
    tokens, words = passage.tokens, passage.words
    near = within(passage.name_hits, run.first - 4, run.first)
    roles = (hit for hit in near if hit.last == run.first and hit.kind == "role" and tokens.words[hit.first].islower())
    if any(GENITIVES.isdisjoint(tokens.folded[hit.first : hit.last]) for hit in roles):
        return not tokens.folded[run.first - 1].endswith("s")  # unlike "defensora del río Curbe"
    behind = tokens.folded[run.last : run.last + 4]
    if behind[:1] != [","] or _is_governed_by_place(passage, run):
        return False
    if behind[1:2] and behind[1] in _WHO:
        return True
    ours = behind[1:2] and behind[1] in words.ours
    return behind[1:3] in _ONE_OF or bool(ours and within(passage.name_hits, run.last + 2, run.last + 4))


def _is_governed_by_place(passage: Passage, run: Run) -> bool:
    return bool(run.first) and passage.tokens.folded[run.first - 1] in passage.words.locatives


def _is_taken_up(passage: Passage, run: Run) -> bool:
    """Tell whom a pronoun takes up: "quant à Fanta", "Adama, lui,", "a Mateo lo detuvieron", "Dele's brother"."""
    folded = passage.tokens.folded
    before, behind = folded[max(0, run.first - 2) : run.first], folded[run.last : run.last + _ASIDE]
    if before[:1] and before[0] in _AS_FOR:
        return True
    if behind[:1] == ["'s"]:
        return bool(within(passage.kin, run.last + 1, run.last + 2))
    marked = bool(before) and before[-1] in passage.words.object_marker
    if marked and behind[:1] and behind[0] in _CLITICS:
        return True
    if behind[:1] != [","]:
        return False
    if not marked:
        return (
            len(behind) > 2 and behind[1] in _TAKING_UP and behind[2] == "," and not _is_governed_by_place(passage, run)
        )
    opens = run.first == 1 or passage.starts_sentence(run.first - 1)
    return opens and any(left == "," and right in _CLITICS for left, right in pairwise(behind))


def listed_with(passage: Passage, runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """Give who shares the name behind: "two young people, Ismael and Tobías Arce"."""
    folded = passage.tokens.folded
    for run, behind in pairwise(runs):
        if run.last - run.first != 1 or {run.sort, behind.sort} != {"unknown"} or behind.last - behind.first < 2:
            continue
        gap = [word for word in folded[run.last : behind.first] if word not in ARTICLES]
        if len(gap) != 1 or gap[0] not in _AND or not run.first:
            continue
        # "Los hermanos Saúl y Rebeca Mondragón", "les journalistes Paul et Ana Mirel".
        several = folded[run.first - 1].endswith("s") and _says_what_people_are(passage, run.first)
        if folded[run.first - 1] in {",", ":", "("} or several:
            yield run.parts


def _says_what_people_are(passage: Passage, at: int) -> bool:
    """Tell whether the word before a place is a post or a tie of people."""
    role = any(hit.last == at and hit.kind == "role" for hit in within(passage.name_hits, at - 3, at))
    return role or bool(within(passage.kin, at - 1, at))


def gender_agreed(passage: Passage, first: int, last: int) -> str | None:
    """Tell a woman from a man by what agrees with the name: "Aïssata a été transférée", "Beto fue detenido"."""
    folded, words = passage.tokens.folded, passage.words
    if not words.noun_first or (first and folded[first - 1] in _AND):
        return None
    at, has_been = last, False
    while at < min(len(folded), last + _AUXILIARIES):
        is_be = folded[at] in words.grammar["be"]
        if not (is_be or folded[at] in words.grammar["have"] or folded[at].endswith("ment")):
            break
        has_been, at = has_been or is_be, at + 1
    word = passage.tokens.words[at].lower() if at < len(folded) else ""
    if not has_been:
        return None
    if words.object_marker:
        return "f" if word.endswith(("ada", "ida")) else "m" if word.endswith(("ado", "ido")) else None
    return "f" if word.endswith("ée") else "m" if word.endswith("é") else None


def is_listed_place(passage: Passage, before: Run | None, run: Run) -> bool:
    """Tell the second place of "los guardianes de Velm y Genar" from a person."""
    if before is None or before.sort != "place" or not continues_list(passage.tokens, before, run):
        return False
    return passage.words.noun_first and passage.tokens.folded[before.start - 1] in GENITIVES
