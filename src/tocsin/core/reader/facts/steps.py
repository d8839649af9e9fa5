"""The steps of a proceeding: which verb is one of which noun, how it stands then, and for or against whom it is."""

from collections.abc import Sequence
from typing import Literal

from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.tokens import Hit, within

Direction = Literal["against_defender", "for_defender", "neutral"]

_AND = frozenset({"and", "et", "y", "e"})
_NEAR = 12  # words between a noun and its step
_CLAUSE = 6  # words behind "the trial" that may say whose it is
_ASKED = 9  # words between "asked" and "to open"
_INFINITIVE = frozenset({"to", "de", "d'", "a"})
_LEAD = 6  # words before a step that may say that it is only to come
_ARTICLE = 2  # "por la muerte de X"
_AUXILIARIES = 4  # words before a participle
_BUT = frozenset({"but", "mais", "pero", "whereas", "tandis", "mientras", ";"})
_APART = (
    _BUT
    | _AND
    | frozenset("during after before pendant durant lors apres avant durante tras despues antes ante devant".split())
)
_PARTICIPLES = {
    "fr": ("e", "ee", "es", "ees", "i", "ie", "u", "ue", "us", "ues", "is", "ise", "os", "ose"),
    "es": ("ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas"),
}
_THE = frozenset({"the", "la", "le", "l'", "les", "el", "las", "los"})
_PARTICIPLE_SIGNS = ("é", "és", "ée", "ées")
_ENDED = frozenset({"discontinued", "suspended"})
_DECIDED = frozenset({"sentence", "appeal"})

_CULPRITS = frozenset({"non_state_armed", "paramilitary", "private_security"})  # their trial is of what they did

_OUTSIDE = frozenset({"other", "official"})
_PLAIN = 2  # words of "turned down", unlike "refused to register"
_ITSELF = frozenset({"it", "elle", "celle-ci"})

_ONLY = {"sentence": {"final", "on_appeal"}, "release": {"rejected"}}
"""What may be told of a sentence that was passed, and of bail; "released pending trial" opens none."""


def nearest_step(told: Told, hits: Sequence[Hit], noun: Hit, used: set[int]) -> Hit | None:
    """Choose the step nearest to a noun, among those that are told of it and that such a proceeding may take."""
    steps = [
        hit
        for hit in hits
        if hit.kind == "step"
        and hit.first not in used
        and abs(hit.first - noun.first) <= _NEAR
        and _are_tied(told, noun, hit)
    ]
    if noun.value not in {"complaint", "application", "appeal", "release"}:
        steps = [hit for hit in steps if hit.value not in {"complaint_filed", "rejected"}]
    if noun.value in _ONLY:
        steps = [hit for hit in steps if hit.value in _ONLY[noun.value]]
    if noun.value == "trial":
        steps = [hit for hit in steps if not (hit.value == "under_investigation" and hit.last == noun.first)]
    if noun.value == "application":  # "the application that she filed was rejected": what became of it counts
        steps = [hit for hit in steps if hit.value != "complaint_filed"] or steps
    if noun.value == "appeal":  # "rejected the appeal that she lodged"
        steps = [hit for hit in steps if hit.value != "complaint_filed"] or steps
    if noun.value == "complaint":
        steps = [hit for hit in steps if hit.value not in {"under_investigation", "at_trial"}]
        # "The complaint that she filed was shelved", "refused to register the complaint that she filed".
        known = [hit for hit in steps if hit.value != "complaint_filed"]
        steps = [hit for hit in known if hit.first > noun.first or hit.last - hit.first > _PLAIN] or steps
    nearest = min(steps, key=lambda hit: abs(hit.first - noun.first), default=None)
    if nearest is not None and nearest.first > noun.first and nearest.value == "under_investigation":
        # "The investigation opened in May was closed", "l'enquête, confiée à la police, a été classée".
        return next((hit for hit in steps if hit.first > nearest.first and hit.value in _ENDED), nearest)
    return nearest


def is_in_name(told: Told, noun: Hit) -> bool:
    """Tell the registration of "the Regional Registration Office", which is no proceeding."""
    capitals, first, last = told.passage.capitals, noun.first, noun.last
    return first in capitals and first > told.sentence.first and last in capitals and last < told.sentence.last


