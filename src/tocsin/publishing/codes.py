"""The registry of codes: each is given out once, in one transaction, and stays taken.

The numbers of a scheme are given out one after another, under the lock of the scheme's row. What is given out and then
rolled back was never given out, so that no number is missing. Which number comes next the core decides.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from tocsin.core.codes import Code, Entry, Registry, Scheme, format_code, load_scheme, parse, read_registry
from tocsin.core.errors import BadCode, BadRegistry
from tocsin.publishing.models import CodeRegister, GivenCode, Publication

_PARTS = ("country", "country_number", "month", "year", "series", "number")


def in_use() -> Scheme:
    """Give the scheme by which this site gives out codes."""
    return load_scheme(settings.TOCSIN_CODE_SCHEME)


def printed_as(typed: str) -> str:
    """Give a code of this site in its canonical form, however it was typed.

    Raises:
        BadCode: It is none.
    """
    scheme = in_use()
    return format_code(parse(typed, scheme=scheme).code, scheme)


def give_code(country: str | None, on: date, *, scheme: Scheme | None = None, now: datetime) -> str:
    """Give out the next code of a first appeal; it lasts if the transaction around it does.

    Raises:
        BadCode: no such country, or a day before the scheme began.
        BadRegistry: a counter has reached its end.
    """
    scheme = scheme or in_use()
    with transaction.atomic():
        _hold(scheme)
        # Decided on an empty registry: which counters the next code of this country and day will raise.
        code = Registry((), scheme).next_code(country, on)
        code = Registry(_highest(scheme, code), scheme).next_code(country, on)
        return _write(scheme, [Entry(code, on)], now)[0]


def give_follow_up(first: str, on: date, *, scheme: Scheme | None = None, now: datetime) -> str:
    """Give out the next code of the chain that a code belongs to; it lasts if the transaction around it does.

    Raises:
        BadCode: no such code was given out, or its scheme has no follow-ups.
        BadRegistry: the chain has had more follow-ups than a code can number.
    """
    scheme = scheme or in_use()
    with transaction.atomic():
        _hold(scheme)
        row = _row(first, scheme)
        chain = GivenCode.objects.filter(scheme=scheme.name, series=row.series, year=row.year, number=row.number)
        code = Registry(map(_entry, chain.order_by("follow_up")), scheme).follow_up(_code(row))
        if not scheme.template.fits(code):
            raise BadCode("codes of this scheme have no follow-ups", where=scheme.name)
        return _write(scheme, [Entry(code, on)], now)[0]


def void_code(printed: str, *, scheme: Scheme | None = None) -> None:
    """Note that a code that was given out is not used after all; it is never given out again.

    Raises:
        BadCode: no such code was given out.
    """
    scheme = scheme or in_use()
    with transaction.atomic():
        _hold(scheme)
        row = _row(printed, scheme)
        row.void = True
        row.save(update_fields=["void"])


def import_codes(text: str, *, scheme: Scheme | None = None, name: str = "registry", now: datetime) -> int:
    """Take the codes of a list in that are not in the registry yet; gives how many. All of it, or nothing.

    Raises:
        BadRegistry: a line is no code, or claims a number that another code has, in the list or in the registry.
    """
    scheme = scheme or in_use()
    return take_in(read_registry(text, scheme=scheme, name=name).entries, scheme=scheme, now=now)


def take_in(entries: Iterable[Entry], *, scheme: Scheme | None = None, now: datetime) -> int:
    """Note codes that were given out elsewhere, so that they never are again; gives how many were new. All, or none.

    Raises:
        BadRegistry: one claims a number that another code has, among them or in the registry.
    """
    scheme = scheme or in_use()
    with transaction.atomic():
        _hold(scheme)
        here = list_entries(scheme)
        known = {entry.code for entry in here}
        new = [entry for entry in entries if entry.code not in known]
        Registry([*here, *new], scheme)
        _write(scheme, new, now)
    return len(new)


def list_entries(scheme: Scheme | None = None) -> list[Entry]:
    """List every code that was given out, void ones too."""
    return list(map(_entry, GivenCode.objects.filter(scheme=(scheme or in_use()).name)))


def list_public(scheme: Scheme | None = None, *, now: datetime) -> list[Entry]:
    """List the codes of what is public now or was retracted: whoever quotes one can have read it."""
    public = Publication.objects.filter(visible_from__lte=now, heldback=None).values("code")
    rows = GivenCode.objects.filter(scheme=(scheme or in_use()).name, void=False, printed__in=public)
    return list(map(_entry, rows))


def is_given(printed: str, *, scheme: Scheme | None = None) -> bool:
    """Tell whether a code was given out and is not void."""
    rows = GivenCode.objects.filter(printed=printed, void=False)
    return (rows.filter(scheme=scheme.name) if scheme else rows).exists()


def scheme_of(printed: str) -> Scheme:
    """Give the scheme by which a code was given out.

    Raises:
        BadCode: no such code was given out.
    """
    row = GivenCode.objects.filter(printed=printed, void=False).first()
    if row is None:
        raise BadCode("no such code was given out")
    return load_scheme(row.scheme)


def _hold(scheme: Scheme) -> None:
    """Let nobody else give out a code of a scheme until the transaction ends."""
    CodeRegister.objects.get_or_create(scheme=scheme.name)
    CodeRegister.objects.select_for_update().get(scheme=scheme.name)


def _highest(scheme: Scheme, code: Code) -> Iterator[Entry]:
    """Give the entries that hold the highest number of each counter that a code raises; one may hold several."""
    found = {}
    for name, counter in scheme.words.counters.items():
        same = {part: getattr(code, part) for part in counter.reset}
        row = GivenCode.objects.filter(scheme=scheme.name, **same).exclude(**{name: None}).order_by(f"-{name}").first()
        if row is not None:
            found[row.id] = row
    return map(_entry, found.values())


def _row(printed: str, scheme: Scheme) -> GivenCode:
    row = GivenCode.objects.filter(scheme=scheme.name, printed=printed).first()
    if row is None:
        raise BadCode("no such code was given out")
    return row


def _code(row: GivenCode) -> Code:
    return Code(**{part: getattr(row, part) for part in _PARTS}, follow_up=row.follow_up or None)


def _entry(row: GivenCode) -> Entry:
    return Entry(_code(row), row.issued_on, row.void, "the registry")


def _write(scheme: Scheme, entries: Iterable[Entry], now: datetime) -> list[str]:
    rows = [
        GivenCode(
            scheme=scheme.name,
            printed=format_code(entry.code, scheme),
            **{part: getattr(entry.code, part) for part in _PARTS},
            follow_up=entry.code.follow_up or 0,
            void=entry.void,
            issued_on=entry.on,
            given_at=now,
        )
        for entry in entries
    ]
    if len({row.printed for row in rows}) < len(rows):
        raise BadRegistry("two codes of this list are printed alike")
    GivenCode.objects.bulk_create(rows, batch_size=500)
    return [row.printed for row in rows]
