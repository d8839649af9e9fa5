"""In which voice a sentence tells an act: somebody did it, it was done to somebody, or a noun names it."""

from tocsin.core.reader.facts.frame import Frame, Verb
from tocsin.core.reader.facts.participants import Participants
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit

_AUXILIARY_REACH = 7
_COORDINATED_REACH = 12
_ASIDE = 14  # words between commas
_CLOSING = frozenset({",", ":"})  # "Arrêtés à Velm : X et Y"
_PICTURE_REACH = 4  # words of "photographs of Ms."
_PICTURES = frozenset(
    "photo photos photograph photographs picture pictures image images video videos footage foto fotos fotografia "
    "fotografias imagen imagenes photographie photographies".split()
)
_INDEFINITE, _ARTICLES = frozenset({"an", "un", "une", "una"}), frozenset({"a", "an", "the"})


def voice_of(frame: Frame, participants: Participants, hit: Hit, forms: set[str]) -> Verb | None:
    """Decide the voice from the words before a verb, or from a verb that it is joined to by "and".

    Args:
        frame: The sentence.
        participants: Who is who in it.
        hit: The verb or noun.
        forms: Which forms its words may be: `active`, `participle`, `infinitive`, `nouns`.
    """
    if "infinitive" in forms and (verb := _infinitive(frame, hit)) is not None:
        return verb
    forms = forms - {"infinitive"}
    if not forms:
        return None
    start, auxiliary = _auxiliary(frame, hit)
    if auxiliary is None and "active" not in forms and _is_owned(frame, hit):
        # "his arrest"; of "sa mise en liberté", which is spelt as a participle, it is not said that it came true.
        return Verb("nominal", hit.first) if "nouns" in forms else None
    if "nouns" in forms and auxiliary is None and _is_owned(frame, hit):
        return Verb("nominal", hit.first)
    if "participle" in forms and auxiliary == "be":
        # "se sont introduits": the subject does it, unlike in "ont été introduits".
        itself = not frame.words.drops_subject and frame.before(start) in frame.grammar["reflexive"]
        itself = itself and frame.folded[hit.first] not in frame.grammar["causative"]
        return Verb("active", start - 1) if itself else Verb("passive", start)
    if "participle" in forms and (causative := _causative(frame, hit)) is not None:
        return Verb("passive", causative)
    agreeing = tuple(frame.grammar["agreeing"]) if auxiliary == "have" and "nouns" not in forms else ()
    if frame.folded[hit.first].endswith(agreeing):
        return None  # "sin que haya detenidos": what "haber" makes a verb does not agree
    if forms & {"participle", "active"} and auxiliary == "have":
        return Verb("active", start)
    if "nouns" in forms and not (forms & {"active", "participle"} and participants.object_of(hit) is not None):
        return Verb("nominal", hit.first)
    return _bare(frame, participants, hit, forms)


def _infinitive(frame: Frame, hit: Hit) -> Verb | None:
    """Read an infinitive that tells a fact: "avant de le frapper", "s'est vu confisquer", "saw four men force X"."""
    first = hit.first
    while any(phrase.clitic and phrase.last == first for phrase in frame.phrases):
        first = next(phrase.first for phrase in frame.phrases if phrase.clitic and phrase.last == first)
    before = frame.before(first)
    if before in frame.grammar["causative"]:
        near = frame.folded[max(frame.sentence.first, first - 4) : first]
        active = frame.grammar["reflexive"].isdisjoint(near)
        return Verb("active" if active else "passive", min(_auxiliary(frame, hit)[0], first - 1))
    if frame.ends_before(frame.passage.factual, first, 4) or frame.ends_before(frame.passage.attempted, first, 3):
        return Verb("active", first)
    seen = next((phrase for phrase in frame.phrases if phrase.last == first and phrase.refs), None)
    if seen is not None and not frame.grammar["perceiving"].isdisjoint(
        frame.folded[max(frame.sentence.first, seen.first - 4) : seen.first]
    ):
        return Verb("active", first)
    return None


def _auxiliary(frame: Frame, hit: Hit) -> tuple[int, str | None]:
    """Find the auxiliary before a verb; give its first word and whether it is "be" or "have"."""
    be, have = frame.grammar["be"], frame.grammar["have"]
    start, auxiliary = hit.first, None
    for at in range(hit.first - 1, max(frame.sentence.first, hit.first - _AUXILIARY_REACH) - 1, -1):
        word = frame.folded[at]
        if word in be:
            start, auxiliary = at, "be"
        elif word in have and frame.passage.tokens.words[at] != "à":  # "arrêtée à l'audience et conduite"
            return at, auxiliary or "have"
        elif auxiliary is not None or not frame.may_stand_between(at):
            break
    return start, auxiliary


