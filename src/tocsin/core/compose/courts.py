"""Clauses for detention and proceedings: steps that an event took, and where things stood on a date."""

from collections.abc import Callable, Iterable

from tocsin.core.compose.cast import Cast
from tocsin.core.compose.draft import Draft
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Charge, Detention, DetentionStatus, Event, Penalty, Place, Proceeding, Provision

_DAY_PARTS = ("years", "months", "days")
# Of those who were let go, what is said beside that; where there were conditions they say more.
_WAYS_OUT = {
    "released_pending": "released-pending",
    "released_expiry": "released-expiry",
    "released_pardon": "released-pardon",
}


class Courts:
    """Says steps before an authority, and states that last."""

    def __init__(self, draft: Draft, cast: Cast, country_name: Callable[[str], str]) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._country_name = country_name

    def clause(self, event: Event) -> str | None:
        """Give the clause for a procedure; `None` where the records do not say which step it was."""
        proceeding = self._draft.proceeding_of(event)
        steps = {step.step for step in proceeding.history if step.event == event.id} if proceeding else set()
        if event.procedure:
            steps.add(event.procedure)
        if proceeding is not None and (told := self._of_proceeding(proceeding, steps, event)):
            return self._amounting(told, event)
        detention = self._draft.detention_of(event)
        if detention is not None or steps & {"release", "conditional_release", "transfer", "hunger_strike"}:
            return self._of_detention(event, detention, steps)
        return self._of_people(event, steps)

    def _amounting(self, clause: str, event: Event) -> str:
        """Say of a step that is a violation at the same time which one it is, where a formula has the words for it."""
        formula = f"amounts-{event.act_type}"
        victims = self._cast.name(event.victims) if event.act_type else None
        if victims is None or not self._book.has(formula) or not clause.startswith(victims.text):
            return clause
        if actors := self._cast.name(event.actors):
            return self._book.say(f"{formula}.by", clause=clause, victims=victims, actors=actors)
        return self._book.say(formula, clause=clause, victims=victims)

    def sentences_passed(self, event: Event) -> str | None:
        """Give the clause for a sentence in court with what each was sentenced to; `None` where no record says it."""
        proceeding = self._draft.proceeding_of(event)
        if event.act_type != "sentencing" or proceeding is None or not proceeding.penalties:
            return None
        return self._each_sentenced(event.victims, event, proceeding)

    def _each_sentenced(self, people: Iterable[str], event: Event, proceeding: Proceeding) -> str | None:
        court = self._cast.name(event.actors) or self._court(proceeding)
        said: list[str] = []
        for person in people:
            penalties = [each for each in proceeding.penalties if not each.persons or person in each.persons]
            name = self._cast.name([person])
            if name and penalties:
                sentence = self._book.names([self.penalty(each) for each in penalties])
                said.append(self._book.say("to-sentence", people=name, sentence=sentence))
        if not said:
            return None
        sentences = self._book.names(said)
        if court is None:
            return self._book.say("sentenced-each-plain", sentences=sentences)
        return self._book.say("sentenced-each", authority=court, sentences=sentences)

    def _court(self, proceeding: Proceeding) -> Phrase | None:
        return self._cast.name([each for each in (proceeding.court, proceeding.authority) if each][:1])

    def _of_detention(self, event: Event, detention: Detention | None, steps: set[str]) -> str | None:
        people = self._cast.name(event.concerns or (detention.persons if detention else ()) or event.victims)
        if people is None:
            return None
        if "hunger_strike" in steps:
            return self._book.say("hunger-strike", people=people)
        if "transfer" in steps and (place := self.place_of(event.place)):
            return self._book.say("transferred", people=people, place=place)
        status = detention.status if detention else None
        if status and status.value in _WAYS_OUT:
            return self._book.say(_WAYS_OUT[status.value], people=people)
        if status and status.conditions and (said := self._conditions(status, detention)):
            return self._book.say("released-conditions", people=people, conditions=said)
        return self._book.say("released", people=people)

    def _conditions(self, status: DetentionStatus, detention: Detention | None) -> str | None:
        record = detention.id if detention else ""
        return self._draft.free_words(record, "status.conditions", status.conditions or "")

    def _of_proceeding(self, proceeding: Proceeding, steps: set[str], event: Event) -> str | None:
        defendants = self._cast.name(event.concerns or proceeding.defendants or event.victims)
        complainants = self._cast.name(proceeding.complainants)
        opened = steps & {"investigation_opened", "under_investigation"}
        if steps & {"complaint", "complaint_filed"} and complainants:
            return self._complaint(complainants, proceeding, opened=bool(opened))
        if opened:
            return self._opened(proceeding)
        if steps & {"discontinued", "investigation_closed"} and defendants:
            return self._book.say("investigation-stopped", people=defendants)
        if "rejected" in steps and proceeding.applicant:
            return self._refused(proceeding)
        if steps & {"sentencing", "convicted"} and any(each.persons for each in proceeding.penalties):
            return self._each_sentenced(event.concerns or proceeding.defendants or event.victims, event, proceeding)
        return self._against(proceeding, steps, defendants) if defendants else None

    def _against(self, proceeding: Proceeding, steps: set[str], people: Phrase) -> str | None:
        charges = self.charges(proceeding.charges)
        if "announced" in steps and charges:
            return self._book.say("charges-announced", people=people, charges=charges)
        if steps & {"charge", "charged"} and charges:
            return self._book.say("charges-filed", people=people, charges=charges)
        if steps & {"sentencing", "convicted"} and proceeding.penalties:
            return self._sentenced(proceeding, people)
        court = self._court(proceeding)
        if "hearing" in steps and court:
            return self._book.say("hearing", people=people, authority=court)
        simple = {
            "hearing": "hearing-plain",
            "trial": "trial",
            "at_trial": "trial",
            "convicted": "convicted",
            "acquitted": "acquitted",
            "acquittal": "acquitted",
            "on_appeal": "appealed",
            "suspended": "suspended",
        }
        formula = next((simple[step] for step in simple if step in steps), None)
        return self._book.say(formula, people=people) if formula else None

    def _of_people(self, event: Event, steps: set[str]) -> str | None:
        people = self._cast.name(event.concerns or event.victims)
        simple = {"hearing": "hearing-plain", "trial": "trial", "acquittal": "acquitted"}
        formula = next((simple[step] for step in simple if step in steps), None)
        return self._book.say(formula, people=people) if people and formula else None

    def _complaint(self, people: Phrase, proceeding: Proceeding, *, opened: bool) -> str:
        charges = self.charges(proceeding.charges)
        if opened and charges:
            return self._book.say("complaint-and-investigation", people=people, charges=charges)
        return self._book.say("complaint-filed", people=people)

    def _opened(self, proceeding: Proceeding) -> str:
        charges = self.charges(proceeding.charges)
        if charges:
            return self._book.say("investigation-opened", charges=charges)
        return self._book.say("investigation-opened-plain")

    def _refused(self, proceeding: Proceeding) -> str | None:
        applicant = self._cast.name([proceeding.applicant] if proceeding.applicant else [])
        authority = self._cast.name([proceeding.authority] if proceeding.authority else [])
        if applicant is None or authority is None:
            return None
        return self._book.say("registration-rejected", people=applicant, authority=authority)

    def _sentenced(self, proceeding: Proceeding, people: Phrase) -> str:
        sentence = self._book.names([self.penalty(each) for each in proceeding.penalties])
        court = self._court(proceeding)
        if court:
            return self._book.say("sentenced", people=people, authority=court, sentence=sentence)
        return self._book.say("sentenced-plain", people=people, sentence=sentence)

    def standing(self, proceeding: Proceeding) -> str | None:
        """Give the clause for where a case stands; `None` where no formula says it of anybody who may be named."""
        status = proceeding.status.value if proceeding.status else ""
        if proceeding.direction == "for_defender":
            formula, people = f"standing-complaint-{status}", self._cast.name(proceeding.complainants)
        else:
            formula, people = f"standing-{status}", self._cast.name(proceeding.defendants)
        if people is None or not self._book.has(formula):
            return None
        charges = self.charges(proceeding.charges)
        if charges and self._book.has(f"{formula}.charges"):
            return self._book.say(f"{formula}.charges", people=people, charges=charges)
        return self._book.say(formula, people=people)

    def penalty(self, penalty: Penalty) -> str:
        """Give a penalty: `two years and six months in prison`, or the words of the record."""
        if penalty.words and not (penalty.kind == "fine" and penalty.words[:1].isdigit()):
            return penalty.words
        amounts = [(part, getattr(penalty, part)) for part in _DAY_PARTS if getattr(penalty, part)]
        length = self._book.names(
            [self._book.say(f"length-{part}", n=Phrase(self._book.number(n), n)) for part, n in amounts]
        )
        amount = penalty.words or f"{penalty.amount or ''} {penalty.currency or ''}".strip()
        return self._book.say(f"penalty-{penalty.kind}", length=length, amount=amount)

    def charges(self, charges: Iterable[Charge]) -> str:
        """Give charges with their provisions: `“insult” (Article 3 of the Penal Code)`; empty where there are none."""
        return self._book.names([text for each in charges if (text := self._charge(each))])

    def _charge(self, charge: Charge) -> str | None:
        label = self._draft.words("charge", "label", charge.label)
        if label is None:
            return None
        offence = self._book.quote(label)
        provision = self.provision(charge.provision)
        if provision is None:
            return self._book.say("charge", offence=offence)
        return self._book.say("charge-law", offence=offence, provision=provision)

    def provision(self, provision: Provision | None) -> str | None:
        """Give a provision as it is printed; `None` where its law is not known."""
        law = self.law_of(provision)
        if provision is None or law is None:
            return None
        if not provision.article:
            return law
        return self._book.say("provision", article=provision.article, law=self._book.law(law))

    def law_of(self, provision: Provision | None) -> str | None:
        """Name the law of a provision: `Penal Code of Zarvania`."""
        if provision is None or provision.code is None or provision.country is None:
            return provision.code if provision else None
        return self._book.say("law-of", law=provision.code, country=self._country_name(provision.country))

    def place_of(self, place_id: str | None) -> str | None:
        """Name a place by its id."""
        place = self._draft.case.find_record(place_id, Place) if place_id else None
        return self._draft.words(place.id, "name", place.name) if place and place.rc in {None, "P"} else None
