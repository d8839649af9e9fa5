"""Temporal expressions of running text: dates, clock times, "the next day", "five minutes before the start of …"."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.reader.dates.calendar import CalendarDate, calendar_dates
from tocsin.core.reader.dates.words import TimeWords, temporal_words
from tocsin.core.reader.tokens import Hit, Tokens

_LONGEST_HOUR = 2  # figures
_LIMITS = frozenset({"since", "until", "before", "after"})


class Shift(NamedTuple):
    """`amount` units after (+1) or before (-1) another moment: the story's, or the start of what was planned."""

    amount: int
    unit: str
    direction: Literal[-1, 1]
    from_plan: bool = False
    from_now: bool = False


class Moment(Struct, frozen=True, gc=False):
    """One temporal expression: words `first` to `last` (not included) of the tokens, and what they say."""

    first: int
    last: int
    date: CalendarDate | None = None
    weekday: int | None = None
    time: str | None = None
    exact: bool = True
    part: str | None = None
    offset_days: int | None = None
    from_today: bool = False
    shift: Shift | None = None
    vague: str | None = None
    operator: str | None = None
    approximate: bool = False
    ambiguous: bool = False
    latest: bool = False

    @property
    def places_day(self) -> bool:
        """Whether the words say which day it is."""
        return (
            self.date is not None or self.weekday is not None or self.offset_days is not None or self.shift is not None
        )


def find_moments(
    tokens: Tokens, words: TimeWords, anchors: Sequence[Hit] | None = None, single: Sequence[int] | None = None
) -> list[Moment]:
    """Find the temporal expressions from left to right; neighbours that complete one another are one moment.

    Args:
        tokens: The words.
        words: The temporal words of the language.
        anchors: The phrases of `words.anchors`, where they have been found.
        single: What `temporal_words` gives, where it is known.
    """
    merged: list[Moment] = []
    anchors = words.anchors.find(tokens) if anchors is None else anchors
    single = temporal_words(tokens, words) if single is None else single
    for atom in _without_overlap(_atoms(tokens, words, anchors, single)):
        moment = _with_lead_in(tokens, _latest(tokens, atom, words), words, merged[-1].last if merged else 0)
        if merged and (joined := _join(tokens, merged[-1], moment, words)) is not None:
            merged[-1] = joined
        else:
            merged.append(moment)
    return merged


def _atoms(tokens: Tokens, words: TimeWords, anchors: Sequence[Hit], single: Sequence[int]) -> list[Moment]:
    atoms = [Moment(date.first, date.last, date=date) for date in calendar_dates(tokens, words, single)]
    atoms += [_phrase(hit.first, hit.last, hit.kind, hit.value) for hit in anchors]
    weekdays, units = words.weekdays, words.units
    for at in single:
        word = tokens.folded[at]
        if word in weekdays and words.recurring.before(tokens, at) is None:
            atoms.append(Moment(at, at + 1, weekday=weekdays[word]))
        elif word in units:
            atoms.extend(_shift(tokens, at, words))
        if word[0].isdecimal() or word in words.numbers:
            atoms.extend(_clock(tokens, at, words))
    atoms.sort(key=lambda atom: (atom.first, -atom.last))
    return atoms


def _phrase(first: int, last: int, kind: str, value: str) -> Moment:
    if kind == "relative":
        return Moment(first, last, offset_days=int(value))
    if kind in {"relative_part", "today"}:
        days, _, part = value.partition(" ")
        return Moment(first, last, offset_days=int(days), part=part or None, from_today=kind == "today")
    if kind == "clock":
        # Midnight may begin or end the day it is named with; the text seldom says which.
        midnight = value == "midnight"
        return Moment(first, last, time="00:00" if midnight else "12:00", ambiguous=midnight)
    if kind == "parts":
        return Moment(first, last, part=value)
    return Moment(first, last, vague=value)


def _without_overlap(atoms: list[Moment]) -> Iterator[Moment]:
    free = 0
    for number, atom in enumerate(atoms):
        if atom.first < free:
            continue
        longer = [
            other for other in atoms[number + 1 : number + 4] if other.first < atom.last and other.last > atom.last
        ]
        if longer and atom.vague is not None:
            continue
        free = atom.last
        yield atom