def is_of_another(told: Told) -> bool:
    """Tell whether it is somebody outside the story who complains: "following a complaint lodged by the owner, Mr. X".

    It is so where the sentence says of what that accuses a defender.
    """
    complaints = [found.act for found in told.acts if found.act.type == "complaint" and found.act.actors]
    if not complaints or not any(
        hit.kind == "charge" for hit in within(told.passage.justice, told.sentence.first, told.sentence.last)
    ):
        return False
    known = {person.name: person.role for phrase in told.phrases for person in phrase.people}
    return all(known.get(name) in _OUTSIDE for act in complaints for name in act.actors)


def is_participle(told: Told, noun: Hit) -> bool:
    """Tell "les avocats ont demandé" from "la demande"."""
    return noun.last - noun.first == 1 and told.passage.tokens.words[noun.first].lower().endswith(_PARTICIPLE_SIGNS)


def _are_tied(told: Told, noun: Hit, step: Hit) -> bool:
    """Tell whether a step is one of its noun: "opened, in May, a case", "a case was opened".

    "Opened the drawers and took a file", "opened his mouth during the hearing" and "let go without charge but ordered"
    are not.
    """
    folded = told.passage.tokens.folded
    if is_participle(told, step) and folded[step.first - 1] in _THE:
        return False  # "la levée des scellés"
    if noun.first < step.first:
        between = folded[noun.last : step.first]
        if not _BUT.isdisjoint(between):  # "… a complaint, but it was shelved"
            last = max(at for at, word in enumerate(between) if word in _BUT)
            return not _ITSELF.isdisjoint(between[last + 1 : last + 2])
        return _is_told_of(told, noun, step)
    between = folded[step.last : noun.first]
    if between[:1] == [","] == between[-1:]:
        return True
    return _APART.isdisjoint(between) and between.count(",") in {0, 2}


def _is_told_of(told: Told, noun: Hit, step: Hit) -> bool:
    """Tell "la plainte a été retirée", "la plainte retirée" from "le dossier du colonel retraité"."""
    participles = _PARTICIPLES.get(told.passage.words.language)
    folded, grammar = told.passage.tokens.folded, told.passage.words.grammar
    if participles is None or step.last - step.first > 1 or step.first == noun.last or folded[step.first - 1] == ",":
        return True
    near = folded[max(noun.last, step.first - _AUXILIARIES) : step.first]
    return not folded[step.first].endswith(participles) or not (grammar["be"] | grammar["have"]).isdisjoint(near)


def step_status(told: Told, noun: Hit, step: Hit) -> str | None:
    """Say how a proceeding stands after a step; nothing where the step is denied, or is none of such a proceeding."""
    grammar, folded = told.passage.words.grammar, told.passage.tokens.folded
    low = max(told.sentence.first, min(noun.first, step.first) - 4)
    before_noun = [folded[at] for at in range(low, noun.first) if not step.first <= at < step.last]  # "sans suite"
    before_step = folded[max(low, step.first - 4) : step.first]
    denied = not grammar["negation"].isdisjoint((*before_noun[-3:], *before_step))
    if step.value == "under_investigation":
        if denied or _is_asked(told, step):
            return "not_opened" if denied else None
        if is_announced(told, max(low, step.first - 4), step.first):
            return "announced"
        if noun.value == "trial":
            return "at_trial"
    if noun.value == "investigation" and step.value == "at_trial":
        # "Se abrió una investigación", unlike "se abrió el juicio".
        return None if _is_asked(told, step) else "under_investigation"
    if noun.value == "appeal" and step.value in {"at_trial", "under_investigation"}:
        return "on_appeal"
    if denied and step.value in {"discontinued", "suspended", "complaint_filed"}:
        return None  # "the charges have not been dropped"
    if noun.value in {"application", "release"} and step.value == "discontinued":
        return "rejected"  # "dismissed an application for bail"
    if step.value == "complaint_filed" and (noun.value == "application" or _is_to_come(told, low, step)):
        return None
    return None if (step.value == "final" and noun.value not in _DECIDED) else step.value


def _is_asked(told: Told, step: Hit) -> bool:
    """Tell "we have asked the prosecutor to open an investigation" from "ordered the police to open one"."""
    folded, grammar = told.passage.tokens.folded, told.passage.words.grammar
    near = folded[max(told.sentence.first, step.first - _ASKED) : step.first + 1]
    return not _INFINITIVE.isdisjoint(near[-2:]) and not grammar["asking"].isdisjoint(near)


