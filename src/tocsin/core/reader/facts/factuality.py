"""What a sentence says happened, and what it only denies, fears, threatens, tries or forbids."""

from collections.abc import Sequence

from tocsin.core.reader.facts.frame import POINTS, Frame
from tocsin.core.reader.facts.words import GENITIVES
from tocsin.core.reader.tokens import Hit, within

_NOBODY = frozenset({"nobody", "no-one", "personne", "nadie", "none", "ninguno", "aucun"})
_ADVERBS = frozenset(
    {"soon", "also", "still", "now", "then", "again", "bientot", "aussi", "encore", "pronto", "tambien"}
)
_NONE: frozenset[str] = frozenset()
_FAR = 14  # words between "denied that" and the verb
_NONE_OF = 8  # words of "none of …" and the verb
_CLAUSE = 5  # words between "so that" and the verb of its clause


def is_denied(frame: Frame, start: int, hit: Hit, *, noun: bool = False) -> bool:
    """Tell whether the verb at `hit`, whose auxiliary begins at `start`, tells nothing that happened.

    It is denied ("was not arrested"), only possible ("could be arrested", "on pain of being shot"), or somebody
    denies it ("denied that he was tortured"). The word before a `noun` opens no infinitive: "subjected to torture".
    """
    if _is_unreal(frame, start):
        return True
    if frame.ends_before(frame.passage.attempted, start, 3):
        return False
    if not _NOBODY.isdisjoint(frame.there) and _is_of_none(frame, start):
        return True
    low = max(frame.sentence.first, start - 3)
    if frame.words.denying.isdisjoint(frame.folded[low : hit.first]):
        return False
    governed = noun and frame.before(hit.first) in frame.grammar["prepositions"]
    verb = None if noun else min(start, hit.first)
    near = [_plain_word(frame, at, verb) for at in range(low, hit.first - governed)]
    breaks = [at for at, word in enumerate(near) if word == "," or word in POINTS]
    near = near[breaks[-1] + 1 :] if breaks else near  # "if convicted, she could be sentenced"
    if start > low and frame.folded[start - 1] in _ADVERBS:
        start -= 1  # "will soon be released"
    modal = not governed and any(frame.passage.is_modal(at) for at in range(max(low, start - 1), start))
    return _is_denied_in(frame, near) or modal


def _is_of_none(frame: Frame, start: int) -> bool:
    """Tell whether "none of" some people is before the verb: "none of the members of the group was hurt"."""
    near = frame.folded[max(frame.sentence.first, start - _NONE_OF) : start]
    opens = [at for at, word in enumerate(near[:-1]) if word in _NOBODY and near[at + 1] in GENITIVES]
    return bool(opens) and "," not in near[opens[-1] :]


def is_negated(frame: Frame, start: int, hit: Hit) -> bool:
    """Tell whether a word right before the verb denies it: "no le otorgaron" what was owed is an act, too."""
    first = max(frame.sentence.first, start - 2)
    if frame.folded[first] in frame.grammar["reflexive"]:
        first = max(frame.sentence.first, first - 1)  # "no se le permitió"
    near = frame.folded[first : hit.first]
    return not frame.grammar["negation"].isdisjoint(near) and not _is_unreal(frame, start)


def is_to_come(frame: Frame, hit: Hit) -> bool:
    """Tell whether the auxiliary before some words makes them only planned: "doit être présenté au juge demain"."""
    at = hit.first
    while at > frame.sentence.first and (
        frame.folded[at - 1] in frame.grammar["be"] or frame.may_stand_between(at - 1)
    ):
        at -= 1
    before = frame.before(at)
    return at < hit.first and (before in frame.grammar["coming"] or frame.folded[at] in frame.grammar["coming"])


def is_attempted(frame: Frame, hit: Hit) -> bool:
    """Tell whether the words before say that it was tried only: "attempted to kill"."""
    first = max(frame.sentence.first, hit.first - 3)
    return bool(within(frame.passage.attempted, first, hit.first))


def _is_unreal(frame: Frame, start: int) -> bool:
    """Tell whether words before make the verb a fear, a threat or a denial, or leave its infinitive without a fact."""
    if frame.folded[start] in frame.grammar["be_infinitive"] and not frame.ends_before(frame.passage.factual, start, 4):
        return True
    if _is_supposed(frame, start):
        return True
    for hit in within(frame.passage.unreal, max(frame.sentence.first, start - _FAR), start):
        gap = frame.folded[hit.last : start]
        if (
            hit.kind == "unreal"
            and frame.before(hit.first) == ","
            and frame.folded[hit.first] in frame.grammar["relative"]
        ):
            continue  # "X, quien fue liberada": it is told of X, unlike "amenazó a quien …"
        if (hit.kind == "denying" and POINTS.isdisjoint(gap)) or len(gap) <= (1 if hit.kind == "unreal" else 0):
            return True
        if hit.kind == "wished" and len(gap) <= _CLAUSE and "," not in gap:
            return True  # "para que X fuera liberada"
    return False


def _is_supposed(frame: Frame, start: int) -> bool:
    """Tell whether the clause of a verb is a condition: "if X is convicted", "si los agentes vuelven a detenerla"."""
    conditional, in_future = frame.grammar["conditional"], frame.folded[start] in frame.grammar["future_in_past"]
    relative = frame.grammar["relative"] if in_future else _NONE
    if not in_future and conditional.isdisjoint(frame.there):
        return False
    low = max(frame.sentence.first, start - _FAR)
    near = frame.folded[low:start]
    if conditional.isdisjoint(near) and relative.isdisjoint(near):
        return False
    for at in range(start - 1, low - 1, -1):
        word = frame.folded[at]
        if word == "," or word in POINTS:
            return False
        if word in relative:
            return True  # "warned that it would be closed", unlike "selon ses proches, il serait détenu"
        if word in conditional:
            # "sí" asserts, and in "s'est enfui" the "s'" is a pronoun.
            elided = word == "s'" and frame.folded[at + 1] not in {"il", "ils"}
            return not elided and frame.passage.tokens.words[at].lower() != "sí"
    return False


def _plain_word(frame: Frame, at: int, verb: int | None) -> str:
    """Give a word, or nothing where it denies nothing.

    "May" the month, "no" in "hombres no identificados", "without" in "men in a van without plates abducted X".
    """
    word = frame.folded[at]
    if verb is not None and word in frame.grammar["privative"] and not _leads_to_verb(frame, at + 1, verb):
        return ""
    if word in frame.grammar["irrealis"] and not frame.passage.is_modal(at):
        return ""
    return "" if any(p.first <= at < p.last for p in frame.phrases) and word not in _NOBODY else word


def _leads_to_verb(frame: Frame, first: int, verb: int) -> bool:
    """Tell whether the verb is what "without" denies: "sans être arrêté", "sin que hubiera heridos"."""
    return frame.folded[first] in frame.grammar["clause"] or all(map(frame.may_stand_between, range(first, verb)))


def _is_denied_in(frame: Frame, near: Sequence[str]) -> bool:
    return not frame.grammar["negation"].isdisjoint(near) or bool(near and near[-1] in frame.grammar["irrealis"])
