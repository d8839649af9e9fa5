"""Who is who around a verb: its subject, its object, its agent, and whose the thing is that it is done to."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace as changed

from tocsin.core.reader.facts.agents import agent_of, named_behind, only_says
from tocsin.core.reader.facts.frame import POINTS, Frame
from tocsin.core.reader.facts.noun_phrase import NounPhrase, shares
from tocsin.core.reader.facts.words import ARTICLES
from tocsin.core.reader.tokens import Hit, within

_REACH = 6  # words between a verb and its object: "arrested the prominent human rights lawyer X"
_AGAINST_REACH = 14
_MARKED = 3  # words of "a su hermano"
_SOMEBODY = frozenset({"somebody", "someone", "alguien"})
_OWNER_REACH = 12
_AGENT_REACH, _NOUN_REACH = 25, 24
_THEN = frozenset(
    "ensuite alors puis aussi also tambien igualmente egalement aussitot d'abord meme deja finalement".split()
)


class Participants:
    """Finds the participants of the verbs of one sentence, its `frame`."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._phrases = frame.phrases
        self._folded, self._grammar = frame.folded, frame.grammar
        self._perceiving = not self._grammar["perceiving"].isdisjoint(frame.there)
        self._nobody_before = frozenset(
            [phrase.last for phrase in self._phrases if phrase.relative and not (phrase.people or phrase.others)]
        )
        self._clitics = {phrase.first: phrase for phrase in self._phrases if phrase.clitic}

    def subject_of(self, start: int, unlike: NounPhrase | None = None, *, listed: bool = False) -> NounPhrase | None:
        """Find the nearest noun phrase before the verb that no preposition governs and that is not `unlike`.

        A `listed` verb behind a comma has the subject of those before: "the police came, fired tear gas and beat X".
        """
        if self._perceiving and (seen := self._seen_before(start)) is not None:
            return seen
        for phrase in reversed(self._phrases):
            if phrase.last > start or phrase.possessive or phrase.clitic or (not phrase.refs and not phrase.either):
                continue
            never = self._folded[phrase.first] in self._grammar["never_subjects"]
            if never or self._says_who_before(phrase) or self._closed_before(phrase, start):
                continue  # "X, who tried to stop them, was hit"
            if only_says(self._frame, phrase, start):
                return None
            clitic = next((p for p in self._clitics.values() if phrase.last <= p.first <= start), None)
            if clitic is not None and self._frame.governor(phrase) == "," and self._taken_up(clitic) is phrase:
                continue
            if (phrase in self._frame.objects and phrase.last < start) or (
                unlike is not None and phrase.people == unlike.people and not phrase.either
            ):
                continue  # "arrested the defenders and took them away": the defenders did not take
            between = phrase.last, start
            if self._frame.verb_between(*between) and not (
                phrase.relative  # "officers who refused to give their names arrested X"
                or self._frame.parenthesis_between(*between)
                or (listed and self._before_pronouns(phrase, start) == ",")
            ):
                return None
            if not self._is_governed(phrase, start):
                return phrase
        return None

    def _before_pronouns(self, subject: NounPhrase, start: int) -> str:
        """Give the word before a verb and its object pronouns: the comma of "…, l'ont frappée".

        Where a subject may be left unsaid, that of "…, la golpearon" must be several to go on.
        """
        if not self._frame.words.drops_subject or (subject.is_plural and self._folded[start].endswith("on")):
            while any(phrase.clitic and phrase.last == start for phrase in self._phrases):
                start -= 1
        return self._frame.before(start)

    def _seen_before(self, start: int) -> NounPhrase | None:
        """Find whom somebody saw suffer it: "neighbours saw her being forced into a van"."""
        seen = next((p for p in self._phrases if p.last == start and p.people), None)
        if seen is None or self._grammar["perceiving"].isdisjoint(self._folded[max(0, seen.first - 2) : seen.first]):
            return None
        return changed(seen, possessive=False)

    def is_told_of_nobody(self, start: int) -> bool:
        """Tell whether a verb belongs to people who are not in the story: "dockers who were hurt"."""
        return start in self._nobody_before

    def _closed_before(self, phrase: NounPhrase, start: int) -> bool:
        """Tell whether a relative clause ends before the verb: "X, qui comparaissait libre, a été arrêtée"."""
        return phrase.relative and self._frame.before(phrase.first) == "," == self._frame.before(start)

    def _says_who_before(self, phrase: NounPhrase) -> bool:
        """Tell whether a name only says what somebody is: "X, president of Z, was shot"."""
        end = self._frame.past_brackets(phrase.last)
        post = next((hit for hit in self._frame.passage.names.get(end, ()) if hit.kind == "role"), None)
        end = post.last if post else end  # "X, VLC treasurer,"
        if phrase.people or self._folded[end : end + 1] != [","]:
            return False
        person = next((p for p in reversed(self._phrases) if p.people and p.last <= phrase.first), None)
        if person is None:
            return False
        comma = self._frame.past_brackets(person.last)  # "X (born 1976), reporter for Z,"
        if self._folded[comma : comma + 1] != [","] or "," in self._folded[comma + 1 : phrase.first]:
            return False
        between = within(self._frame.passage.name_hits, comma, phrase.first)
        return post is not None or any(hit.kind in {"role", "member"} for hit in between)

    def _is_governed(self, phrase: NounPhrase, start: int) -> bool:
        """Tell whether a preposition keeps a phrase from being the subject.

        Some words are both ("after", "como"): before a phrase that touches its verb they open a clause, so that in
        "vecinos vieron como cuatro sujetos lo golpearon" the four strike.
        """
        governor = self._frame.governor(phrase)
        if governor.endswith("ing") and any(hit.last == phrase.first for hit in self._frame.acts):
            return True  # "the officers accused of beating X were acquitted"
        if governor == "," and (said := self._kin_before(phrase.first - 1)) is not None:
            governor = self._frame.before(said)  # "was not allowed to see her lawyer, Mr. X, and was …"
        if governor not in self._grammar["prepositions"]:
            # "Was told that he is a suspect and was let go": what somebody is does nothing.
            return not phrase.people and self._frame.words.language == "en" and governor in self._grammar["be"]
        if governor not in self._grammar["clause"]:
            return True
        verbs = (start, *(hit.first for hit in within(self._frame.acts, phrase.last, start)))
        return not any(self._touches(phrase, verb) for verb in verbs)

    def _kin_before(self, at: int) -> int | None:
        """Give the first word of the "her lawyer" that ends at a place."""
        kin = next((hit for hit in within(self._frame.passage.kin, at - 3, at) if hit.last == at), None)
        owner = next((p for p in self._phrases if p.possessive and kin and kin.first - 2 <= p.first < kin.first), None)
        return owner.first if owner is not None else None

    def _touches(self, phrase: NounPhrase, start: int) -> bool:
        return all(
            at in self._clitics or (self._frame.may_stand_between(at) and self._folded[at] != ",")
            for at in range(phrase.last, start)
        )

    def has_unknown_subject(self, start: int) -> bool:
        """Tell whether a noun that is nobody known stands where the subject does: "la clé avait disparu"."""
        known = {at for phrase in self._phrases for at in range(phrase.first, phrase.last)}
        for at in range(start - 1, max(self._frame.sentence.first, start - 6) - 1, -1):
            word = self._folded[at]
            if word == "," or word in POINTS or word in self._grammar["clause"]:
                return False
            if word not in ARTICLES or at in known or word in self._grammar["prepositions"]:
                continue
            if self._frame.before(at) not in self._grammar["prepositions"]:
                role = any(hit.kind == "role" for hit in self._frame.passage.names.get(at + 1, ()))
                role = role and word not in {"un", "una"}  # "una abogada" is nobody who was named before
                noun = self._folded[at + 1]
                return not (role or noun[0].isdecimal() or noun in self._frame.words.calendar)
        return False

    def behind_comma(self, hit: Hit) -> NounPhrase | None:
        """Find the subject of an adjunct that opens the sentence: "Having been held for two days, X was released"."""
        opening, leading = self._folded[self._frame.sentence.first], ("prepositions", "clause", "having")
        if hit.first > self._frame.sentence.first and not any(opening in self._grammar[each] for each in leading):
            return None
        named = any(p.refs and not p.possessive and not p.clitic for p in self._phrases if p.first < hit.first)
        if named or self._frame.before(hit.first) in _SOMEBODY:
            return None
        comma = next((at for at in range(hit.last, self._frame.sentence.last) if self._folded[at] in ",:"), None)
        if comma is None:
            return None
        return next(
            (
                p
                for p in self._phrases
                if p.first > comma
                and p.refs
                and not (p.possessive or p.clitic or p.relative)
                and (governor := self._frame.governor(p)) in ",:"
                and (governor == "," or p.people)  # "Arrested in Velm: X and Y"
            ),
            None,
        )

    def saying(self, hit: Hit) -> Hit | None:
        """Find the verb by which somebody says the words at `hit`: the nearest before them, else the first behind."""
        sentence, speech = self._frame.sentence, self._frame.passage.speech
        before = within(speech, sentence.first, hit.first)
        return before[-1] if before else next(iter(within(speech, hit.last, sentence.last)), None)

    def object_of(self, hit: Hit) -> NounPhrase | None:
        """Find the noun phrase right behind the verb, or the object pronoun at the verb or right before it."""
        pronoun = next((p for p in self._clitics.values() if self._is_at_verb(p, hit)), None)
        if pronoun is not None and self._frame.words.object_marker and not pronoun.people[1:]:
            pronoun = self._doubled(hit) or self._fronted(pronoun) or pronoun
        if pronoun is not None and hit.first >= pronoun.first - 1:
            return pronoun
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.clitic or (phrase.relative and phrase.first == hit.last):
                continue  # "advirtió que" opens a clause
            gap = self._folded[hit.last : phrase.first]
            if len(gap) > _REACH or not self._reaches(gap):
                break
            if not self._is_marked(phrase, gap):
                break
            return self.named_relative(phrase) if phrase.possessive else phrase
        return pronoun

    def _doubled(self, hit: Hit) -> NounPhrase | None:
        """Find whom a pronoun announces: "le dispararon en tres ocasiones a la Sra. X"."""
        marker = self._frame.words.object_marker
        behind = (p for p in self._phrases if hit.last <= p.first <= hit.last + _REACH and not p.clitic)
        return next((p for p in behind if p.people and not p.possessive and self._frame.governor(p) in marker), None)

    def _fronted(self, pronoun: NounPhrase) -> NounPhrase | None:
        """Read a pronoun as whom it takes up."""
        meant = self._taken_up(pronoun)
        if meant is None:
            return None
        return changed(pronoun, people=meant.people, others=meant.others, kin=meant.kin, owners=meant.owners)

    def _taken_up(self, pronoun: NounPhrase) -> NounPhrase | None:
        """Find whom a pronoun takes up: "a su esposo, X, lo sacaron"; "… y a su hermano X lo golpearon"."""
        beside = next((p for p in self._phrases if p.last == pronoun.first and p.people and not p.possessive), None)
        if beside is not None and not self._frame.words.object_marker.isdisjoint(
            self._folded[max(self._frame.sentence.first, beside.first - _MARKED) : beside.first]
        ):
            return beside
        opening = self._frame.sentence.first
        if self._folded[opening] not in self._frame.words.object_marker:
            return None
        before = [p for p in self._phrases if opening < p.first <= opening + _REACH and p.last <= pronoun.first]
        return next((p for p in before if (p.people or p.kin) and not p.possessive), None)

    def _is_at_verb(self, pronoun: NounPhrase, hit: Hit) -> bool:
        """Tell whether only auxiliaries and other pronouns lie between: "l’ont frappé", "se lo llevaron"."""
        if hit.first < pronoun.first and pronoun.last < hit.last and not self._opens_with_pronoun(hit):
            return False  # "mis le feu aux", unlike "se lo llevaron"
        gap = self._folded[pronoun.last : hit.first]
        return pronoun.first < hit.last and all(
            word in self._grammar["have"]
            or word in self._grammar["be"]
            or pronoun.last + at in self._clitics
            or word in _THEN
            for at, word in enumerate(gap)
        )

    def _opens_with_pronoun(self, hit: Hit) -> bool:
        return self._folded[hit.first] in self._grammar["reflexive"]

    def _is_marked(self, phrase: NounPhrase, gap: Sequence[str]) -> bool:
        """Tell whether a person behind the verb is its object: where a language marks that ("a X"), only so."""
        marker = self._frame.words.object_marker
        return not marker or not phrase.people or phrase.possessive or not marker.isdisjoint(gap)

    def named_relative(self, owner: NounPhrase) -> NounPhrase | None:
        """Read "her brother, Karim", "her assistant, Karim": he who is named; "her" where what follows is a thing."""
        names = self._frame.passage.names.get(owner.first, ())
        relative = next((hit for hit in names if hit.value == "relative"), None)
        role = next((hit for hit in self._frame.passage.names.get(owner.last, ()) if hit.kind == "role"), None)
        noun = relative or role or next(iter(within(self._frame.passage.kin, owner.last, owner.last + 1)), None)
        if noun is None:
            return owner
        named = next((p for p in self._phrases if p.people and 0 <= p.first - noun.last <= 1), None)
        return named or (None if relative else owner)

    def _in_apposition(self, owner: NounPhrase) -> NounPhrase | None:
        """Read "the detention of her assistant, Mr. Y": it is Y who was detained."""
        near = (p for p in self._phrases if p.people and 2 <= p.first - owner.last <= 4)
        return next((p for p in near if self._frame.governor(p) == ","), None)

    def _reaches(self, gap: Sequence[str]) -> bool:
        return not any(
            word in POINTS
            or word == ","
            or word in self._grammar["clause"]
            or (word in self._grammar["prepositions"] and word not in self._frame.words.object_marker)
            for word in gap
        )

    def agent_of(self, hit: Hit) -> NounPhrase | None:
        """Find "by the police" behind a passive verb or a noun, within its clause."""
        return agent_of(self._frame, hit)

    def is_of_stranger(self, hit: Hit) -> bool:
        """Tell whether the sentence opens with somebody unknown: "The guard, aged 60, died of his injuries"."""
        first = self._frame.sentence.first
        if hit.first - first < 2 or self._folded[first] not in ARTICLES:
            return False
        noun = self._folded[first + 1]
        known = any(p.first <= first + 1 < p.last for p in self._phrases) or noun in self._frame.words.calendar
        role = any(each.kind == "role" for each in self._frame.passage.names.get(first + 1, ()))
        return not (known or role or noun[0].isdecimal() or "," not in self._folded[first : hit.first])

    def spoken_of_before(self, hit: Hit) -> NounPhrase | None:
        """Find who stands before a verb that names no victim: "as X left, two men stopped his car and opened fire"."""
        before = (p for p in reversed(self._phrases) if p.last <= hit.first and not p.either)
        return next((p for p in before if any(person.role == "defender" for person in p.people)), None)

    def concerned_by(self, hit: Hit) -> NounPhrase | None:
        """Choose who a fixed phrase is about: who stands right behind it, else its subject, else who is named first."""
        people = [phrase for phrase in self._phrases if phrase.people]
        behind = next((p for p in people if p.first >= hit.last and not p.clitic), None)
        if behind is not None and not behind.possessive:
            gap = [word for word in self._folded[hit.last : behind.first] if word not in ARTICLES]
            if len(gap) <= 1 and "," not in gap and POINTS.isdisjoint(gap):
                return behind
            if (relative := self._relative_of(hit.last, behind)) is not None and relative:
                return behind
        subject = self.subject_of(hit.first)
        if subject is not None and (subject.people or subject.kin):
            return subject
        return people[0] if people else None

    def spoken_of(self, hit: Hit) -> NounPhrase | None:
        """Find whom what is said concerns: "shouted that they would kill him"."""
        end = hit.last + _AGAINST_REACH
        return next((p for p in self._phrases if hit.last <= p.first < end and p.people and not p.either), None)

    def owner_before(self, start: int) -> NounPhrase | None:
        """Read "her house was searched", "the home of X was set on fire": whose thing the subject is."""
        governors = self._grammar["object_of"]
        owners = (
            p
            for p in reversed(self._phrases)
            if p.last <= start and not p.acting and (p.possessive or self._frame.governor(p) in governors)
        )
        return next((p for p in owners if p.refs and not self._is_of_person(p)), None)

    def _is_of_person(self, owner: NounPhrase) -> bool:
        """Tell whether it is a person that somebody has: "her lawyer", "the brother of X"."""
        if owner.possessive:
            first, last = owner.first, owner.last + 2
        else:
            first, last = max(self._frame.sentence.first, owner.first - 5), owner.first
        return any(hit.kind == "role" for hit in within(self._frame.passage.name_hits, first, last))

    def subject_behind(self, hit: Hit) -> NounPhrase | None:
        """Read "la siguieron dos motociclistas": with an object pronoun before the verb, who stands behind it acts."""
        if not self._frame.words.object_marker or not any(self._is_at_verb(p, hit) for p in self._clitics.values()):
            return None
        behind = next((p for p in self._phrases if p.first >= hit.last), None)
        if behind is None or behind.people or behind.possessive:
            return None
        gap = self._folded[hit.last : behind.first]
        return behind if all(word in ARTICLES and word not in self._grammar["prepositions"] for word in gap) else None

    def companions(self, hit: Hit) -> tuple[NounPhrase, ...]:
        """Read "fue detenido junto a X": it was done to both."""
        beside = within(
            self._frame.passage.companions, hit.last, min(self._frame.sentence.last, hit.last + _AGENT_REACH)
        )
        return tuple(
            phrase
            for each in beside
            for phrase in self._phrases
            if shares(phrase, self._folded[each.first]) and phrase.first >= each.last
            if self._only_says_what(each.last, phrase.first) and not self._another_act(hit, each.first)
        )

    def sharing(self, hit: Hit, first: NounPhrase) -> NounPhrase:
        """Read "sentenced X to four years and Y to six": whom the verb goes on to without being said again."""
        at = self._frame.past_aside(max(first.last, hit.last))
        behind = (
            p for p in self._phrases if p.first > at and p.people and not (p.possessive or p.clitic or p.relative)
        )
        people = dict.fromkeys(first.people)
        for phrase in behind:
            if self._frame.verb_between(at, phrase.first):
                break
            if self._is_next_with_term(phrase, {self._folded[at - 1], *self._folded[at : at + 1]}):
                people.update(dict.fromkeys(phrase.people))
        return changed(first, people=tuple(people)) if len(people) > len(first.people) else first

    def _is_next_with_term(self, phrase: NounPhrase, links: Collection[str]) -> bool:
        """Tell whether a comma or "and" leads on to a phrase with a term of its own: "… and Y to six"."""
        folded, at, last = self._folded, phrase.first, phrase.last
        last = self._frame.past_aside(last)  # "and Y, her deputy, to six"
        if last + 1 >= len(folded) or folded[last] not in links:
            return False
        while folded[at - 1] in ARTICLES or folded[at - 1] in self._frame.words.object_marker:
            at -= 1
        joined = folded[at - 1] == "," or folded[at - 1] in self._grammar["conjunctions"]
        numbered = last + 1 in self._frame.passage.temporal
        return joined and (numbered or not self._grammar["term"].isdisjoint(folded[last + 1 : last + 4]))

    def behind_need(self, last: int) -> NounPhrase | None:
        """Read "dispuso la libertad de X", "abrió una investigación contra X": whom the words a verb needs lead to."""
        if self._folded[last - 1] not in self._grammar["object_of"]:
            if last >= len(self._folded) or self._folded[last] not in self._grammar["object_of"]:
                return None
            last += 1
        behind = (p for p in self._phrases if p.first >= last and p.people and not p.possessive)
        return next((p for p in behind if self._only_says_what(last, p.first)), None)

    def behind_verb(self, hit: Hit) -> NounPhrase | None:
        """Read "ont été arrêtés X et Y", "fue asesinado X": a subject that stands behind its verb."""
        groups_too = self._frame.words.drops_subject  # "han sido asesinados cuatro guardias"
        behind = next(
            (
                p
                for p in self._phrases
                if p.first >= hit.last and (p.people or (groups_too and p.others)) and not (p.possessive or p.clitic)
            ),
            None,
        )
        if behind is None:
            return None
        relative = self._relative_of(hit.last, behind)
        if relative is not None:
            return next((p for p in self._phrases if p.people and 0 < p.first - behind.last <= 1), None)
        return named_behind(self._frame, behind) if self._only_says_what(hit.last, behind.first) else None

    def _only_says_what(self, first: int, last: int) -> bool:
        """Tell whether only articles and what somebody is lie between: "fueron detenidos los líderes" + "X y Y"."""
        between, stops = within(self._frame.passage.name_hits, first, last), self._frame.words.function_words
        said = {at for hit in between if hit.kind in {"role", "title"} for at in range(hit.first, hit.last)}
        said.update(hit.first for hit in within(self._frame.passage.kin, first, last))  # "nuestro compañero X"
        said.update(phrase.first for phrase in self._phrases if first <= phrase.first < last and phrase.possessive)
        said.update(at for at in range(first, last) if self._folded[at] in self._frame.words.ours)
        passing = ARTICLES | _THEN  # "fueron detenidos también X y Y"
        # "el gobernador indígena X": an adjective behind what somebody is.
        return all(
            self._folded[at] in passing or at in said or (at - 1 in said and self._folded[at].isalpha())
            for at in range(first, last)
        ) and (stops - passing).isdisjoint(self._folded[first:last])

    def _relative_of(self, first: int, owner: NounPhrase) -> Hit | None:
        """Find the "husband" of "the husband of X", which begins within two words of a place."""
        hits = within(self._frame.passage.name_hits, first, min(first + 2, owner.first))
        return next((hit for hit in hits if hit.value == "relative" and owner.first - hit.last <= 3), None)

    def behind_preposition(self, hit: Hit) -> NounPhrase | None:
        """Read "fired at X", "opened fire on them", "brought charges of espionage against X"."""
        if hit.last < len(self._folded) and self._folded[hit.last] in self._grammar["object_of"]:
            near = next((p for p in self._phrases if hit.last < p.first <= hit.last + 3 and not p.possessive), None)
            if near is not None:
                return near
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.possessive or phrase.clitic:
                continue
            if phrase.first > hit.last + _AGAINST_REACH or self._another_act(hit, phrase.first):
                return None
            if phrase.refs and self._frame.governor(phrase) in self._grammar["against"]:
                return phrase
        return None

    def against(self, hit: Hit) -> NounPhrase | None:
        """Read "stones were thrown at X", "a case was opened against X" of a passive whose subject is a thing."""
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.possessive or phrase.clitic or not phrase.people:
                continue
            if phrase.first > hit.last + _AGAINST_REACH or self._another_act(hit, phrase.first):
                return None
            return phrase if self._frame.governor(phrase) in self._grammar["against"] else None
        return None

    def owner(self, hit: Hit, *, of_thing: bool) -> NounPhrase | None:
        """Read "searched the house of X", "raided the office of Z", "confiscated all their phones"."""
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.first > hit.last + _OWNER_REACH:
                continue
            if phrase.clitic and not any(act.first == phrase.first for act in self._frame.acts):
                continue  # "intentó filmar, le rompieron", unlike "amenazaban con matarlo"
            if ";" in self._folded[hit.last : phrase.first] or self._another_act(hit, phrase.first):
                return None
            if phrase.possessive and self.named_relative(phrase) is not phrase:
                continue
            if phrase.others and not phrase.people and self._frame.governor(phrase) in self._grammar["by"]:
                continue  # "fue disuelta por el Ministerio": it is not the ministry's
            if phrase.possessive or phrase.people or (of_thing and phrase.others and not phrase.acting):
                return phrase
        return None

    def _another_act(self, hit: Hit, at: int) -> bool:
        """Tell whether a new verb begins before `at` that shares no object with this one ("raided and searched X")."""
        return any(
            hit.last < other.first < at and not all(map(self._frame.may_stand_between, range(hit.last, other.first)))
            for other in self._frame.acts
            if {form.form for form in self._frame.words.act_forms[other.value]} <= {"active", "participle"}
        )

    def victim_of_noun(self, hit: Hit) -> NounPhrase | None:
        """Read "her arrest", "the arrest of X", "threats by the police against X"."""
        governors, by, suffered = self._grammar["object_of"], self._grammar["by"], self._grammar["suffered"]
        for phrase in self._phrases:
            if phrase.possessive and (0 < hit.first - phrase.first <= 3 or hit.first < phrase.first < hit.last):
                return phrase
            if phrase.first >= hit.last and phrase.refs and not phrase.clitic:
                between = self._folded[hit.last - 1 : phrase.first]  # "la condena del" holds its preposition
                if self._frame.governor(phrase) in by:
                    if between[1:2] and between[1] in suffered:
                        return phrase  # "the harassment suffered by X"
                    continue
                near = len(between) <= _NOUN_REACH and ";" not in between and not self._frame.goes_on_with_verb(between)
                if not near or governors.isdisjoint(between):
                    return None
                if not phrase.possessive:
                    return phrase
                # "The acquittal of their colleague X": of X alone.
                return self._in_apposition(phrase) or self.named_relative(phrase) or phrase
        return None
