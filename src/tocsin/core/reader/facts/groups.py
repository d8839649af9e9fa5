"""People known only by description: "three unknown men", "police officers in plain clothes", "the police"."""

from bisect import bisect_left
from collections.abc import Iterator

from msgspec import Struct

from tocsin.core.appeal import Group
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit, fold, within

_REACH = 20  # words before a head: "at least three hundred unknown, heavily armed men"
_DEFINITE = frozenset({"the", "these", "those", "les", "ces", "los", "las", "esos", "estos", "le", "la", "l'", "el"})

_ONE = frozenset({"a", "an", "un", "une", "una"})  # "a judge"

# Bodies that are named by the town or country they are of: "the National Police of Belmara".
_OF_A_PLACE = frozenset({"police", "military"})
# What ties people to their body; "border guards at Velm" only says where they stood.
_OF = frozenset({"of", "from", "de", "del", "du", "des", "d'"})


# Behind a noun these are none: "información oficial", "puertas internas".
_ADJECTIVES = frozenset({"oficial", "oficiales", "internos", "internas"})
_SO_MANY = frozenset({"grupo", "groupe"})  # "un grupo de mujeres" is no body
# Signs between qualities: "unknown, heavily armed men", "plain-clothes officers".
_LINKS = ([","], ["-"])


