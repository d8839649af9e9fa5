"""Noun phrases: who a stretch of a sentence speaks of, with pronouns and "the two defenders" resolved."""

from collections.abc import Sequence
from itertools import dropwhile, islice
from operator import attrgetter

from msgspec.structs import replace as changed

from tocsin.core.reader.facts.entities import Entity, Mention
from tocsin.core.reader.facts.groups import GroupMention, Groups
from tocsin.core.reader.facts.kin import Kin, find_kin
from tocsin.core.reader.facts.noun_phrase import (
    NounPhrase,
    acts_there,
    apposition_between,
    body_named_in,
    closed_soon,
    in_apposition,
    in_one_list,
    is_taken_up,
    joined,
    list_opening,
    listed_before,
    names_before,
    together,
)
from tocsin.core.reader.facts.passage import Passage, Sentence
from tocsin.core.reader.facts.pronouns import (
    agreed,
    bound_pronouns,
    count_said,
    dative_at,
    gender_said,
    is_alone,
    is_anybody,
    is_of_somebody,
    is_of_stranger,
    is_pronoun,
    kin_meant,
    opens_what_is_said,
    says_who_follows,
)
from tocsin.core.reader.facts.words import ARTICLES
from tocsin.core.reader.tokens import Hit, fold, within

_BYSTANDERS = frozenset({"lawyer", "official"})  # a relative may well be the victim, above all in a report
_SPOKEN_OF = frozenset({"defender", "relative", "other", "lawyer"})
_OFFICIAL = frozenset({"police", "intelligence", "military", "prison_staff"})
_MEMORY = 100
"""How many people a pronoun may go back over; without a limit a list of thousands would take minutes."""

_FEW = 3  # signs and articles between "two volunteers" and their names
_FIRST, _OF_THE = attrgetter("first"), frozenset({"des", "aux"})  # "des deux défenseurs"
_SO_MANY = {"men": "m", "women": "f", "people": "", "counted": None}
"""Gender of those whom "the two men", "the two women", "the two nurses" (either) and "the two" mean."""


