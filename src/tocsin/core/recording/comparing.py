"""Two records of one thing, field by field: what a case says, what a report says, and how the two stand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, TypeAlias

from tocsin.core.editing import entered, lives, write_time
from tocsin.core.errors import BadRequest
from tocsin.core.names import SAME, SOUNDS_ALIKE, compare
from tocsin.core.records import (
    Charge,
    Count,
    Detention,
    Event,
    Group,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    Proceeding,
    Provision,
    Statement,
    Status,
    TemporalExpression,
    Translation,
    Wording,
)
from tocsin.core.records.ordering import Bounds, bounds

Standing = Literal["agrees", "differs", "closer", "later", "new", "more", "words"]

# What a list says where nothing is known: it contradicts nothing.
_BLANK = frozenset({"other", "unknown", "criminal_or_administrative_unknown"})
# "At about eight" and "at half past eight" contradict nobody.
_ABOUT: Mapping[str, timedelta] = {
    "hour": timedelta(hours=1),
    "approx_minute": timedelta(hours=1),
    "part_of_day": timedelta(hours=3),
}
# From here on letters are of another script than Latin ones are.
_SCRIPTS = ((0x0370, "Grek"), (0x0400, "Cyrl"), (0x0530, "Armn"), (0x0590, "Hebr"), (0x0600, "Arab"), (0x0780, ""))


@dataclass(frozen=True, slots=True)
class FieldSide:
    """One field of a record as a case and a report have it.

    Attributes:
        predicate: The field of the record.
        ours, theirs: What the case and the report say, as the record holds it; of a set, `theirs` is what comes to it.
        standing: `agrees`; `differs`; `closer`: says the same more exactly; `later`: a status of a later day; `new`:
            the case is silent; `more`: something that a set of the case does not have; `words`: the same or something
            else, in other words, which only a person can tell.
        may_stand: Whether what the report says can take the place of what the case says; a status that cannot follow
            is entered by hand.
    """

    predicate: str
    ours: Any
    theirs: Any
    standing: Standing
    may_stand: bool = True

    @property
    def is_asked(self) -> bool:
        """Tell whether a person has to say which of the two is in force."""
        return self.standing in {"differs", "closer", "later"} and self.may_stand

    @property
    def comes(self) -> bool:
        """Tell whether it comes to the record without a question: the case did not say it, or did not have it."""
        return self.standing in {"new", "more"}


_Comparer: TypeAlias = Callable[[Any, Any], FieldSide | None]


def compare_records(ours: Any, theirs: Any) -> tuple[FieldSide, ...]:
    """Compare two records of a kind, field by field; a field of which the report says nothing is left out."""
    return tuple(each for compare in _FIELDS[type(ours)] if (each := compare(ours, theirs)) is not None)


def with_theirs(record: Any, side: FieldSide) -> Any:
    """Give a record of the case with what the report says of one field, in place of what it said or added to it."""
    value = side.theirs
    if side.standing == "later":
        return entered(lives()[type(record).__name__], record, value, value.as_of)
    if side.standing == "more":
        value = _added(record, side)
        if isinstance(record, Organisation) and side.predicate == "name":
            return replace(record, names=(*record.names, side.theirs))
    return replace(record, **{side.predicate: value})


def said(value: Any) -> str:
    """Write the value of a field as a claim keeps it."""
    if isinstance(value, TemporalExpression):
        return write_time(value)
    if isinstance(value, Wording):
        return value.texts[0].text if value.texts else ""
    if isinstance(value, tuple):
        return " ".join(map(said, value))
    for name in ("full", "value", "org", "text"):
        if hasattr(value, name):
            return str(getattr(value, name))
    return said(value.label) if isinstance(value, Charge) and value.label else str(value)


def script_of(name: str) -> str | None:
    """Give the ISO 15924 code of the script of a name, as far as its first letter tells."""
    point = next((ord(each) for each in name if each.isalpha()), 0)
    found = "Latn"
    for first, script in _SCRIPTS:
        if point >= first:
            found = script
    return found or None


def texts_of(wording: Wording | None) -> tuple[str, ...]:
    """Give words in whatever language they are."""
    return tuple(each.text for each in wording.texts) if wording else ()


def folded(text: str) -> str:
    """Fold words so that case and spaces make no difference."""
    return " ".join(text.casefold().split())


def time_bounds(t: TemporalExpression | None) -> Bounds:
    """Give the bounds of a time, wide enough for what is said to be about so."""
    found = bounds(t)
    around = _ABOUT.get((t.precision or "") if t else "")
    if around is None or found.earliest is None or found.latest is None or t is None or not t.start:
        return found
    return Bounds(found.earliest - around, found.latest + around)


def _whole(predicate: str, stand: Callable[[Any, Any], Standing]) -> _Comparer:
    """Compare a field that holds one value."""

    def compare_field(ours: Any, theirs: Any) -> FieldSide | None:
        old, new = getattr(ours, predicate), getattr(theirs, predicate)
        if new in (None, "") or new in _BLANK:
            return None
        if old in (None, ""):
            return FieldSide(predicate, None, new, "new")
        return FieldSide(predicate, old, new, stand(old, new))

    return compare_field


def _code(old: str, new: str) -> Standing:
    return "agrees" if old == new else "closer" if old in _BLANK else "differs"


def _count(old: Count, new: Count) -> Standing:
    if old == new:
        return "agrees"
    return "closer" if old.exact is None and old.fits(new) else "differs"


def _wording(old: Wording, new: Wording) -> Standing:
    known = set(map(folded, texts_of(old)))
    return "agrees" if all(folded(each) in known for each in texts_of(new)) else "words"


def _time(ours: Event, theirs: Event) -> FieldSide | None:
    old, new = time_bounds(ours.t), time_bounds(theirs.t)
    if new == Bounds():
        return None
    if old == Bounds():
        return FieldSide("t", ours.t, theirs.t, "new")
    if old.within(new).empty:
        return FieldSide("t", ours.t, theirs.t, "differs")
    exact = old.within(new) == new and new != old and _length(new) < _length(old)
    return FieldSide("t", ours.t, theirs.t, "closer" if exact else "agrees")


def _length(found: Bounds) -> timedelta:
    return found.latest - found.earliest if found.earliest and found.latest else timedelta.max


def _set(predicate: str, key: Callable[[Any], Any] = lambda each: each) -> _Comparer:
    """Compare a field that holds several; what the report does not name is not denied by it."""

    def compare_field(ours: Any, theirs: Any) -> FieldSide | None:
        old, new = getattr(ours, predicate), getattr(theirs, predicate)
        if not new:
            return None
        known = {key(each) for each in old}
        more = tuple(each for each in new if key(each) not in known)
        if not more:
            return FieldSide(predicate, old, new, "agrees")
        return FieldSide(predicate, old, more, "more" if old else "new")

    return compare_field


def _person_name(ours: Person, theirs: Person) -> FieldSide:
    new = theirs.preferred
    if folded(new.full) in {folded(each.full) for each in ours.names}:
        return FieldSide("names", ours.names, (new,), "agrees")
    script = script_of(new.full)
    other = script != script_of(ours.preferred.full)
    likeness = compare(ours.preferred.full, new.full)
    spelling = other or all(pair.how in {SAME, SOUNDS_ALIKE} for pair in likeness.pairs)
    use: Literal["transliteration", "alias"] = "transliteration" if spelling and likeness.pairs else "alias"
    added = PersonName(full=new.full, use=use, script=script if other else None)
    return FieldSide("names", ours.names, (added,), "more")


def names_of(organisation: Organisation) -> tuple[str, ...]:
    """Give all names of an organisation."""
    short = (organisation.acronym, organisation.short)
    return (*texts_of(organisation.name), *(each.value for each in organisation.names), *filter(None, short))


def _organisation_name(ours: Organisation, theirs: Organisation) -> FieldSide | None:
    new = next(iter(theirs.name.texts), None) if theirs.name else None
    if new is None:
        return None
    if folded(new.text) in set(map(folded, names_of(ours))):
        return FieldSide("name", ours.name, theirs.name, "agrees")
    languages = {each.language for each in ours.name.texts} if ours.name else set()
    use: Literal["variant", "translation"] = "variant" if new.language in languages else "translation"
    return FieldSide("name", ours.name, OrganisationName(value=new.text, lang=new.language, use=use), "more")


def _place_name(ours: Place, theirs: Place) -> FieldSide | None:
    new = next(iter(theirs.name.texts), None)
    if new is None:
        return None
    if folded(new.text) in set(map(folded, texts_of(ours.name))):
        return FieldSide("name", ours.name, theirs.name, "agrees")
    known = new.language in {each.language for each in ours.name.texts}
    return FieldSide("name", ours.name, new, "words" if known else "more")


def _charges(ours: Proceeding, theirs: Proceeding) -> FieldSide | None:
    if not theirs.charges:
        return None
    more = tuple(each for each in theirs.charges if not any(same_charge(each, other) for other in ours.charges))
    if more:
        return FieldSide("charges", ours.charges, more, "more" if ours.charges else "new")
    return FieldSide("charges", ours.charges, theirs.charges, "agrees")


def same_charge(one: Charge, other: Charge) -> bool:
    """Tell whether two charges are one: of one article, or in the same words."""
    articles = [_article(each.provision) for each in (one, other)]
    if all(articles):
        return articles[0] == articles[1]
    return bool(set(map(folded, texts_of(one.label))) & set(map(folded, texts_of(other.label))))


def _article(provision: Provision | None) -> str:
    return "".join(each for each in folded(provision.article or "") if each.isalnum()) if provision else ""


def _status(ours: Detention | Proceeding, theirs: Detention | Proceeding) -> FieldSide | None:
    old, new = ours.status, theirs.status
    if new is None:
        return None
    if old is None:
        return FieldSide("status", None, new, "new")
    if any(each.value == new.value and each.as_of == new.as_of for each in lives()[type(ours).__name__].all_of(ours)):
        return FieldSide("status", old, new, "agrees")
    if old.value == new.value:
        return FieldSide("status", old, new, "later" if new.as_of > old.as_of else "agrees", may_stand=True)
    side = FieldSide("status", old, _sure(new), "later" if new.as_of > old.as_of else "differs")
    try:
        with_theirs(ours, replace(side, standing="later"))
    except BadRequest:
        return replace(side, standing="differs", may_stand=False)
    return side if side.standing == "later" else replace(side, may_stand=False)


def _sure(status: Status) -> Any:
    return replace(status, confidence=status.confidence or "reported")


def _added(record: Any, side: FieldSide) -> Any:
    if isinstance(side.theirs, Translation):
        return replace(record.name, texts=(*record.name.texts, side.theirs))
    old: Iterable[Any] = getattr(record, side.predicate) if isinstance(side.theirs, tuple) else ()
    return (*old, *side.theirs) if isinstance(side.theirs, tuple) else side.theirs


def _org(membership: Membership) -> str:
    return membership.org


_FIELDS: Mapping[type, tuple[_Comparer, ...]] = {
    Person: (
        _person_name,
        _whole("role", _code),
        _whole("described_as", _wording),
        _set("memberships", _org),
    ),
    Organisation: (_organisation_name, _whole("kind", _code)),
    Group: (_whole("label", _wording), _whole("actor_type", _code), _whole("size", _count)),
    Place: (_place_name,),
    Event: (
        _time,
        _whole("place", _code),
        _whole("act_type", _code),
        _whole("procedure", _code),
        _whole("method", _code),
        _set("victims"),
        _set("actors"),
        _set("concerns"),
        _whole("what", _wording),
    ),
    Statement: (_set("speaker"), _whole("quote", _wording)),
    Detention: (_set("persons"), _status),
    Proceeding: (_set("defendants"), _charges, _status),
}