class GroupMention(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) describe a group.

    `acting` is the kind of body that counts as a group only where it does something ("the police").
    """

    first: int
    last: int
    group: Group
    acting: bool

    @property
    def leading(self) -> range:
        """The two words behind its article."""
        first = self.first + (self.last - self.first > 1)
        return range(first, min(first + 2, self.last))


class Groups:
    """The groups of a document, each once, in the order in which they appear."""

    def __init__(self) -> None:
        self._by_label: dict[str, Group] = {}
        self._labels_with: dict[str, list[str]] = {}

    def find(self, passage: Passage) -> list[GroupMention]:
        """Find the groups that a passage describes."""
        mentions: list[GroupMention] = []
        free, quoted = 0, passage.quoted
        # "Algunos de ellos encapuchados", "la pièce voisine": what tells nothing is nobody, either.
        blind = {at for hit in passage.acts if hit.value == "blind" for at in range(hit.first, hit.last)}
        for at in _begins(passage):
            if at >= free and at not in quoted and at not in blind and (found := self._at(passage, at)) is not None:
                mentions.append(found)
                free = found.last
        return mentions

    def meant(self, passage: Passage, first: int, last: int, recent: str | None) -> str | None:
        """Find the group that "the three men" goes back to: the last one described with the same noun.

        A body that was not described before ("the police officers") is a group of its own.
        """
        if same := self._labels_with.get(passage.tokens.folded[last - 1]):
            return recent if recent in same else same[-1]
        head = next((hit for at in range(first, last) for hit in passage.groups_at(at) if hit.kind == "head"), None)
        if head is None or head.value in {"unknown", "none"}:
            return recent
        return self._mention(passage, first, last, None, head.value).group.label

    def counting(self, noun: str, count: int, recent: str | None) -> str | None:
        """Find the group of so many that was described with a noun: the last one spoken of, else the last described."""
        fitting = [label for label in self._labels_with.get(noun, ()) if self._by_label[fold(label)].size == count]
        return recent if recent in fitting else next(reversed(fitting), None)

    def kin(self, passage: Passage, first: int, last: int, tie: str) -> Group:
        """Give the group of somebody known by whom they belong to ("her mother"); `tie` says how."""
        size = next((int(passage.sizes[at].value) or None for at in range(first, last) if at in passage.sizes), None)
        kind = "private_individual" if tie in {"relative", "family"} else None
        return self._mention(passage, first, last, size, kind, acting=True).group

    def counted(self, passage: Passage, first: int, last: int, size: int) -> Group:
        """Give the group of so many of an occupation: "two nurses"."""
        return self._mention(passage, first, last, size, None, acting=False).group

    def named(self, label: str) -> Group | None:
        """Give the group with a label, whatever its case."""
        return self._by_label.get(fold(label))

    def _at(self, passage: Passage, at: int) -> GroupMention | None:
        if at in passage.institutions:
            return self._institution(passage, passage.institutions[at])
        size, first_quality = _size(passage, at)
        if size is not None and passage.tokens.folded[first_quality : first_quality + 1] == [","]:
            return None  # the number ends a date: "on the night of 16 to 17, unknown men"
        head_at, counted = _qualities(passage, first_quality)
        head = passage.heads.get(head_at)
        if head is None or _is_thing(passage, head.last) or _is_no_head(passage, head):
            return None
        definite = size is None and at > 0 and passage.tokens.folded[at - 1] in _DEFINITE
        if not definite and not _is_group(passage, at, head, size is not None, counted):
            return None
        last = _named_after(passage, _extended(passage, head.last))
        while _goes_on_as_name(passage, last):
            if last == head.last and not passage.tokens.words[last - 1][0].isupper():
                return None  # "police officer Marosh", "lawyers Council": a title or a name, not a group
            last += 1  # "agentes de la Policía Forestal": the head holds the beginning of a name
        if _is_post(passage, head):
            return None  # "legal officer of the Velm Centre"
        kind = _actor_type(passage, at, last, head)
        if kind == "police" and not passage.words.civic.isdisjoint(passage.tokens.folded[head.last : last]):
            kind = None  # "an officer of the Velm Rights Centre"
        if definite and not _named_after(passage, head.last) > head.last:
            # "the employees" are known to the reader; they are a group of the case where they do or suffer something.
            return self._mention(passage, at - 1, last, None, kind, acting=True)
        # "a captain" is a group of the case, as "the police" are, where he does something.
        alone = size == 1 and kind in _OF_A_PLACE
        return self._mention(passage, at, last, size or None, kind, acting=alone)

    def _institution(self, passage: Passage, hit: Hit) -> GroupMention | None:
        last = hit.last
        before = passage.tokens.folded[hit.first - 1] if hit.first else ""
        if _is_thing(passage, last) or before in passage.words.grammar["be"]:
            return None  # "fue juzgado": was tried, no court
        while last < passage.tokens.count and passage.tokens.folded[last] in passage.words.organisation_words:
            last += 1
        if hit.value in _OF_A_PLACE:
            last = _named_after(passage, last)
        first = hit.first - (hit.first > 0 and passage.tokens.folded[hit.first - 1] in _DEFINITE)
        if hit.value in _OF_A_PLACE and first == hit.first and _is_of_town(passage, first):
            first -= 2  # "the Velm police"
        size = 1 if passage.tokens.folded[first] in _ONE else None
        return self._mention(passage, first, last, size, hit.value, acting=True)

    def _mention(
        self, passage: Passage, first: int, last: int, size: int | None, actor_type: str | None, *, acting: bool = False
    ) -> GroupMention:
        label = passage.tokens.slice(first, last)
        key = fold(label)
        if actor_type == "crowd" and size == 1 and passage.tokens.folded[first] in ARTICLES:
            size = None  # "an angry mob" are many
        if key not in self._by_label:
            self._by_label[key] = Group(label, size, actor_type, passage.tokens.span(first, last))
            # What stands behind a comma ("a crowd, including police officers") is not what the label is about.
            for word in set(key.split(",")[0].split()):
                self._labels_with.setdefault(word, []).append(label)
        return GroupMention(first, last, self._by_label[key], acting)


def _begins(passage: Passage) -> list[int]:
    """Give the words that may begin a group: bodies, heads, and sizes and qualities within reach before a head."""
    heads = passage.heads.keys()
    described: list[int] = []
    leading = _leading(passage) if heads else []
    free = 0
    for head in sorted(heads):
        described += leading[bisect_left(leading, max(free, head - _REACH)) : bisect_left(leading, head)]
        free = head
    return sorted({*described, *heads, *passage.institutions})


def _leading(passage: Passage) -> list[int]:
    """Give the sizes and qualities behind which a group may go on: most "and" and "a" lead to no head."""
    words, heads, sizes, qualities = passage.tokens.words, passage.heads, passage.sizes, {*passage.qualities}
    leading: list[int] = []
    for at in sorted(qualities.union(sizes)):
        behind = sizes[at].last if at in sizes else at + 1
        if behind in qualities or behind in heads or behind in sizes or words[behind : behind + 1] in _LINKS:
            leading.append(at)
    return leading


def _is_of_town(passage: Passage, at: int) -> bool:
    """Tell whether "the" and one capitalised word lead in a body: "the Velm police"."""
    return at > 1 and at - 1 in passage.capitals and passage.tokens.folded[at - 2] in _DEFINITE


def _is_no_head(passage: Passage, head: Hit) -> bool:
    """Tell the "Femmes" of "Voix de Femmes", the "mujeres" of "asociación de mujeres" and "jugés" from people."""
    words, folded, at = passage.tokens.words, passage.tokens.folded, head.first
    if head.value == "judiciary" and words[at].endswith(("é", "és", "ée", "ées")):
        return True
    if folded[at] in _ADJECTIVES and at and folded[at - 1].isalpha():
        return not (folded[at - 1] in passage.words.function_words or at - 1 in passage.sizes)
    if at < 2 or folded[at - 1] not in GENITIVES:
        return False
    body = folded[at - 2] in passage.words.organisation_words and folded[at - 2] not in passage.words.authorities
    inside = words[at][0].isupper() and words[at - 2][0].isupper()
    return head.value in {"unknown", "none"} and (inside or (body and folded[at - 2] not in _SO_MANY))


def _is_thing(passage: Passage, at: int) -> bool:
    """Tell whether the word behind a body makes it a thing: "police bus", "the women's shelter"."""
    behind = passage.tokens.folded[at] if at < passage.tokens.count else ""
    return behind == "'s" or behind in passage.words.things


def _size(passage: Passage, at: int) -> tuple[int | None, int]:
    """Read "at least three", "a group of", "10": give the number (0: not given) and the word behind."""
    size: int | None = None
    folded, sizes = passage.tokens.folded, passage.sizes
    while at < len(folded):
        if (hit := sizes.get(at)) is not None:
            size, at = max(size or 0, int(hit.value)), hit.last
        elif (
            (word := folded[at]).isdecimal()
            and word.isascii()
            and word[0] != "0"
            and len(word) <= 4
            and not 1900 <= int(word) <= 2099
        ) and not (at and folded[at - 1] in passage.words.calendar):  # "el sábado 8 unos desconocidos"
            size, at = int(word), at + 1
        else:
            break
    return size, at


def _qualities(passage: Passage, at: int) -> tuple[int, int]:
    """Pass over "unknown", "heavily armed", "plain-clothes"; give the first word behind and how many there were."""
    first, folded = at, passage.tokens.folded
    heads, qualities, last = passage.heads, passage.words.qualities, min(at + 5, len(folded))
    while at < last:
        if at in heads and not _quality_before_head(passage, at):
            break
        if folded[at] not in qualities and passage.tokens.words[at] not in {"-", ","}:
            break
        at += 1
    if at > first and folded[at - 1] == ",":
        at -= 1
    return at, at - first


def _is_post(passage: Passage, head: Hit) -> bool:
    """Tell whether a head only ends what somebody is in an organisation: "legal officer"."""
    before = within(passage.name_hits, head.first - 2, head.first)
    return any(hit.last == head.last and hit.kind == "role" and hit.value == "defender" for hit in before)


def _quality_before_head(passage: Passage, at: int) -> bool:
    """Tell whether a head is a quality of the next: in "police agents" it is; "police officers" is one head."""
    return passage.tokens.folded[at] in passage.words.qualities and passage.heads[at].last in passage.heads


def _is_group(passage: Passage, at: int, head: Hit, sized: bool, qualities: int) -> bool:
    """A head by itself is a group only where it says who acts ("soldiers"), not "participants" or "men"."""
    if sized:
        return True
    before = passage.tokens.folded[at - 1] if at else ""
    if before in passage.words.grammar["by"]:
        return True  # "taken by men": who did it is a group, however little is said of them
    if before not in {",", "("} and _named_after(passage, head.last) > head.last:
        return True
    if (before in ARTICLES and before != "that") or head.value == "none":  # "he said that guards beat him"
        return False
    return qualities > 0 or head.value != "unknown" or _extended(passage, head.last) > head.last


def _goes_on_as_name(passage: Passage, last: int) -> bool:
    """Tell whether a capitalised word follows right behind that no sentence begins with."""
    tokens = passage.tokens
    return (
        last < tokens.count
        and tokens.words[last][0].isupper()
        and tokens.end(last - 1) + 1 == tokens.starts[last]
        and not passage.starts_sentence(last)
    )


def _extended(passage: Passage, last: int) -> int:
    """Take in "in plain clothes", "of secret service", and ", including police officers"."""
    while follows := passage.follows.get(last):
        if follows.value == "including":
            inner, _ = _qualities(passage, _size(passage, follows.last)[1])
            head = passage.heads.get(inner)
            return head.last if head is not None else last
        last = follows.last
    return last


def _named_after(passage: Passage, last: int) -> int:
    """Take in the body that people belong to: "eight agents" + "of the National Migration Institute"."""
    words, folded = passage.tokens.words, passage.tokens.folded
    if last >= len(words) or folded[last] not in _OF:
        return last
    at = last
    while at < len(words) and at - last < 3 and folded[at] in passage.words.belonging_links:
        at += 1
    if at == last or at >= len(words):
        return last
    if not words[at][0].isupper() or folded[at] in passage.words.calendar:
        return last
    title = next((hit for hit in passage.names.get(at, ()) if hit.kind == "title"), None)
    if title is not None:
        at = title.last + (words[title.last : title.last + 1] == ["."])  # "two colleagues of Mr. X"
    while at < len(words) and (words[at][0].isupper() or _joins(passage, at)):
        at += 1
    return at


def _joins(passage: Passage, at: int) -> bool:
    """Tell whether a small word stands inside a name: "Institute of the Coast"."""
    words = passage.tokens.words
    here = at
    while here < len(words) and here - at < 3 and passage.tokens.folded[here] in passage.words.inner_links:
        here += 1
    return here > at and here < len(words) and words[here][0].isupper()


def _actor_type(passage: Passage, first: int, last: int, head: Hit) -> str | None:
    """Let the most telling word decide: "agents of secret service" are intelligence, a "crowd of men" is a crowd."""
    types = list(_head_types(passage, first, last))
    if "crowd" in types:
        return "crowd"
    telling = [kind for kind in types if kind not in {"unknown", "none"}]
    if telling:
        return telling[0]
    return None if head.value == "none" else head.value


def _head_types(passage: Passage, first: int, last: int) -> Iterator[str]:
    for at in range(first, last):
        if passage.tokens.words[at] == ",":
            return
        for hit in passage.groups.get(at, ()):
            if hit.kind in {"head", "institution"}:
                yield hit.value
            elif hit.kind == "follows":
                inner = passage.words.groups.find(passage.tokens, hit.first + 1, hit.last)
                yield from (each.value for each in inner if each.kind in {"head", "institution"})
        if passage.tokens.folded[at] in {"crowd", "mob", "foule", "multitud", "turba"}:
            yield "crowd"
