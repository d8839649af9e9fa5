"""What the named people are, and which organisation they belong to: "X and Y, members of the Z Initiative"."""

from collections.abc import Iterator, Sequence

from tocsin.core.reader.facts.entities import Entities, Entity, Mention
from tocsin.core.reader.facts.first_names import gender_agreed
from tocsin.core.reader.facts.passage import NARRATIVE, Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit, fold, within

_JOINTS = frozenset({",", "and", "et", "y", "e", "&", "("})
_OF_ANOTHER = frozenset({"relative", "lawyer"})
_LONGEST_ACRONYM = 8  # words of ", VLC" and ", Velm Legal Centre" before "Executive Director"
_ITS = frozenset({"its"})  # "sa" and "su" may be a person's
_GENDER = 3  # words of "(f)"
_OF_BODY = 4  # words of "of the organisation,"
_AGED = frozenset({"old", "young", "late"})
_COUNSEL = frozenset({"lawyer", "attorney"})
_BEFORE_NAME = 9  # words between what somebody is and the name
_LONGEST_NAME = 40  # words
# "X …, and Y, respectively chair and treasurer of Z", "…, all three members of Z": how many people it speaks of.
_COUNTED = {
    "respectively": 2, "respectivement": 2, "respectivamente": 2, "both": 2, "ambos": 2, "ambas": 2,
    "deux": 2, "dos": 2,
    "three": 3, "trois": 3, "tres": 3, "four": 4, "quatre": 4, "cuatro": 4,
}  # fmt: skip
_EACH = frozenset({"respectively", "respectivement", "respectivamente"})
_SAME = frozenset({"same", "meme", "mismo", "misma"})
_FEW = 4  # words between "the lawyer of" and the lawyer
_FAR = 400  # words between an organisation and "its director"
_STOPS = frozenset({".", ";", ":", ")", "”", "»"})


def tie_roles(passage: Passage, entities: Entities) -> None:
    """Give people in `entities` the roles and organisations that this passage says."""
    mentions = entities.mentions(passage)
    for listed in _lists(passage, mentions):
        _before(passage, listed, mentions)
        _behind(passage, listed, mentions)
        for mention in listed:
            person = mention.entity
            if titles := within(passage.name_hits, mention.first, mention.name):
                person.roles.update(hit.value for hit in titles if hit.kind == "role")  # "le commissaire X"
            agreed = gender_agreed(passage, mention.first, mention.last) if len(listed) == 1 else None
            person.gender = person.gender or agreed or passage.words.gender_of(person.parts[0])