def _latest(tokens: Tokens, atom: Moment, words: TimeWords) -> Moment:
    """Take in the word that says which one is meant: "le 14 juillet dernier", "el lunes pasado", "last Friday"."""
    if atom.date is None and atom.weekday is None:
        return atom
    if atom.last < tokens.count and tokens.folded[atom.last] in words.latest:
        return changed(atom, last=atom.last + 1, latest=True)
    if atom.first and tokens.folded[atom.first - 1] in words.latest:
        return changed(atom, first=atom.first - 1, latest=True)
    return atom


def _with_lead_in(tokens: Tokens, atom: Moment, words: TimeWords, low: int) -> Moment:
    """Take the words that lead in ("On", "at around", "since") into the moment."""
    first, operator, approximate, part = atom.first, atom.operator, atom.approximate, atom.part
    if first == low or tokens.folded[first - 1] not in words.lead_words:
        return atom
    for _ in range(3):
        if (found := words.operators.before(tokens, first, low)) and operator is None:
            first, operator = found
        elif found := words.lead_in.before(tokens, first, low):
            first = found[0]
            approximate = approximate or found[1] == "about"
            part = "night" if found[1] == "night_of" else part
        else:
            break
    # "Questioned until midnight": it can only be the midnight that ends the day.
    ambiguous = atom.ambiguous and operator != "until"
    return changed(atom, first=first, operator=operator, approximate=approximate, part=part, ambiguous=ambiguous)


def _join(tokens: Tokens, left: Moment, right: Moment, words: TimeWords) -> Moment | None:
    """Join "On May 29, 2021" and "at around 8 pm"; neighbours that say the same kind of thing stay apart."""
    gap = tokens.folded[left.last : right.first]
    if len(gap) > 3 or any(word not in words.joining for word in gap):
        return None
    if (
        left.vague
        or right.vague
        or left.shift
        or right.shift
        or (left.operator in _LIMITS and right.operator in _LIMITS)
    ):
        return None
    named_twice = left.places_day and right.places_day
    said_again = named_twice and _is_said_again(left, right)
    if (named_twice and not _weekday_of_date(left, right) and not said_again) or (left.time and right.time):
        return None
    if left.part and right.part and left.part != right.part:
        return None
    return Moment(
        left.first,
        right.last,
        date=left.date or right.date,
        weekday=None if (left.date or right.date) else (left.weekday if left.weekday is not None else right.weekday),
        time=_in_part(left.time or right.time, left.part or right.part),
        exact=left.exact and right.exact,
        part=left.part or right.part,
        offset_days=None
        if said_again and not left.from_today
        else left.offset_days
        if left.offset_days is not None
        else right.offset_days,
        from_today=left.from_today or right.from_today,
        operator=left.operator or right.operator,
        approximate=left.approximate or right.approximate,
        ambiguous=left.ambiguous or right.ambiguous,
        latest=left.latest or right.latest,
    )


def _weekday_of_date(left: Moment, right: Moment) -> bool:
    return (left.weekday is not None and right.date is not None) or (
        left.date is not None and right.weekday is not None
    )


def _is_said_again(left: Moment, right: Moment) -> bool:
    """Tell whether a date says which day is meant: "ayer, martes 14 de junio", "dans la journée du mercredi 3 mars"."""
    said = right.date is not None or right.weekday is not None
    return said and left.offset_days is not None and (left.from_today or left.offset_days == 0)


def _in_part(time: str | None, part: str | None) -> str | None:
    """Read "at 8 in the evening" as 20:00."""
    if time is not None and part in {"afternoon", "evening", "night"} and "01:00" <= time < "12:00":
        hour = int(time[:2])
        if part != "night" or hour >= 6:
            return f"{hour + 12:02d}{time[2:]}"
    return time