class Discourse:
    """Remembers who was spoken of, from passage to passage.

    Args:
        groups: The groups of the document.
        protagonists: Whom the document is about; "the two defenders" means them unless others were named since.
        ours: The organisation that writes, which is meant by "our office".
        house: The organisation the document is about, if it is about one.
    """

    def __init__(
        self, groups: Groups, protagonists: Sequence[Entity], ours: str | None = None, house: str | None = None
    ) -> None:
        self.groups, self._protagonists = groups, tuple(protagonists)
        self._ours, self._house = ours, house or ours
        self._bodies: dict[str, None] = {}
        self._latest: tuple[Entity, ...] = ()
        self._alone: Entity | None = None
        self._leads = self._several = self._drops_subject = False
        self._recent: dict[Entity, None] = {}
        self._plural: tuple[Entity, ...] = self._protagonists
        self._named_as: dict[str, tuple[Entity, ...]] = {}
        self._group: str | None = None
        self._many = NounPhrase(0, 0)
        self._leading: str | None = None
        self._end = 0
        self._sufferers: set[str] = set()
        self._mentions: list[GroupMention] = []

    def is_bystander(self, person: Entity) -> bool:
        """Tell whether a pronoun rarely means somebody: a lawyer or an official to whom nothing is done.

        Where a subject may be left unsaid it is whom the document is about, rather than the relative named last.
        """
        if person.protagonist or person.beneficiary or person.name in self._sufferers:
            return False
        role = person.role
        return role in _BYSTANDERS or (role == "relative" and self._drops_subject and bool(self._protagonists))

    def suffered(self, names: Sequence[str]) -> None:
        """Learn to whom something was done; "both" are those to whom it was done together."""
        self._sufferers.update(names)
        if len(names) > 1:
            known = {person.name: person for person in self._recent if person.name in names}
            self._plural = tuple(known[name] for name in names) if len(known) == len(names) else self._plural

    def is_named(self, label: str, people: tuple[Entity, ...]) -> None:
        """Learn who the people of a group are."""
        self._named_as[label] = people

    def enter(self, passage: Passage) -> None:
        """Begin a passage."""
        self._mentions = self.groups.find(passage)
        self._drops_subject = passage.words.drops_subject

    def noun_phrases(self, passage: Passage, sentence: Sentence, mentions: Sequence[Mention]) -> list[NounPhrase]:
        """List the noun phrases of a sentence with these names from left to right, and remember them."""
        phrases: list[NounPhrase] = []
        first, last = sentence.first, sentence.last
        self._end = passage.tokens.end(last - 1)
        people = {mention.first: mention for mention in mentions}
        groups = self._groups_between(passage, mentions, first, last)
        bound = bound_pronouns(passage, first, last)
        kin = find_kin(passage, first, last, people)
        # In "the lawyer of X, Mr. Y" it is told of Y, and of nobody before.
        skipped = {at: each.last for at, each in kin.items() if each.named and each.owner} if kin else {}
        free = first
        for at in sorted({*people, *groups, *bound, *kin, *map(_FIRST, within(passage.going_back, first, last))}):
            if at in skipped:
                free = max(free, skipped[at])
                continue
            phrase = self._kin(passage, kin[at], phrases) if at >= free and at in kin else None
            if phrase is None:
                phrase = self._at(passage, at, people, groups, phrases) if at >= free else None
            if phrase is None and at in bound:
                phrase = self._pronoun(passage, at, at + 1, bound[at], phrases)
            if phrase is None:
                continue
            free = phrase.last
            if phrases and at in people and names_before(passage, phrases[-1], people[at]):
                phrase = changed(phrase, first=phrases.pop().first)
            self._plural = together(passage, phrases, phrase) or self._plural
            while phrases and phrase.people and in_apposition(passage, phrases, phrase):
                phrases.pop()
            if phrases and (
                in_one_list(passage, phrases[-1], phrase) or apposition_between(passage, phrases[-1], phrase)
            ):
                phrase = joined(phrases.pop(), phrase)
            self._remember(phrase, named=at in people)
            phrases.append(phrase)
        phrases = self._enumerated(passage, sentence, self._counted_and_named(passage, phrases))
        singly = {phrase.people for phrase in phrases if len(phrase.people) == 1}
        self._alone = next(iter(singly))[0] if len(singly) == 1 else None
        told = [p for p in phrases if (p.people or p.others) and not (p.clitic or p.possessive or p.relative)]
        self._leads = bool(told) and told[0].people == (self._alone,)
        self._remember_subject(passage, sentence, [phrase for phrase in told if phrase.people])
        several = (
            p for p in phrases if not (p.people or p.kin or p.possessive or p.relative) and (p.official or p.is_plural)
        )
        self._leading = next((p.others[0] for p in several if self.groups.named(p.others[0])), self._leading)
        return phrases

    def _remember_subject(self, passage: Passage, sentence: Sentence, told: Sequence[NounPhrase]) -> None:
        """Keep in mind with whom of those told of the last clause began: what follows is more often said of them."""
        if len(told) > 1 and ";" in (words := passage.tokens.folded[sentence.first : sentence.last]):
            clause = sentence.last - words[::-1].index(";")
            told = [phrase for phrase in told if phrase.first >= clause] or told
        first_told = next((p for p in told if not all(map(self.is_bystander, p.people))), None)
        if first_told is not None and (self._drops_subject or len(first_told.people) == 1):
            self._remember(first_told)

    def _kin(self, passage: Passage, kin: Kin, before: list[NounPhrase]) -> NounPhrase | None:
        """Read "her mother", who is nobody else; who is named behind is a phrase of their own."""
        said = before and before[-1].people and before[-1].last == kin.first - 1
        if kin.named is not None or (said and kin.owner and passage.tokens.folded[kin.first - 1] == ","):
            return None  # "X, the wife of Y, was beaten"
        if kin.owner is not None:
            owners: tuple[Entity, ...] = (kin.owner.entity,)
            self._remember(NounPhrase(kin.first, kin.first, owners))  # "X's assistant was questioned. Her home …"
        else:
            hits = (hit for hit in passage.groups.get(kin.first, ()) if hit.kind == "pronoun")
            owner = next((self._pronoun(passage, hit.first, hit.last, hit.value, before) for hit in hits), None)
            owners = owner.people if owner else ()
            if owner and owner.anaphor and not passage.tokens.folded[kin.last - 1].endswith("s"):
                owners = owners[-1:]  # "su esposa": of several people she is the wife of one
        if kin.value == "fellow" and (fellow := self._fellow(passage, kin, owners)) is not None:
            return NounPhrase(kin.first, kin.last, (fellow,), anaphor=True)
        if kin.value == "relative" and (known := self._relative_named(passage, kin)) is not None:
            return NounPhrase(kin.first, kin.last, (known,), anaphor=True)
        label = self.groups.kin(passage, kin.first, kin.last, kin.value).label
        return NounPhrase(kin.first, kin.last, others=(label,), kin=kin.value, owners=owners)

    def _counted_and_named(self, passage: Passage, phrases: list[NounPhrase]) -> list[NounPhrase]:
        """Read "two volunteers, X and Y": a comma, and as many names behind it, say who they are."""
        if len(phrases) < 2:
            return phrases
        named: list[NounPhrase] = []
        for phrase in phrases:
            before = named[-1] if named else None
            if before is not None and len(phrase.people) > 1 and len(before.others) == 1 and not before.people:
                group = self.groups.named(before.others[0])
                gap = passage.tokens.folded[before.last : phrase.first]
                told = not (phrase.anaphor or phrase.clitic or phrase.relative or phrase.possessive)
                only_names = gap[:1] == [","] and len(gap) <= _FEW and ARTICLES.issuperset(gap[1:])
                if group and group.size == len(phrase.people) and told and only_names:
                    named[-1] = changed(phrase, first=before.first)
                    self._named_as[group.label] = phrase.people
                    continue
            named.append(phrase)
        return named

    def _enumerated(self, passage: Passage, sentence: Sentence, phrases: list[NounPhrase]) -> list[NounPhrase]:
        """Read "four leaders: X, aged 34; Y; and Z", "eleven people, among them X and Y": they are who is named."""
        for number, phrase in enumerate(phrases[:-1]):
            if not phrase.others or phrase.people or phrase.possessive:
                continue
            behind = list(dropwhile(lambda each: not each.people or each.clitic, phrases[number + 1 :]))
            if not behind:
                break
            opening = list_opening(passage, phrase.first, behind[0].first)
            if opening is None or within(passage.verbs, opening, behind[0].first) or acts_there(passage, phrase):
                continue
            if within(passage.verbs, phrase.last, opening) and not is_taken_up(phrases, number, opening):
                continue
            verb = next((hit.first for hit in within(passage.verbs, opening, sentence.last)), sentence.last)
            named = (each for each in behind if each.people and not (each.possessive or each.clitic))
            people = tuple(dict.fromkeys(person for each in named if each.first < verb for person in each.people))
            if people:
                phrases[number] = changed(phrase, people=people, others=())
                self._remember(phrases[number])
        return phrases

    def _groups_between(
        self, passage: Passage, names: Sequence[Mention], first: int, last: int
    ) -> dict[int, GroupMention]:
        """Give the groups among some words by their first word, without those that are part of a name."""
        groups = within(self._mentions, first, last)
        if not groups:
            return {}
        named = {at for name in names for at in range(name.first, name.last)}
        # Of "the police of Karvel" and "the Karvel police" the town is a name; of "the National Police" all words are.
        inside = {g.first for g in groups if g.acting and named.issuperset(g.leading)}
        # … and "el fiscal X" is X.
        people = {name.first for name in names if name.entity.kind == "person"}
        inside |= {g.first for g in groups if g.acting and g.last in people}
        # … and in "X, guardia indígena" the guard is X.
        behind = {name.last + 1 for name in names if name.entity.kind == "person"}
        beside = [g for g in groups if g.first in behind and g.group.size is None]
        inside |= {g.first for g in beside if not g.acting or closed_soon(passage, g.last)}
        # … and in "X and Y, two volunteers of Z, were shot" the two are X and Y.
        counted = (g for g in groups if g.first in behind and g.group.size == listed_before(passage, names, g.first))
        inside |= {g.first for g in counted if not g.acting and (closed_soon(passage, g.last) or g.last >= last - 1)}
        return {g.first: g for g in groups if g.first not in named and g.first not in inside}

    def _at(
        self,
        passage: Passage,
        at: int,
        people: dict[int, Mention],
        groups: dict[int, GroupMention],
        before: list[NounPhrase],
    ) -> NounPhrase | None:
        if at in people:
            return self._named(passage, people[at])
        for hit in passage.groups.get(at, ()):
            if hit.kind in {"pronoun", "dative"} and (dative := dative_at(passage, at)) is not None:
                return self._pronoun(passage, hit.first, hit.last, dative, before)
            if hit.kind == "anaphor" and says_who_follows(passage, hit, people):
                return None  # "la periodista X": the words say what X is
            if hit.kind == "anaphor":
                return self._described(passage, hit) or self._anaphor(passage, hit.first, hit.last, hit.value)
            if hit.kind == "pronoun" and at not in groups and is_pronoun(passage, hit):
                return self._pronoun(passage, hit.first, hit.last, hit.value, before)
        if at in groups:
            found = groups[at]
            official = found.group.actor_type in _OFFICIAL
            return NounPhrase(
                found.first, found.last, others=(found.group.label,), acting=found.acting, official=official
            )
        return None

    def _named(self, passage: Passage, mention: Mention) -> NounPhrase | None:
        """Give a person or an organisation by name, and remember which body was spoken of."""
        if mention.entity.kind == "person":
            return NounPhrase(mention.first, mention.last, (mention.entity,))
        if mention.entity.kind != "organisation":
            return None
        if passage.words.authorities.isdisjoint(passage.tokens.folded[mention.first : mention.last]):
            self._bodies.pop(mention.entity.name, None)
            self._bodies[mention.entity.name] = None
        return NounPhrase(mention.first, mention.last, others=(mention.entity.name,), body=True)

    def _described(self, passage: Passage, hit: Hit) -> NounPhrase | None:
        """Read "the two men in plain clothes", who were described so before; "the two men" alone may be anybody."""
        follows = passage.follows.get(hit.last)
        group = self.groups.named(passage.tokens.slice(hit.first + 1, follows.last)) if follows else None
        return NounPhrase(hit.first, follows.last, others=(group.label,)) if follows and group else None

    def _anaphor(self, passage: Passage, first: int, last: int, kind: str) -> NounPhrase | None:
        if kind == "group":
            meant = self.groups.meant(passage, first, last, self._group)
            return NounPhrase(first, last, others=(meant,) if meant else ())
        if kind == "body":
            body = self._body(passage.tokens.folded[last - 1]) if is_alone(passage, last) else None
            return NounPhrase(last - 1, last, others=(body,)) if body else None
        if kind == "latter":
            gender = passage.words.articles_by_gender.get(passage.tokens.folded[first])
            return NounPhrase(first, last, self._latter(gender), anaphor=True)
        if kind == "rest":
            return NounPhrase(first, last, self._rest(count_said(passage, first, last) or 1), anaphor=True)
        if kind == "defender":
            gender = next((g for at in range(first, last) if (g := gender_said(passage, at, last))), None)
            person = self._last_person(gender, ("defender", "lawyer"))
            return NounPhrase(first, last, (person,) if person else (), anaphor=True)
        counted = count_said(passage, first, last)
        first += passage.tokens.folded[first] in _OF_THE
        if kind == "defenders" and last - first > 1 and not (self._recent or counted in {None, len(self._plural)}):
            group = self.groups.counted(passage, first + 1, last, counted)
            return NounPhrase(first, last, others=(group.label,))
        if kind == "counted" and not counted:  # "tous": those of whom was spoken last
            return NounPhrase(first, last, self._many.people, self._many.others, anaphor=True)
        if kind in _SO_MANY:
            return self._so_many(passage, first, last, counted or 0, _SO_MANY[kind])
        plural = self._plural if len(self._plural) > 1 else self._protagonists
        if counted and len(plural) != counted:
            plural = next(
                (each for each in (self._protagonists, self._last_people(counted)) if len(each) == counted), plural
            )
        return NounPhrase(first, last, plural, anaphor=True)

    def _so_many(self, passage: Passage, first: int, last: int, count: int, gender: str | None) -> NounPhrase:
        """Choose whom "the two men" and "the three" mean: a group just described so, or so many of those named."""
        noun = passage.tokens.folded[last - 1]
        if gender is not None and (described := self.groups.counting(noun, count, self._group)) is not None:
            known = self._named_as.get(described, ())
            return NounPhrase(first, last, known, others=() if known else (described,), anaphor=bool(known))
        for people in (self._plural, self._protagonists, self._last_people(_MEMORY)):
            meant = tuple(person for person in people if not gender or person.gender in {None, gender})
            if len(meant) == count:
                return NounPhrase(first, last, meant, anaphor=True)
        group = self.groups.named(self._group or "")
        if gender == "":  # "the two nurses" of whom nobody spoke before are a group of their own
            group = self.groups.counted(passage, first + 1, last, count)
        others = (group.label,) if group is not None and group.size == count else ()
        return NounPhrase(first, last, others=others, anaphor=True)

    def _pronoun(
        self, passage: Passage, first: int, last: int, value: str, before: list[NounPhrase]
    ) -> NounPhrase | None:
        use, _, number = value.partition("_")
        possessive, clitic = use == "possessive", use == "clitic"
        if number.startswith("r"):
            return self._relative(passage, first, last, before)
        if number.startswith("s"):
            found = NounPhrase(first, last, possessive=possessive, clitic=clitic, anaphor=True)
            return self._singular(passage, found, number, use, before)
        if number.startswith("o"):
            others = (self._ours,) if self._ours and not (possessive and is_of_somebody(passage, last)) else ()
            return NounPhrase(first, last, others=others, possessive=possessive, clitic=clitic) if others else None
        if number.startswith("w"):
            return None  # "my": who writes is nobody that the story names
        if number.startswith("i"):
            body = body_named_in(passage, before, self._bodies) or self._body("") or next(reversed(self._bodies), None)
            return NounPhrase(first, last, others=(body,), possessive=possessive) if body else None
        if number.startswith("x"):
            return NounPhrase(first, last, self._owners(before), possessive=possessive, anaphor=True)
        together = len(self._plural) > 1 and self._plural is not self._protagonists
        plural = self._plural if together else self._introduced() or self._plural
        here = any(phrase.others for phrase in before)
        acting = self._group if here or self._leading is None else self._leading
        either = (acting,) if acting else ()
        return NounPhrase(first, last, plural, either=either, possessive=possessive, clitic=clitic)

    def _relative(self, passage: Passage, first: int, last: int, before: list[NounPhrase]) -> NounPhrase | None:
        """Choose whom "who" means: the people named last, or the group that stands right before it."""
        if is_anybody(passage, first) or (before and opens_what_is_said(passage, first, before[-1])):
            return None
        if before and is_of_stranger(passage, before[-1], first):
            return NounPhrase(first, last, relative=True)
        if not before:
            return None
        meant = next((p for p in reversed(before[-2:]) if p.people), before[-1])
        if before[-1].last >= first - 1 and self.groups.named((*before[-1].others, "")[0]) is not None:
            meant = before[-1]  # "X was stopped by two strangers, who …"
        if (
            passage.tokens.folded[first] == "who"
            and not meant.people
            and meant.others
            and meant.others[0] in self._bodies
        ):
            # "Three activists of the Z Network who were arrested": no body is "who".
            groups = (p for p in reversed(before[:-1]) if p.others and self.groups.named(p.others[0]) is not None)
            meant = next(groups, NounPhrase(first, last))
        return changed(meant, first=first, last=last, possessive=False, relative=True)

    def _introduced(self) -> tuple[Entity, ...]:
        """Give whom the document is about, as far as the text has named them by now; all where it named nobody yet."""
        if not self._recent:
            return self._protagonists
        return tuple(person for person in self._protagonists if person.span[0] < self._end or person in self._recent)

    def _singular(
        self, passage: Passage, found: NounPhrase, number: str, use: str, before: Sequence[NounPhrase]
    ) -> NounPhrase:
        """Choose whom a pronoun in the singular means: "his wife …, warning her", or somebody named before."""
        if (kin := kin_meant(passage, before, number[1])) is not None:
            return changed(found, others=kin.others, kin=kin.kin, owners=kin.owners)
        gender = number[1] if number[1] in "mf" else agreed(passage, found.last, found.clitic)
        people = self._one(gender, use)
        group = self.groups.named(self._group or "") if use == "subject" and not people else None
        alone = group is not None and group.size in {None, 1}  # "the man told her he knew"
        return changed(found, people=people, others=(group.label,) if group is not None and alone else ())

    def _one(self, gender: str | None, use: str) -> tuple[Entity, ...]:
        """Choose whom a pronoun in the singular means; "she" tells the gender of somebody of whom nothing did."""
        person = self._last_person(gender)
        if person is not None and use != "clitic":
            person.gender = person.gender or gender
        return (person,) if person else ()

    def _owners(self, before: Sequence[NounPhrase]) -> tuple[Entity, ...]:
        """Choose whom "su" means, which does not say how many they are: those named last, be they one or several."""
        near = next((p for p in reversed(before) if p.people and not (p.possessive or p.clitic or p.relative)), None)
        if (near is not None and len(near.people) > 1) or (near is None and self._several):
            return near.people if near is not None else self._plural
        person = self._last_person(None)
        return (person,) if person else ()

    def _fellow(self, passage: Passage, kin: Kin, owners: Sequence[Entity]) -> Entity | None:
        """Choose whom "her colleague" means, who has no name: of two who were spoken of together the other."""
        if len(owners) != 1 or passage.tokens.folded[kin.last - 1].endswith("s"):
            return None
        pairs = (pair for pair in (self._plural, self._protagonists) if len(pair) == 2 and owners[0] in pair)
        return next((person for pair in pairs for person in pair if person is not owners[0]), None)

    def _relative_named(self, passage: Passage, kin: Kin) -> Entity | None:
        """Choose whom "his brother" means where one was named as a brother, and no other."""
        noun = passage.tokens.folded[kin.last - 1]
        if kin.owner is not None:
            return None
        called = [one for one in self._recent if any(noun in fold(what).split()[-1:] for what in one.described_as)]
        return called[0] if len(called) == 1 else None

    def _latter(self, gender: str | None) -> tuple[Entity, ...]:
        """Choose whom "the latter" means: those named last, whoever they are."""
        if gender is None or (len(self._latest) == 1 and self._latest[0].gender in {None, gender}):
            return self._latest
        fitting = (person for person in reversed(self._recent) if person.gender in {None, gender})
        return tuple(islice(fitting, 1))

    def _rest(self, count: int) -> tuple[Entity, ...]:
        """Choose whom "the other two" means: of those spoken of together all but who was named last."""
        last = self._latest if len(self._latest) == 1 else tuple(islice(reversed(self._recent), 1))
        together = (each for each in (self._plural, self._protagonists) if len(each) == count + 1 and {*last} < {*each})
        return tuple(person for person in next(together, ()) if person not in last)

    def _body(self, noun: str) -> str | None:
        """Choose which organisation "the association" means: one with that word in its name, or whose the story is."""
        named = next((name for name in reversed(self._bodies) if noun in fold(name).split()), None)
        if named or self._house:
            return named or self._house
        theirs = (name for person in reversed(self._recent) for name in person.organisations)
        return next(theirs, next((name for person in self._protagonists for name in person.organisations), None))

    def body_meant(self) -> str | None:
        """Choose which organisation "it was dissolved" means: the one named last, or else whose the story is."""
        return next(reversed(self._bodies), None) or self._body("")

    def _last_people(self, count: int) -> tuple[Entity, ...]:
        concerned = (person for person in reversed(self._recent) if not self.is_bystander(person))
        return tuple(islice(concerned, count))[::-1]

    def _last_person(self, gender: str | None, roles: Sequence[str] = ()) -> Entity | None:
        """Choose whom a pronoun means: a lawyer or an official only where nobody else was spoken of."""
        fitting = [p for p in reversed(self._recent) if gender is None or p.gender in (None, gender)]
        fitting += [p for p in self._introduced()[:_MEMORY] if gender is None or p.gender in (None, gender)]
        called_so = [person for person in fitting if person.role in roles and person.roles] if roles else []
        spoken_of = called_so or fitting
        # "Her lawyer saw her. She has bruises", unlike "They may not see their lawyer, X. He was followed".
        alone = self._alone
        if self._leads and alone is not None and self.is_bystander(alone):
            alone = None if any(person.name in self._sufferers for person in spoken_of) else alone
        concerned = (each for each in spoken_of if each is alone or not self.is_bystander(each))
        return next(concerned, fitting[0] if fitting else None)

    def _remember(self, phrase: NounPhrase, *, named: bool = True) -> None:
        if phrase.possessive or phrase.clitic or phrase.kin:
            return
        if phrase.people:
            recent, self._latest = self._recent, phrase.people
            defenders = [person for person in phrase.people if person.role in _SPOKEN_OF]
            for person in defenders if named or len(defenders) == 1 else ():
                recent.pop(person, None)
                recent[person] = None
            while len(recent) > _MEMORY:
                del recent[next(iter(recent))]
            self._several = len(defenders) > 1 if defenders else self._several
            if len(defenders) > 1:
                self._plural, self._many = tuple(defenders), phrase
        elif phrase.others and self.groups.named(phrase.others[-1]) is not None:
            self._group = phrase.others[-1]
            self._many = phrase if phrase.is_plural and not phrase.acting else self._many
