"""Verbs are named by their infinitive in the lexicon: their forms are the ones a grammar gives."""

import pytest

from tocsin.core.reader import lexicon
from tocsin.core.reader.facts.inflection import agreeing, inflect

FORMS = [
    ("es", "golpear", "golpeó golpearon golpeaba golpean golpeando golpeándolo golpearla golpeado"),
    ("es", "detener", "detuvo detuvieron detiene detenía deteniendo deteniéndola detenido"),
    ("es", "conducir", "condujo condujeron conduce conduciendo conducido"),
    ("es", "destruir", "destruyó destruyeron destruye destruyendo destruido"),
    ("es", "despedir", "despidió despidieron despide despidiendo despedido"),
    ("es", "herir", "hirió hirieron hiere hiriendo hiriéndolo herido"),
    ("es", "poner", "puso pusieron pone puesto"),
    ("es", "romper", "rompió rompieron roto"),
    ("fr", "arrêter", "arrêta arrêtèrent arrête arrêtent arrêtait arrêtant arrêté"),
    ("fr", "interpeller", "interpella interpellent interpellé"),
    ("fr", "emmener", "emmène emmènent emmenèrent emmenait emmené"),
    ("fr", "libérer", "libère libèrent libéra libéré"),
    ("fr", "placer", "plaça placèrent plaçait placé"),
    ("fr", "interroger", "interrogea interrogèrent interrogeaient interrogé"),
    ("fr", "saisir", "saisit saisirent saisissent saisissant saisi"),
    ("fr", "abattre", "abat abattent abattirent abattu"),
    ("fr", "détenir", "détient détiennent détint détenait détenu"),
    ("fr", "conduire", "conduit conduisent conduisirent"),
    ("en", "arrest", "arrested arresting"),
    ("en", "seize", "seized seizing"),
    ("en", "identify", "identified identifying"),
    ("en", "beat", "beat beating beaten"),
    ("en", "take", "took taking taken"),
    ("en", "strip", "stripped stripping"),
    ("en", "follow", "followed"),
]
PHRASES = [
    ("es", "abrir fuego", "abrieron fuego"),
    ("es", "llevarse", "se lo llevaron"),
    ("es", "llevarse", "se llevó"),
    ("fr", "ouvrir le feu", "ouvert le feu"),
    ("en", "shoot at", "shooting at"),
]


def every(verb: str, language: str) -> set[str]:
    return {form for forms in inflect(verb, language) for form in forms}


@pytest.mark.parametrize(("language", "verb", "forms"), FORMS)
def test_a_verb_has_the_forms_that_a_grammar_gives_it(language: str, verb: str, forms: str) -> None:
    assert set(forms.split()) - every(verb, language) == set()


@pytest.mark.parametrize(("language", "verb", "phrase"), PHRASES)
def test_the_words_behind_a_verb_stay_behind_each_of_its_forms(language: str, verb: str, phrase: str) -> None:
    assert phrase in every(verb, language)


def test_a_form_that_is_something_else_most_of_the_time_can_be_left_out() -> None:
    assert "following" not in every("follow", "en")


@pytest.mark.parametrize(
    ("language", "participle", "forms"),
    [
        ("es", "detenido", ["detenido", "detenida", "detenidos", "detenidas"]),
        ("fr", "arrêté", ["arrêté", "arrêtée", "arrêtés", "arrêtées"]),
        ("fr", "mis en examen", ["mis en examen", "mise en examen", "mises en examen"]),
        ("en", "taken away", ["taken away"]),
    ],
)
def test_a_participle_agrees(language: str, participle: str, forms: list[str]) -> None:
    assert list(agreeing(participle, language)) == forms


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_every_verb_of_the_lexicon_can_be_inflected(language: str) -> None:
    acts = lexicon.load(language, "acts")
    groups = [*acts["act"], *acts["light"].values()]
    verbs = [verb for group in groups for verb in group.get("verbs", [])]
    assert len(verbs) > 80
    assert [verb for verb in verbs if not inflect(verb, language).active] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_verb_of_the_lexicon_is_named_by_an_infinitive(language: str) -> None:
    endings = {"es": ("ar", "er", "ir", "arse", "erse", "irse"), "fr": ("er", "ir", "re", "oir")}[language]
    acts = lexicon.load(language, "acts")
    verbs = [verb.split()[0] for group in [*acts["act"], *acts["light"].values()] for verb in group.get("verbs", [])]
    assert [verb for verb in verbs if not verb.endswith(endings)] == []