def _causative(frame: Frame, hit: Hit) -> int | None:
    """Find the "had" of "had his phone snatched": what was done to somebody's thing was done to them."""
    if not frame.grammar["having"]:
        return None
    for at in range(hit.first - 2, max(frame.sentence.first, hit.first - 6) - 1, -1):
        if frame.folded[at] in frame.grammar["having"] and any(
            phrase.possessive and phrase.first == at + 1 for phrase in frame.phrases
        ):
            return at
    return None


def _bare(frame: Frame, participants: Participants, hit: Hit, forms: set[str]) -> Verb | None:
    """Decide the voice of a verb without an auxiliary of its own."""
    if "participle" in forms and any(phrase.possessive and phrase.last == hit.first for phrase in frame.phrases):
        return Verb("passive", hit.first)  # "her hacked account"
    by = hit.last < len(frame.folded) and frame.folded[hit.last] in frame.grammar["by"]
    if "participle" in forms and (
        by or (hit.first == frame.sentence.first and not _CLOSING.isdisjoint(frame.folded[hit.last :]))
    ):
        return Verb("passive", hit.first)  # "beaten by guards"; "Held for nine hours, she was questioned"
    if frame.last is not None and forms & {"participle", "active"} and frame.follows_last(hit):
        voice = frame.last[0].voice
        if voice == "active" or "participle" in forms:
            return Verb(voice, hit.first)
    done = "active" in forms and participants.object_of(hit) is not None  # "were waiting for X and pushed him"
    if "participle" in forms and not done and (coordinated := _coordinated(frame, hit)) is not None:
        return Verb("passive", coordinated)
    if "active" in forms and not ("participle" in forms and _is_between_commas(frame, participants, hit)):
        return None if _is_behind_article(frame, hit) else Verb("active", hit.first)
    return Verb("passive", hit.first) if _is_reduced(frame, participants, hit) else None


def _is_between_commas(frame: Frame, participants: Participants, hit: Hit) -> bool:
    """Tell "X and Y, arrested on the same occasion, are …", of whom it is said, from "they came, arrested X and …"."""
    behind = frame.folded[hit.last : min(frame.sentence.last, hit.last + _ASIDE)]
    if frame.before(hit.first) != "," or "," not in behind or behind[0] in frame.grammar["conjunctions"]:
        return False
    aside = hit.last, hit.last + behind.index(",")
    nobody = not any(aside[0] <= phrase.first < aside[1] and phrase.people for phrase in frame.phrases)
    return nobody and _is_reduced(frame, participants, hit)


def _is_behind_article(frame: Frame, hit: Hit) -> bool:
    """Tell the noun of "a la fuerza" from a verb that is spelt like it; "la golpean" has a pronoun."""
    if frame.before(hit.first) in (_ARTICLES if frame.words.language == "en" else _INDEFINITE):
        return True  # "d'être une espionne", "a burnt doll"
    governors = frame.grammar["prepositions"] - frame.grammar["clause"]
    governed = frame.before(hit.first) in ARTICLES and frame.before(hit.first - 1) in governors
    return governed and not any(phrase.clitic and phrase.last == hit.first for phrase in frame.phrases)


def _coordinated(frame: Frame, hit: Hit) -> int | None:
    """Find the auxiliary of a participle joined to one we do not know: "was made to step out and beaten"."""
    if frame.before(hit.first) not in frame.grammar["coordinating"]:
        return None
    for at in range(hit.first - 2, max(frame.sentence.first, hit.first - _COORDINATED_REACH) - 1, -1):
        word = frame.folded[at]
        if word in frame.grammar["be"]:
            return at
        if word in frame.grammar["clause"] or word in frame.grammar["have"] or word == ",":
            return None
    return None


def _is_owned(frame: Frame, hit: Hit) -> bool:
    """Tell a noun by what stands before it: "su arresto", "the arrest"."""
    return frame.before(hit.first) in ARTICLES or any(
        phrase.possessive and phrase.last == hit.first for phrase in frame.phrases
    )


def _is_reduced(frame: Frame, participants: Participants, hit: Hit) -> bool:
    """Tell whether a bare participle is a clause of its own behind a noun: "defenders detained on 5 May", "X, held"."""
    behind = any(
        phrase.refs and phrase.last in {hit.first, hit.first - 1} and not _is_pictured(frame, phrase.first)
        for phrase in frame.phrases
    )
    joined = frame.before(hit.first) == "," or any(phrase.last == hit.first for phrase in frame.phrases)
    return behind and joined and participants.object_of(hit) is None


def _is_pictured(frame: Frame, at: int) -> bool:
    """Tell "photographs of X taken from her account", of which it is not X who was taken."""
    near = frame.folded[max(frame.sentence.first, at - _PICTURE_REACH) : at]
    return not _PICTURES.isdisjoint(near) and not GENITIVES.isdisjoint(near)