def _clock(tokens: Tokens, at: int, words: TimeWords) -> Iterator[Moment]:
    """Read "15:30", "9h30", "8 pm", "11.30 p.m.", "19heures 30 minutes", "a las ocho de la noche"."""
    word = tokens.words[at]
    if word.isdecimal() and len(word) > _LONGEST_HOUR:
        return  # a year
    hour, minute, exact, last = _hour_and_minute(tokens, at, word, words)
    if hour is None:
        return
    plain_clock = ":" in word or (minute is not None and "." not in word)
    named = False
    if found := words.hours.after(tokens, last):
        last, named = found[0], True
        extra = tokens.words[last] if last < tokens.count else ""
        if minute is None and extra.isdecimal() and len(extra) <= 2 and int(extra) < 60:
            minute, exact, last = int(extra), True, last + 1
            if last < tokens.count and words.units.get(tokens.folded[last]) == "minute":
                last += 1
    half_day = words.half_days.after(tokens, last)
    if half_day is not None:
        last = half_day[0]
        if hour <= 12:
            hour = hour % 12 + (12 if half_day[1] == "pm" else 0)
    # "After three hours" and "a las dos horas" say how long it took.
    lasted = named and word[0].isalpha() and words.units.get(tokens.folded[last - 1]) == "hour"
    told = plain_clock or half_day or (named and not lasted and words.before_hour.before(tokens, at))
    told = told or (minute is not None and not named and _is_dotted_clock(tokens, at, words))
    if told and hour < 24 and (minute or 0) < 60:
        yield Moment(at, last, time=f"{hour:02d}:{minute or 0:02d}", exact=exact or minute is not None)


def _is_dotted_clock(tokens: Tokens, at: int, words: TimeWords) -> bool:
    """Tell the time of "around 10.15 the men came" from the amount of "about 10.15 million"."""
    behind = tokens.folded[at + 1] if at + 1 < tokens.count else ""
    return bool(words.before_dotted.before(tokens, at)) and behind not in words.amounts


def _hour_and_minute(tokens: Tokens, at: int, word: str, words: TimeWords) -> tuple[int | None, int | None, bool, int]:
    if not word[0].isdecimal():
        number = words.numbers[tokens.folded[at]]
        return (number if number <= 12 else None), None, False, at + 1
    pieces = word.replace(".", ":").split(":")
    if not all(piece.isdecimal() and len(piece) <= 2 for piece in pieces) or len(pieces) > 3:
        return None, None, False, at
    hour = int(pieces[0])
    if len(pieces) == 1 and _is_apart(tokens, at + 1):
        return hour % 24, int(tokens.words[at + 2]), True, at + 3
    minute = int(pieces[1]) if len(pieces) > 1 else None
    if hour > 24 or (minute is not None and (minute > 59 or len(pieces[1]) != 2)):
        return None, None, False, at
    return hour % 24, minute, len(pieces) > 1, at + 1


def _is_apart(tokens: Tokens, at: int) -> bool:
    """Tell the minutes of "7 :00 p.m.", as who puts a space before a colon prints them."""
    if at + 1 >= tokens.count or tokens.words[at] != ":" or tokens.end(at) != tokens.starts[at + 1]:
        return False
    return tokens.words[at + 1].isdecimal() and len(tokens.words[at + 1]) == 2 and int(tokens.words[at + 1]) < 60


def _shift(tokens: Tokens, at: int, words: TimeWords) -> Iterator[Moment]:
    """Read "two hours later", "five minutes before the start of the meeting", "il y a trois jours", "hace dos días"."""
    amount, first = _amount(tokens, at, words)
    if amount is None:
        return
    unit = words.units[tokens.folded[at]]
    if (half := words.halves.before(tokens, at + 1)) is not None:
        amount, unit, first = int(half[1]), "minute", half[0]
    behind = words.shifts.after(tokens, at + 1)
    if behind is not None:
        direction: Literal[-1, 1] = 1 if behind[1] == "later" else -1
        rest = tokens.folded[behind[0] : behind[0] + 8]
        from_plan = not words.planned.isdisjoint(rest)
        from_now = tokens.folded[behind[0] - 1] in words.ago
        yield Moment(first, behind[0], shift=Shift(amount, unit, direction, from_plan, from_now))
    elif (ahead := words.ahead.before(tokens, first)) is not None:
        ago = ahead[1] == "earlier"
        yield Moment(ahead[0], at + 1, shift=Shift(amount, unit, -1 if ago else 1, from_now=ago))


def _amount(tokens: Tokens, at: int, words: TimeWords) -> tuple[int | None, int]:
    if at == 0:
        return None, at
    word = tokens.folded[at - 1]
    if word.isdecimal() and len(word) <= 3:
        return int(word), at - 1
    if word in words.numbers:
        return words.numbers[word], at - 1
    half = words.halves.before(tokens, at + 1)
    return (int(half[1]), half[0]) if half else (None, at)
