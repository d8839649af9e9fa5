"""The forms of a verb that `acts.toml` names by its infinitive: golpeó, golpeándolo and golpeado of "golpear".

Only the forms in which appeals tell what somebody did to somebody: the third person of the tenses of a story, the
participles, and the infinitive. What is not regular is a line of `verbs.toml`, by the end of the infinitive.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tocsin.core.reader import lexicon

_SPANISH = {
    "ar": (("a", "an"), ("ó", "aron"), ("aba", "aban"), "ando", "ado"),
    "er": (("e", "en"), ("ió", "ieron"), ("ía", "ían"), "iendo", "ido"),
    "ir": (("e", "en"), ("ió", "ieron"), ("ía", "ían"), "iendo", "ido"),
}
_FRENCH = {
    "er": (("e", "ent"), ("a", "èrent"), ("ait", "aient"), "ant", "é"),
    "ir": (("it", "issent"), ("it", "irent"), ("issait", "issaient"), "issant", "i"),
    "re": (("", "ent"), ("it", "irent"), ("ait", "aient"), "ant", "u"),
}
_CLITICS = ("lo", "la", "los", "las", "le", "les")
_BOUND = tuple(f"{form}{clitic}" for form in ("ándo", "éndo", "ar", "er", "ir") for clitic in _CLITICS)
_ACCENTED = str.maketrans("aeio", "áéíó")


class Inflected(NamedTuple):
    """Forms of one verb; participles stand in the masculine singular."""

    active: tuple[str, ...]
    participles: tuple[str, ...]
    infinitives: tuple[str, ...]


@cache
def inflect(verb: str, language: str) -> Inflected:
    """Give the forms of a verb, with the words that follow it in the entry ("abrir fuego" → "abrieron fuego")."""
    infinitive, _, rest = verb.partition(" ")
    found = _RULES[language](infinitive)
    if not rest:
        return found
    return Inflected(*(tuple(f"{form} {rest}" for form in forms if not form.endswith(_BOUND)) for forms in found))


@cache
def _irregular(language: str) -> Mapping[str, Mapping[str, Sequence[str]]]:
    table: Mapping[str, Mapping[str, Sequence[str]]] = lexicon.load(language, "verbs")["endings"]
    return table


def _ending(infinitive: str, language: str) -> tuple[str, Mapping[str, Sequence[str]]]:
    """Give what stands before the longest ending of `verbs.toml` that fits, and the irregular forms of that ending."""
    table = _irregular(language)
    for first in range(len(infinitive) - 1):
        if infinitive[first:] in table:
            return infinitive[:first], table[infinitive[first:]]
    return infinitive, {}


def _spanish(infinitive: str) -> Inflected:
    reflexive = infinitive.endswith("se")
    infinitive = infinitive.removesuffix("se")
    stem = infinitive[:-2]
    tenses = _SPANISH[infinitive[-2:]]
    before, irregular = _ending(infinitive, "es")
    finite: list[str] = []
    for name, endings in zip(("present", "preterite", "imperfect"), tenses[:3], strict=True):
        finite += _given(before, irregular, name, [stem + ending for ending in endings])
    gerund = _given(before, irregular, "gerund", [stem + tenses[3]])[0]
    participle = _given(before, irregular, "participle", [stem + tenses[4]])[0]
    if reflexive:
        taken = [f"{pronoun} {form}" for form in finite for pronoun in ("se", *(f"se {each}" for each in _CLITICS[:4]))]
        return Inflected((*taken, f"{_stressed(gerund)}se"), (), (f"{infinitive}se",))
    bound = [f"{_stressed(gerund)}{clitic}" for clitic in _CLITICS]
    return Inflected(
        (*finite, gerund, *bound), (participle,), (infinitive, *(f"{infinitive}{clitic}" for clitic in _CLITICS))
    )


def _stressed(gerund: str) -> str:
    """Give a gerund the accent it has before a pronoun: "golpeando" → "golpeándo"."""
    return gerund[:-4] + gerund[-4].translate(_ACCENTED) + gerund[-3:]


def _french(infinitive: str) -> Inflected:
    stem, kind = infinitive[:-2], infinitive[-2:]
    present, past, imperfect, gerund, participle = _FRENCH[kind]
    before, irregular = _ending(infinitive, "fr")
    soft = {"g": stem + "e", "c": stem[:-1] + "ç"}.get(stem[-1:], stem) if kind == "er" else stem
    mute = _before_mute(stem) if kind == "er" else stem
    regular = {
        "present": [mute + ending for ending in present],
        "past": [(stem if ending == "èrent" else soft) + ending for ending in past],
        "imperfect": [soft + ending for ending in imperfect],
        "gerund": [soft + gerund],
        "participle": [stem + participle],
    }
    given = {name: _given(before, irregular, name, forms) for name, forms in regular.items()}
    active = (*given["present"], *given["past"], *given["imperfect"], *given["gerund"])
    return Inflected(active, tuple(given["participle"]), (infinitive,))


def _before_mute(stem: str) -> str:
    """Give the stem of "emmen-er" before a mute e: "emmèn-ent", and of "libér-er": "libèr-ent"."""
    if len(stem) > 2 and stem[-2] in "eé" and stem[-1] not in "aeiouyé" and not stem.endswith(("tt", "ll")):
        return f"{stem[:-2]}è{stem[-1]}"
    return stem


def _english(infinitive: str) -> Inflected:
    before, irregular = _ending(infinitive, "en")
    past = _given(before, irregular, "past", [_with_ed(infinitive)])
    participle = _given(before, irregular, "participle", past)
    mute = infinitive.endswith("e") and not infinitive.endswith("ee")
    gerund = _given(before, irregular, "gerund", [(infinitive[:-1] if mute else infinitive) + "ing"])
    return Inflected((*past, *gerund), tuple(participle), (infinitive,))


def _with_ed(infinitive: str) -> str:
    if infinitive.endswith("e"):
        return infinitive + "d"
    if infinitive.endswith("y") and infinitive[-2] not in "aeiou":
        return infinitive[:-1] + "ied"
    return infinitive + "ed"


def _given(before: str, irregular: Mapping[str, Sequence[str]], name: str, regular: list[str]) -> list[str]:
    if name not in irregular:
        return regular
    forms = irregular[name]
    return [before + form for form in ([forms] if isinstance(forms, str) else forms)]


_RULES = {"es": _spanish, "fr": _french, "en": _english}


def agreeing(participle: str, language: str) -> Iterator[str]:
    """Give the agreement forms of a participle: "arrêté" → arrêtée, arrêtés, arrêtées; "detenido" → detenida, etc."""
    head, _, rest = participle.partition(" ")
    endings: tuple[str, ...] = {"fr": ("", "e", "s", "es"), "es": ("o", "a", "os", "as")}.get(language, ("",))
    stem = head
    if language == "es":
        endings, stem = (endings, head[:-1]) if head.endswith("o") else (("",), head)
    for ending in endings:
        if not (language == "fr" and stem.endswith("s") and ending == "s"):
            yield f"{stem}{ending} {rest}".strip()