def _is_to_come(told: Told, low: int, step: Hit) -> bool:
    """Tell "she will file a complaint", "we do not know whether she will"."""
    lead = max(low, step.first - _LEAD)
    conditional = told.passage.words.grammar["conditional"]
    return is_announced(told, lead, step.first) or not conditional.isdisjoint(
        told.passage.tokens.folded[lead : step.first]
    )


def direction_of(told: Told, noun: Hit) -> Direction:
    """Decide for or against whom: by who follows "against", by the noun where nobody does."""
    if noun.value in {"application", "release"}:
        return "neutral"
    if (opener := _opener_at(told, noun)) is not None:
        return "for_defender" if is_grievance(told, opener, opener.last) else "against_defender"
    against = within(told.passage.against, noun.last, told.sentence.last)
    prepositions = [hit.first for hit in against if hit.value == "against"]
    named = _direction_named(told, noun, against, prepositions[0]) if prepositions else None
    if named is not None:
        return named
    if noun.value == "trial":
        behind = [*told.passage.tokens.folded[noun.last : noun.last + _CLAUSE], ","]
        against = within(against, noun.last, noun.last + behind.index(","))
    if noun.value == "complaint" or any(hit.value == "security_forces" for hit in against):
        return "for_defender"
    if noun.value == "case" and not prepositions and _is_of_complaint(told, noun):
        return "for_defender"
    if noun.value == "investigation":
        return "for_defender" if not told.phrases or not prepositions else "against_defender"
    return "against_defender"


def _direction_named(told: Told, noun: Hit, against: Sequence[Hit], preposition: int) -> Direction | None:
    """Decide by who follows "against", where somebody does."""
    phrases = [phrase for phrase in told.phrases if phrase.first >= noun.first and not phrase.clitic]
    target = _phrase_at(phrases, preposition + 1)
    if target is not None and names_violence(told, preposition, target.first):
        return "for_defender"  # "an investigation into the attack on X"
    if target is not None and target.people:
        return "against_defender"
    officers = any(hit.value == "security_forces" and hit.first > preposition for hit in against)
    return "for_defender" if officers else None


def leads_to_offence(told: Told, noun: Hit) -> bool:
    """Tell "an investigation for sedition" from "an investigation for threats", which is into what was done to her."""
    opener = _opener_at(told, noun)
    return opener is not None and not is_grievance(told, opener, opener.last)


def _opener_at(told: Told, noun: Hit) -> Hit | None:
    near = within(told.passage.justice, noun.first, noun.first + 1)
    return next((hit for hit in near if hit.kind == "charge"), None)


def is_grievance(told: Told, opener: Hit, at: int) -> bool:
    """Tell what is complained of or looked into from an offence: "a complaint for threats"."""
    near = within(told.passage.justice, opener.first - 1, opener.last)
    looked_into = any(hit.kind == "procedure" and hit.value in {"complaint", "investigation"} for hit in near)
    return looked_into and names_violence(told, at, at + _ARTICLE)


def direction_of_verdict(told: Told, tried: Sequence[str]) -> Direction:
    """Tell the trial of officers from that of those whom they arrested."""
    heads = told.passage.heads
    officers = {
        label
        for phrase in told.phrases
        if phrase.official
        or any(at in heads and heads[at].value in _CULPRITS for at in range(phrase.first, phrase.last))
        for label in phrase.others
    }
    return "for_defender" if tried and officers.issuperset(tried) else "against_defender"


def _is_of_complaint(told: Told, noun: Hit) -> bool:
    """Tell whether a case is that of a complaint told before: "He filed a complaint, but the case was dropped"."""
    return any(found.act.type == "complaint" and found.at < noun.first for found in told.acts)


def names_violence(told: Told, first: int, last: int) -> bool:
    """Tell whether some words name what was done to somebody, or who did it."""
    return any(hit.value == "security_forces" for hit in within(told.passage.against, first, last))


def _phrase_at(phrases: Sequence[NounPhrase], at: int) -> NounPhrase | None:
    return next((phrase for phrase in phrases if at - 1 <= phrase.first <= at + 3), None)


def is_announced(told: Told, first: int, last: int) -> bool:
    """Tell whether a step is only to come: "a criminal case would be initiated"."""
    folded = told.passage.tokens.folded
    return any(
        told.passage.is_modal(at) and folded[at] not in {"to", "a", "de", "if", "si"} for at in range(first, last)
    )
