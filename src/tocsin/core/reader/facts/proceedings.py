"""Charges, and what became of cases: "no investigation has been opened against the police officers"."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from tocsin.core.appeal import Charge, Proceeding
from tocsin.core.reader.facts.accusing import charges_nobody, names_no_offence, tried_before
from tocsin.core.reader.facts.charging import is_asked_for, linked_offences, sentenced_together
from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.found import FoundAct
from tocsin.core.reader.facts.laws import Provision, provisions
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.statuses import known_day
from tocsin.core.reader.facts.steps import (
    Direction,
    direction_of,
    direction_of_verdict,
    is_announced,
    is_grievance,
    is_in_name,
    is_of_another,
    is_participle,
    leads_to_offence,
    nearest_step,
    step_status,
)
from tocsin.core.reader.facts.words import ARTICLES
from tocsin.core.reader.tokens import Hit, fold, within

_OFFENCE_ENDS = frozenset(
    ". ; : ( ) , under pursuant after before following when while which who punishable contrary as by on at during for "
    "selon en conformément previsto prévu passible punis puni previstos tras según segun sobre durante apres prevu "
    "vertu que because filed lodged brought depuis desde since".split()
)
_OFFENCE_WORDS = 14
_LEADING = frozenset(
    "the of le la l' los las el de d' du , offence crime crimes delito delitos avoir haber having presunto presunta "
    "presuntos presuntas supuesto supuesta".split()
)
_OPENING, _CLOSING = frozenset("“«\"„‘'"), frozenset("”»\"’'“")
_AND, _VERB_BEHIND = frozenset({"and", "et", "y", "e"}), 4  # "guilty of sedition and sentenced her"
_NO_END = frozenset("and et y was the he she a al la el los las le l'".split())
_REPEATED = frozenset({"de", "d'", "of", "por", "pour"})
_FOR = frozenset({"for", "pour", "por"})
_IN_COURT = frozenset(
    {
        "charge",
        "sentencing",
        "fine",
        "summons",
        "judicial_harassment",
        "arbitrary_arrest",
        "arbitrary_detention",
        "trial",
    }
)
_OF_BODIES = frozenset({"dissolution", "association_obstructed", "registration_denied", "funding_restricted"})
_NEAR = 12
_LEAD = 3  # words before a verb that may say that it is only to come
_THE = frozenset({"the", "la", "le", "l'", "les", "el", "las", "los"})
_JUDGED = frozenset({"convicted", "acquitted", "final", "on_appeal"})
_BEFORE_JUDGMENT, _VERDICT_OF_COURT = frozenset({"announced", "charged", "at_trial"}), ("convicted", "acquitted")
_ANSWERS = ("rejected", "not_opened", "discontinued", "under_investigation")
"""What becomes of a complaint; told in one sentence with it, the complaint is no proceeding of its own."""

_BEFORE_TRIAL = frozenset({"pretrial_detention", "released_pending"})
_BRACKET = 4  # characters: a closing mark, a space, an opening bracket
_CHARGED_TOGETHER = 50
"""So many people a sentence charges at most; a list without an end must not take minutes."""


_VERDICTS = {"sentencing": "convicted", "acquittal": "acquitted", "charge": "charged"}
"""What a court has decided where an act of these types is told, in whatever words."""


class ProceedingReader:
    """Reads the charges and proceedings of a story, sentence by sentence.

    Args:
        issued_on: Date of the document, as of which a status is known.
        defenders: The names of those whom the document is about.
    """

    def __init__(self, issued_on: dt.date | None, defenders: Iterable[str]) -> None:
        self._issued_on = issued_on
        self._defenders = frozenset(defenders)
        self.charges: list[Charge] = []
        self.proceedings: list[Proceeding] = []
        self._told: set[tuple[str, str, str]] = set()
        self._told_on: list[str] = []
        self._days: dict[tuple[Direction, str], list[str]] = {}
        self._people: dict[tuple[Direction, str], set[str]] = {}
        self._fined = False
        self._judged_on: list[str] = []
        self._charges_by_key: dict[tuple[str | None, str], set[int]] = {}
        self._passage: Passage | None = None
        self._articles: Sequence[Provision] = ()

    def read(self, told: Told) -> None:
        """Read one sentence."""
        if told.acts and not self._fined:
            self._fined = any(found.act.type == "fine" for found in told.acts)
        first, last = told.sentence.first, told.sentence.last
        hits = [*within(told.passage.justice, first, last), *within(told.passage.verdicts, first, last)]
        hits += _quoted_offences(told, hits)
        hits += linked_offences(told, hits)
        if not hits:
            return
        if self._passage is not told.passage:
            self._passage = told.passage
            self._articles = sorted(provisions(told.passage), key=attrgetter("first"))
        articles = within(self._articles, first, last)
        attribution = _attribution(told, hits)
        charged_before = len(self.charges)
        for hit in hits:
            if hit.kind == "charge":
                self._charge(told, hit, hits, articles, attribution)
        steps = self._steps(told, hits, attribution, new_charge=len(self.charges) > charged_before)
        if told.acts:
            self._verdicts(told, hits, steps)

    def _charge(
        self, told: Told, opener: Hit, hits: Sequence[Hit], articles: Sequence[Provision], attribution: str | None
    ) -> None:
        status = _charge_status(told, opener, hits)
        if is_grievance(told, opener, opener.last) or charges_nobody(told, opener):
            return
        if status in {"under_investigation", "discontinued"}:
            self._add(told, "against_defender", status)
        provision = next((p for p in articles if p.first >= opener.first), articles[-1] if articles else None)
        people = _people(told, opener, hits)
        if people == [None] and any(found.act.type in _OF_BODIES for found in told.acts):
            return  # "closed the office on the grounds of “disorder”"
        unnamed: list[tuple[str | None, tuple[int, int] | None]] = [(None, None)]
        for offence, span in _offences(told, opener, provision) or _in_brackets(told, provision) or unnamed:
            if (offence is None and provision is None) or fold(offence or "") in told.passage.words.no_offences:
                return
            place = span or told.passage.tokens.span(opener.first, opener.last)
            own = _right_behind(told, articles, place) or provision
            article, law = (own.article, own.law) if own else (None, None)
            for person in people:
                self._enter(Charge(offence, article, law, person, status, attribution, place), _day(told))

    def _enter(self, charge: Charge, day: str) -> None:
        """Enter a charge, or what is new of it where it was told before."""
        known = {at for key in _keys(charge) for at in self._charges_by_key.get(key, ())}
        same = [at for at in known if _same_charge(charge, self.charges[at])]
        for at in same:
            other = self.charges[at]
            self.charges[at] = replace(
                other,
                status=charge.status,
                provision=other.provision or charge.provision,
                law=other.law or charge.law,
            )
        if not same:
            same = [len(self.charges)]
            self.charges.append(charge)
            self._told_on.append(day)
        for at in same:
            for key in _keys(self.charges[at]):
                self._charges_by_key.setdefault(key, set()).add(at)

    def _steps(self, told: Told, hits: Sequence[Hit], attribution: str | None, *, new_charge: bool) -> set[int]:
        """Read the steps of proceedings; give the places of their verbs."""
        used: set[int] = set()
        for noun in hits:
            if noun.kind != "procedure" or noun.value == "none" or is_participle(told, noun) or is_in_name(told, noun):
                continue
            if noun.value == "warrant":
                continue  # it leads to an offence; "held on a warrant" is no step
            if noun.value == "complaint" and leads_to_offence(told, noun):
                continue  # "a complaint for libel was filed against her"
            step = nearest_step(told, hits, noun, used)
            if step is None:
                continue
            used.add(step.first)
            status = step_status(told, noun, step)
            if status is not None:
                self._step(told, noun, status, attribution, new_charge=new_charge)
        if not used and self._appeals(hits):
            self._add(told, "against_defender", "on_appeal")
        return used

    def _step(self, told: Told, noun: Hit, status: str, attribution: str | None, *, new_charge: bool) -> None:
        """Enter a step of a proceeding, unless more is known of it."""
        direction = direction_of(told, noun)
        if status == "not_opened" and any(found.act.type == "impunity" for found in told.acts):
            direction = "for_defender"
        if noun.value == "investigation" and direction == "for_defender" and status == "under_investigation":
            if ("against_defender", status, told.passage.sentence_text(told.sentence)) in self._told:
                return  # "arrested in an investigation opened for “sedition”"
            if self.charges and told.passage.tokens.folded[noun.first - 1] in _THE:
                direction = "against_defender"  # "the investigation is under way"
        if noun.value == "appeal" and not self._is_tried() and not _names_sentence(told):
            direction = "for_defender"  # an organisation's, against its closure
        elif noun.value == "appeal":
            status = {"complaint_filed": "on_appeal", "rejected": "final", "discontinued": "final"}.get(status, status)
        if direction == "against_defender" and status == "at_trial" and self._is_judged(told):
            return
        if noun.value == "complaint" and direction == "for_defender" and is_of_another(told):
            return
        self._add(told, direction, status)
        if direction == "against_defender" and status in {"discontinued", "suspended"} and not new_charge:
            self._update_charges(told, status, attribution)

    def _is_judged(self, told: Told) -> bool:
        """Tell whether a court had decided when something was told of the trial: "the trial had begun in July"."""
        if not self._judged_on:
            return False
        day = _day(told)
        return not day or not all(self._judged_on) or day <= max(self._judged_on)

    def _is_tried(self) -> bool:
        """Tell whether somebody was tried, not an organisation closed."""
        return self._fined or any(one.direction == "against_defender" for one in self.proceedings)

    def _appeals(self, hits: Sequence[Hit]) -> bool:
        """Tell whether who was tried appeals ("X appealed the sentence"), not an organisation that was closed."""
        return self._is_tried() and any(hit.value == "on_appeal" for hit in hits)

    def _verdicts(self, told: Told, hits: Sequence[Hit], steps: Collection[int]) -> None:
        """Read "was sentenced", "was acquitted": what a court did to a person named in the sentence.

        "La causa fue sobreseída" is a step of the case, and acquits nobody.
        """
        acts = {found.at: found.act for found in told.acts}
        for hit in hits:
            if hit.kind == "verdict" and hit.first not in steps and (act := acts.get(hit.first)) is not None:
                if act.type not in _VERDICTS and hit.value == "charged":
                    continue  # "police charged the crowd"
                self._add(told, direction_of_verdict(told, act.victims), hit.value)
                if hit.value != "charged":
                    self._decide(act.victims, hit.value, _day(told))
        nouns = {hit.value for hit in hits if hit.kind == "procedure"}
        appealed = self._appeals(hits) or not nouns.isdisjoint({"appeal", "sentence"})
        for found in told.acts:
            if found.act.type == "complaint" and not appealed and self._is_complained(told, found):
                self._add(told, "for_defender", "complaint_filed")
            verdict = _VERDICTS.get(found.act.type)
            if verdict is None or found.act.voice == "nominal" or not found.act.victims or found.at in steps:
                continue
            charged = verdict == "charged"
            known = charged and any(one.status == "charged" for one in self.proceedings)
            if not known and (not charged or not self._defenders.isdisjoint(found.act.victims)):
                self._add(told, direction_of_verdict(told, found.act.victims), verdict)
                if verdict != "charged":
                    self._decide(found.act.victims, verdict, _day(told))

    def _is_complained(self, told: Told, found: FoundAct) -> bool:
        """Tell whether somebody has complained, of which the sentence does not say what became."""
        if found.act.voice == "nominal" or is_of_another(told):
            return False
        sentence = told.passage.sentence_text(told.sentence)
        if any(("for_defender", status, sentence) in self._told for status in _ANSWERS):
            return False
        return not is_announced(told, max(told.sentence.first, found.at - _LEAD), found.at)

    def _decide(self, people: Sequence[str], status: str, day: str) -> None:
        """Enter what a court decided of the charges of some people; of one that came later it decided nothing."""
        for at, charge in enumerate(self.charges):
            came_later = bool(day) and self._told_on[at][: len(day)] > day
            if charge.person in people and charge.status in {"charged", "announced"} and not came_later:
                self.charges[at] = replace(charge, status=status)

    def _add(self, told: Told, direction: Direction, status: str) -> None:
        sentence = told.passage.sentence_text(told.sentence)
        if direction == "against_defender" and status in _JUDGED:
            self._judged_on.append(_day(told))
        self._told.add((direction, status, sentence))
        people = self._defenders.intersection(person.name for phrase in told.phrases for person in phrase.people)
        self._people.setdefault((direction, status), set()).update(people)
        self._days.setdefault((direction, status), []).append(_day(told))
        if not any(p.direction == direction and p.status == status for p in self.proceedings):
            span = told.passage.tokens.span(told.sentence.first, told.sentence.last)
            self.proceedings.append(Proceeding(direction, status, self._issued_on, sentence, span))

    def latest(self) -> list[Proceeding]:
        """Give how each proceeding stands: that a trial began says no more once its verdict is told."""
        return [one for one in self.proceedings if not self._is_over(one)]

    def _is_over(self, one: Proceeding) -> bool:
        """Tell whether all whom a step concerned were judged on its day or later."""
        if one.direction != "against_defender" or one.status not in _BEFORE_JUDGMENT:
            return False
        days = self._days[one.direction, one.status]
        judged: set[str] = set()
        for status in _VERDICT_OF_COURT:
            verdicts = self._days.get((one.direction, status), [])
            if all(days) and verdicts and all(verdicts) and max(days) <= min(verdicts):
                judged |= self._people[one.direction, status]
        return bool(judged) and self._people[one.direction, one.status] <= judged

    def _update_charges(self, told: Told, status: str, attribution: str | None) -> None:
        people = {person.name for phrase in told.phrases if not phrase.clitic for person in phrase.people}
        fitting = [at for at, charge in enumerate(self.charges) if charge.person in people]
        another = not fitting and not people.isdisjoint(self._defenders)
        for at in fitting or range(0 if another else len(self.charges))[-1:]:
            charge = self.charges[at]
            self.charges[at] = replace(charge, status=status, attribution=attribution or charge.attribution)


def _names_sentence(told: Told) -> bool:
    """Tell whether it is a sentence that is appealed against: "an appeal against her conviction"."""
    hits = within(told.passage.justice, told.sentence.first, told.sentence.last)
    return any(hit.kind == "procedure" and hit.value == "sentence" for hit in hits)


def _day(told: Told) -> str:
    """Give the day of a sentence as far as it is known ("2016", "2019-05-20")."""
    return known_day((told.event.date or "") if told.event else "")


def _keys(charge: Charge) -> Iterator[tuple[str | None, str]]:
    """Give what a charge has in common with the same charge told again: its person, and its offence or its article."""
    if charge.offence:
        yield charge.person, charge.offence.casefold()
    if charge.provision:
        yield charge.person, charge.provision


def _same_charge(left: Charge, right: Charge) -> bool:
    if left.person != right.person:
        return False
    if left.offence and right.offence:
        return left.offence.casefold() == right.offence.casefold()
    return left.provision is not None and left.provision == right.provision


def _charge_status(told: Told, opener: Hit, hits: Sequence[Hit]) -> str:
    if opener.value == "charged":
        verdict = next((hit.value for hit in hits if hit.kind == "verdict" and hit.value != "charged"), None)
        if verdict is not None:
            return verdict
        if any(found.act.type == "sentencing" for found in told.acts):
            return "convicted"
        hearsay = told.passage.tokens.folded[opener.first - 1] in told.passage.words.grammar["future_in_past"]
        if hearsay or is_announced(told, max(told.sentence.first, opener.first - _NEAR), opener.first):
            return "announced"  # "elle serait accusée de …"
        steps = {hit.value for hit in hits if hit.kind == "procedure"}
        is_noun = any(hit.kind == "procedure" and hit.first == opener.first for hit in hits)
        if (opener.last - opener.first == 1 or is_noun) and steps == {"investigation"}:
            return "under_investigation"  # "an investigation was opened against X for “sedition”"
    if opener.value == "convicted" and (_is_remanded(told, opener, hits) or is_asked_for(told, opener)):
        return "charged"
    return opener.value


def _is_remanded(told: Told, opener: Hit, hits: Sequence[Hit]) -> bool:
    """Tell a term before trial from a sentence: "prisión preventiva por tres meses por el delito de …"."""
    if any(hit.kind == "verdict" and hit.value == "convicted" for hit in hits):
        return False
    held = within(told.passage.outcomes, told.sentence.first, opener.first + 1)
    return any(hit.value in _BEFORE_TRIAL for hit in held)


def _offences(told: Told, opener: Hit, provision: Provision | None) -> list[tuple[str, tuple[int, int]]]:
    """Read what follows an opener: names in quotation marks, or the words up to the end of the clause."""
    tokens = told.passage.tokens
    end = told.sentence.last
    at = _past_lead(told, opener.last)
    found: list[tuple[str, tuple[int, int]]] = []
    while at < end and tokens.words[at] in _OPENING:
        close = next((i for i in range(at + 1, min(end, at + 30)) if tokens.words[i] in _CLOSING), None)
        if close is None or close == at + 1:
            break
        found.append((tokens.slice(at + 1, close), tokens.span(at + 1, close)))
        at = _next_in_list(told, _behind_brackets(tokens.words, close + 1, end))
    if found:
        return found
    if names_no_offence(told, at) or any(p.first <= at < p.last and p.others for p in told.phrases):
        return []  # "condenada por el Tribunal de Velm"
    last = at
    end = next(
        (phrase.first for phrase in told.phrases if phrase.people and phrase.first > at and not phrase.clitic), end
    )
    while (
        last < end
        and last - at < _OFFENCE_WORDS
        and tokens.folded[last] not in _OFFENCE_ENDS
        and not tokens.words[last].endswith("ó")  # "desacato culminó con"
        and tokens.words[last] not in _OPENING
        and not _says_by_whom(told, last)
        and not (tokens.folded[last] in _AND and within(told.passage.verbs, last + 1, last + _VERB_BEHIND))
    ):
        last += 1
    while last > at and tokens.folded[last - 1] in _NO_END:
        last -= 1
    if last == at or (provision is not None and provision.first == at):
        return []
    return [(tokens.slice(at, last), tokens.span(at, last))]


def _says_by_whom(told: Told, at: int) -> bool:
    """Tell the "par" of "accusés de fraude par le préfet" from that of "diffamation par voie de presse"."""
    passage, behind = told.passage, told.passage.tokens.folded[at + 1 : at + 2]
    by_whom = passage.tokens.folded[at] in passage.words.grammar["by"] and behind
    return bool(by_whom) and (behind[0] in ARTICLES or at + 1 in passage.capitals)


def _past_lead(told: Told, at: int) -> int:
    """Pass over what leads in an offence: "the crime of", "three counts of"."""
    folded, end = told.passage.tokens.folded, told.sentence.last
    if folded[at + 1 : at + 2] in (["counts"], ["count"]):
        at += 2
    while at < end and folded[at] in _LEADING:
        at += 1
    return at


def _in_brackets(told: Told, provision: Provision | None) -> list[tuple[str, tuple[int, int]]]:
    """Read the offence behind its article: "under Article 212 (insulting an official)"."""
    tokens = told.passage.tokens
    if provision is None or tokens.words[provision.last : provision.last + 1] != ["("]:
        return []
    first = provision.last + 1
    last = _behind_brackets(tokens.words, provision.last, told.sentence.last) - 1
    while first < last and tokens.words[first] in _OPENING and tokens.words[last - 1] in _CLOSING:
        first, last = first + 1, last - 1
    named = last - first > 0 and tokens.words[first][0].isalpha()
    return [(tokens.slice(first, last), tokens.span(first, last))] if named else []


def _right_behind(told: Told, articles: Sequence[Provision], offence: tuple[int, int]) -> Provision | None:
    """Find the article that stands right behind an offence: "“libel” (Article 173) and “slander” (Article 174)"."""
    starts = told.passage.tokens.starts
    return next((each for each in articles if 0 <= starts[each.first] - offence[1] <= _BRACKET), None)


def _behind_brackets(words: Sequence[str], at: int, end: int) -> int:
    """Give the place behind "(Article 173-1 of the Criminal Code)", where one stands at a place."""
    if at >= end or words[at] != "(":
        return at
    return next((close + 1 for close in range(at + 1, end) if words[close] == ")"), at)


def _next_in_list(told: Told, at: int) -> int:
    """Pass over what leads to another offence: "de « rébellion » et d'« incitation à la révolte »"."""
    tokens, end = told.passage.tokens, told.sentence.last
    while at < end and tokens.folded[at] in {",", "and", "et", "y", "e"}:
        at += 1
    repeated = at + 1 < end and tokens.folded[at] in _REPEATED and tokens.words[at + 1] in _OPENING
    return at + repeated


def _quoted_offences(told: Told, hits: Sequence[Hit]) -> list[Hit]:
    """Read "convicted X and fined them …, for “Y”": what a court did may stand far from what it did it for."""
    tokens = told.passage.tokens
    if not told.passage.quotes or _OPENING.isdisjoint(tokens.words[told.sentence.first : told.sentence.last]):
        return []
    told_before = [hit.first for hit in hits if hit.kind in {"charge", "verdict", "procedure"}]
    told_before += [found.at for found in told.acts if found.act.type in _IN_COURT]
    known = {hit.last for hit in hits if hit.kind == "charge"}
    first = min(told_before, default=told.sentence.last)
    return [
        Hit(at, at + 1, "charge", "charged")
        for at in range(first, told.sentence.last - 1)
        if tokens.folded[at] in _FOR and tokens.words[at + 1] in _OPENING and at + 1 not in known
    ]


def _people(told: Told, opener: Hit, hits: Sequence[Hit]) -> list[str | None]:
    """Choose whom the charge is against: the nearest people before it, or behind where none are before.

    Where nobody is named ("Fue acusada de …"), the act that the same words tell knows whom it was about.
    """
    people = [phrase for phrase in told.phrases if phrase.people]
    accused = next((found.act.victims for found in told.acts if opener.first <= found.at < opener.last), ())
    if accused and {person.name for phrase in people for person in phrase.people}.isdisjoint(accused):
        return list(accused[:_CHARGED_TOGETHER])  # "X defends two activists who are accused of sedition"
    before = [phrase for phrase in people if phrase.first < opener.last]
    named = before[-1] if before else (people[0] if people and tried_before(told, opener) is None else None)
    if (together := sentenced_together(told, before, opener, hits)) is not None:
        return list(together[:_CHARGED_TOGETHER])
    if named is not None:
        return [person.name for person in named.people[:_CHARGED_TOGETHER]]
    return list(accused[:_CHARGED_TOGETHER]) or [None]


def _attribution(told: Told, hits: Sequence[Hit]) -> str | None:
    """Read "according to both human rights defenders": the words behind the opener, up to a comma."""
    tokens = told.passage.tokens
    for hit in hits:
        if hit.kind == "attribution":
            last = hit.last
            while last < told.sentence.last and tokens.words[last] not in {",", ".", ";", "("} and last - hit.last < 12:
                last += 1
            return tokens.slice(hit.last, last) or None
    return None
