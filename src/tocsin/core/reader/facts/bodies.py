"""Which organisation is meant where its name is not said again: "its files", "sealed the door of the office"."""

from tocsin.core.reader.facts.frame import Before, Frame
from tocsin.core.reader.facts.noun_phrase import NounPhrase, names_one_of
from tocsin.core.reader.tokens import Hit

# What is done to people, never to an organisation.
_OF_PEOPLE = frozenset(
    {
        "killing", "abduction", "enforced_disappearance", "arbitrary_arrest", "arbitrary_detention", "release",
        "pretrial_detention", "conditional_release", "incommunicado", "torture", "ill_treatment",
    }
)  # fmt: skip


class Bodies:
    """Finds the organisations of one sentence.

    Args:
        frame: The sentence.
        before: What was told before it.

    Attributes:
        sufferer: Who suffered what was read last.
    """

    def __init__(self, frame: Frame, before: Before) -> None:
        self._phrases, self._authorities = frame.phrases, frame.words.authorities
        self._body, self._dissolved = before.body, before.dissolved
        self.sufferer: NounPhrase | None = None

    def owner(self, owner: NounPhrase) -> NounPhrase:
        """Read "the charter of Z was withdrawn and its accounts frozen": they are those of the organisation before."""
        before = [p for p in self._phrases if p.last <= owner.first and p.refs and not p.possessive]
        if not before and owner.anaphor and self._dissolved is not None:
            return self._dissolved  # "It was dissolved. Its accounts were frozen."
        last = before[-1] if before else None
        named = last is not None and not last.people and not last.acting and last.others[0][:1].isupper()
        if not named or last is None or names_one_of(last, self._authorities):
            return self.suffering() or owner
        return last

    def somebody(self, kind: str, victim: NounPhrase | None) -> NounPhrase | None:
        """Read "X, head of Z against the dam, which Q builds, was killed": who was killed is a person named before."""
        if victim is None or not victim.body or victim.people or kind not in _OF_PEOPLE:
            return victim
        before = (p for p in reversed(self._phrases) if p.last <= victim.first and p.people)
        return next((p for p in before if not (p.possessive or p.clitic)), None)

    def told_of(self, light: Hit, hit: Hit, subject: NounPhrase | None, topic: NounPhrase | None) -> NounPhrase | None:
        """Choose to whom a noun was done that does not say so: never to the body that only "condemns the threats"."""
        near = next((p for p in self._phrases if light.last <= p.first < hit.first and p.people), None)
        if near is None and (subject is None or subject.body):
            return self.sufferer or topic
        return near or subject

    def dissolved(self, victim: NounPhrase | None) -> NounPhrase | None:
        """Choose what is dissolved: an organisation, never who was spoken of before nor who ordered it."""
        if victim is None or victim.possessive or not (victim.people or names_one_of(victim, self._authorities)):
            return victim
        body = self._spoken_of()
        self.sufferer = body or self.sufferer
        return self.sufferer if body else None

    def suffering(self) -> NounPhrase | None:
        """Give the organisation to which something was done before in this sentence."""
        body = self.sufferer
        return body if body is not None and body.others and not body.people else None

    def meant(self) -> NounPhrase | None:
        """Give the organisation whose door was sealed where nothing says it."""
        return self.suffering() or self._spoken_of()

    def _spoken_of(self) -> NounPhrase | None:
        body = self._body()
        return NounPhrase(0, 0, others=(body,)) if body else None