def _lists(passage: Passage, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Give the runs of people joined by commas and "and"."""
    listed: list[Mention] = []
    for mention in mentions:
        if mention.entity.kind != "person":
            continue
        if listed:
            gap = passage.tokens.folded[listed[-1].last : mention.first]
            if len(gap) > 3 or not all(word in _JOINTS or word in ARTICLES for word in gap):
                yield listed
                listed = []
        listed.append(mention)
    if listed:
        yield listed


def _before(passage: Passage, listed: Sequence[Mention], mentions: Sequence[Mention]) -> None:
    """Read "human rights lawyer X", "the director of Z, X", "Z director X"."""
    start, folded = listed[0].first, passage.tokens.folded
    for hit in _posts(passage, start - _BEFORE_NAME, start):
        at, last, kind, value = hit.first, hit.last, hit.kind, hit.value
        gap = [word for word in folded[last:start] if word not in ARTICLES]
        if value in _OF_ANOTHER and folded[last - 1] in GENITIVES:
            # "the husband of X" says nothing of X, but "the lawyer of the accused, X" does
            if gap[-1:] == [","] and len(gap) <= _FEW and not within(mentions, last, start):
                _describe(passage, hit, listed)
            continue
        near = within(mentions, start - _LONGEST_NAME, start)
        if value == "relative":
            gap = [word for word in gap if word not in passage.words.qualities]  # "son fils aîné, X"
        gap = [word for word in gap if word not in _AGED]  # "our chairman, old X"
        if kind == "role" and (not gap or (len(gap) == 1 and gap[0] in {",", "–", "-"})):
            # "His daughter, X, and Y": only X is his daughter.
            _describe(passage, hit, listed if value != "relative" or folded[last - 1][-1] == "s" else listed[:1])
            _take_named_before(passage, hit, listed, mentions)
            _take_organisation(listed, (m for m in near if m.entity.kind == "organisation" and m.last in {at, at - 1}))
        elif value == "official" and gap[-1:] == [","] and _is_post(passage, hit, start, mentions):
            _describe(passage, hit, listed)  # "el ministro del Interior, Sr. X"
        elif value == "defender" and gap[-1:] == [","] and _is_of_body(passage, last, start):
            _describe(passage, hit, listed)  # "the accountant of the organisation, X"
            _take_organisation(listed, _last_body(mentions, at))
        elif kind in {"role", "member"} and gap:
            tied = _organisation_in(near, last, start)
            if tied is not None and folded[tied.last : start] in ([], [","]):
                _describe(passage, hit, listed)
                _take_organisation(listed, [tied])


def _take_named_before(passage: Passage, post: Hit, listed: Sequence[Mention], mentions: Sequence[Mention]) -> None:
    """Read "its director, X" and "X, its director" of the organisation named last, "our director" of who writes."""
    before = passage.tokens.folded[post.first - 1] if post.first else ""
    if before in {"its", "sa", "son", "ses", "su", "sus"}:
        _take_organisation(listed, _last_body(mentions, min(post.first, listed[0].first)))
    elif before in passage.words.ours and post.value == "defender":
        for mention in listed:
            mention.entity.ours = True


def _last_body(mentions: Sequence[Mention], at: int) -> list[Mention]:
    """Give the organisation named last before a place."""
    near = within(mentions, at - _FAR, at)
    return [mention for mention in near if mention.last < at and mention.entity.kind == "organisation"][-1:]


def _is_of_body(passage: Passage, first: int, start: int) -> bool:
    """Tell whether only "of the organisation," lies between."""
    words = passage.tokens.folded[first:start]
    return len(words) == _OF_BODY and words[0] in GENITIVES and words[2] in passage.words.organisation_words


def _posts(passage: Passage, first: int, last: int) -> list[Hit]:
    """Give the phrases about names among some words; the "head" of "a head injury" is none."""
    folded, things = passage.tokens.folded, passage.words.things
    return [hit for hit in within(passage.name_hits, first, last) if things.isdisjoint(folded[hit.last : hit.last + 1])]


def _is_post(passage: Passage, hit: Hit, start: int, mentions: Sequence[Mention]) -> bool:
    """Tell whether only what somebody is official of lies between: "ministro" + "del Interior,"."""
    folded = passage.tokens.folded
    named = any(mention.entity.kind == "person" for mention in within(mentions, hit.last, start))
    return folded[hit.last] in GENITIVES and folded[hit.last : start].count(",") == 1 and not named


def _organisation_in(mentions: Sequence[Mention], first: int, last: int) -> Mention | None:
    return next((m for m in mentions if m.entity.kind == "organisation" and first <= m.name and m.last <= last), None)


def _behind(passage: Passage, listed: Sequence[Mention], mentions: Sequence[Mention]) -> None:
    """Read ", members of the Z Initiative", "(director of Z)", ", a lawyer and member of Z"."""
    folded = passage.tokens.folded
    at = _past_gender(folded, listed[-1].last)
    # "The Minister, Mr. X, and the police chief of Velm": who follows behind "and" is another.
    opens = folded[at : at + 1] and folded[at] in {",", "(", "–", "-", "who"}
    if not opens or (folded[at] == "," and not _JOINTS.isdisjoint(folded[at + 1 : at + 2])):
        return
    end = next((i for i in range(at + 1, min(at + 26, len(folded))) if folded[i] in _STOPS), min(at + 26, len(folded)))
    near = within(mentions, at + 1, end)
    end = next((m.first for m in near if m.entity.kind == "person"), end)
    named = {i for m in near if m.entity.kind == "organisation" for i in range(m.name, m.last)}
    hits = [hit for hit in _posts(passage, at + 1, end) if hit.kind in {"role", "member"}]
    hits = [hit for hit in hits if hit.first not in named]  # "member of the Coordinadora de Ríos Libres"
    post = hits[0].first if hits and hits[0].first - at <= _LONGEST_ACRONYM else None
    _take_organisation(listed[-1:], [m for m in near if m.entity.kind == "organisation" and m.last == post])
    _take_organisation(listed[-1:], _right_behind(passage, at, near))
    if not hits or hits[0].first - at > 7:
        return
    shared = _is_plural(passage, hits[0]) or not _EACH.isdisjoint(folded[at + 1 : hits[0].last + 4])
    tied = _all_of(passage, listed, mentions) if shared else list(listed[-1:])
    together = _COUNTED.get(folded[at + 1]) or (_COUNTED.get(folded[at + 2]) if at + 2 < end else None)
    if together is not None:
        people = [m for m in within(mentions, max(0, at - _FAR), at) if m.entity.kind == "person"]
        tied = people[-together:]
    verbs = within(passage.verbs, at + 1, end)
    first_verb = verbs[0].first if verbs else end
    posts = [hit for hit in hits if hit.kind == "role" and hit.first <= first_verb]
    if not _EACH.isdisjoint(folded[at + 1 : at + 3]) and len(posts) == len(tied) > 1:
        for hit, mention in zip(posts, tied, strict=True):
            _describe(passage, hit, [mention])
        hits = [hit for hit in hits if hit.kind == "member"]
    _describe_behind(passage, hits, tied, (at, first_verb))
    if hits[0].first == at + 2 and folded[at + 1] in passage.words.ours | _ITS:
        _take_named_before(passage, hits[0], tied, mentions)
    member = next((hit for hit in hits if hit.kind == "member"), None)
    if member is not None:
        _take_organisation(tied, _bodies_of(passage, member, listed[0], mentions, range(at, end)))


def _describe_behind(passage: Passage, hits: Sequence[Hit], tied: Sequence[Mention], between: tuple[int, int]) -> None:
    """Read "X, a lawyer, was beaten with her brother": what stands behind a verb, or is a relative's, is not X's."""
    at, first_verb = between
    for number, hit in enumerate(hits):
        if hit.value == "relative" and hit.first > at + 2:
            continue  # "X, handcuffed before his children"
        if hit.kind == "role" and (number == 0 or hit.value == "defender") and hit.first <= first_verb:
            _describe(passage, hit, tied)


def _past_gender(folded: Sequence[str], at: int) -> int:
    """Pass over the mark of "X (f), treasurer of Z"."""
    return at + _GENDER if folded[at : at + 1] == ["("] and folded[at + 2 : at + 4] == [")", ","] else at


def _all_of(passage: Passage, listed: Sequence[Mention], mentions: Sequence[Mention]) -> list[Mention]:
    """Give those of whom a post in the plural is said: "of X, and the acquittal of Y, members of Z" is said of both."""
    if len(listed) > 1:
        return list(listed)
    opening = next(sentence.first for sentence in passage.sentences if listed[0].first < sentence.last)
    return [m for m in within(mentions, opening, listed[0].last) if m.entity.kind == "person"]


def _bodies_of(
    passage: Passage, member: Hit, person: Mention, mentions: Sequence[Mention], said: range
) -> Sequence[Mention]:
    """Find the organisations of which the words `said` of a person make somebody a member."""
    folded, first, end = passage.tokens.folded, member.last, said.stop
    bodies = [mention for mention in mentions if mention.entity.kind == "organisation"]
    if _names_same(passage, first):
        return within(bodies, max(0, said.start - _FAR), person.first)[-1:]
    auxiliaries = passage.words.grammar["be"] | passage.words.grammar["have"]
    verbs = within(passage.verbs, first, end)
    told = (verb.first for verb in verbs if folded[verb.first - 1] in auxiliaries)
    end = next(told, end)  # "director of Z, was tried by Y"
    return [body for body in within(bodies, said.start + 1, said.stop) if first <= body.name < end]


def _right_behind(passage: Passage, at: int, mentions: Sequence[Mention]) -> list[Mention]:
    """Read "X, de l'Association Y, a été arrêté" and "X (Association Y)", where nothing says what X is of it."""
    folded, first = passage.tokens.folded, at + 1
    if folded[at] == ",":
        first += folded[first : first + 1] != [] and folded[first] in GENITIVES
        if first == at + 1:
            return []
        first += folded[first : first + 1] != [] and folded[first] in ARTICLES
    elif folded[at] != "(":
        return []
    closing = [")" if folded[at] == "(" else ","]
    bodies = (m for m in mentions if m.entity.kind == "organisation" and m.name == first)
    return [body for body in bodies if folded[body.last : body.last + 1] == closing]


def _names_same(passage: Passage, first: int) -> bool:
    """Tell whether "of the same organisation" stands there."""
    near = passage.tokens.folded[first : first + 4]
    at = next((number for number, word in enumerate(near) if word in _SAME), None)
    return at is not None and not passage.words.organisation_words.isdisjoint(near[at + 1 : at + 2])


def _is_plural(passage: Passage, hit: Hit) -> bool:
    return passage.tokens.folded[hit.first][-1] in "sx" or passage.tokens.folded[hit.last - 1][-1] in "sx"


def _describe(passage: Passage, hit: Hit, listed: Sequence[Mention]) -> None:
    for mention in listed:
        mention.entity.roles.add("lawyer" if _is_of_client(passage, hit) else hit.value or "defender")
        words = passage.tokens.slice(hit.first, hit.last)
        mention.entity.described_as[words] = None
        article = passage.tokens.folded[hit.first - 1] if hit.first else ""
        mention.entity.gender = (
            mention.entity.gender
            or passage.words.roles_by_gender.get(fold(words))
            or passage.words.articles_by_gender.get(article)  # "la voluntaria X"
        )


def _is_of_client(passage: Passage, hit: Hit) -> bool:
    """Tell "Ms. X's lawyer, Mr. Y" from a lawyer who is a defender."""
    folded, owner = passage.tokens.folded, hit.first - 2
    owned = folded[hit.last - 1] in _COUNSEL and owner >= 0 and folded[owner + 1] in {"'s", "’s"}
    return owned and owner in passage.capitals and not passage.tokens.words[owner].isupper()


def _take_organisation(listed: Sequence[Mention], organisations: Iterator[Mention] | Sequence[Mention]) -> None:
    for organisation in organisations:
        for mention in listed:
            mention.entity.organisations[organisation.entity.name] = None


def protagonists(entities: Entities, passages: Sequence[Passage]) -> list[Entity]:
    """List whom the document is about: who is named in its title or demands, else in the first paragraph."""
    by_role: dict[str, list[Entity]] = {}
    for number, passage in enumerate(passages):
        role = "summary" if number <= 1 and passage.role in NARRATIVE else passage.role
        people = [mention.entity for mention in entities.mentions(passage) if mention.entity.kind == "person"]
        by_role.setdefault(role, []).extend(people)
    named = [*by_role.get("title", []), *by_role.get("demand", [])]
    if not named:
        named = by_role.get("summary", [])
    aside = {"relative", "lawyer"} if "demand" in by_role else {"official", "relative", "lawyer"}
    found = list(dict.fromkeys(p for p in named if not p.roles & aside or p in by_role.get("title", [])))
    for person in found:
        person.protagonist = True
    for person in by_role.get("demand", []):
        person.beneficiary = True
    return found
