"""A list of participants that a depositary published for one treaty, as CSV, into the rows of our table.

The UN Treaty Collection and the database of the UN treaty bodies both offer such a list. Wanted are three columns,
whatever else there is:

| column begins with | holds |
|---|---|
| `Participant`, `Country`, `State` | name in English, French or Spanish, or alpha-3 code; then footnote numbers |
| `Signature` | `24 Jan 2006`, `24 January 2006`, `2006-01-24`, or nothing |
| `Ratification`, `Accession` | the same, then `a` accession, `d` succession, `A` acceptance, `AA` approval |

Withdrawals stand in the footnotes of such lists, where no program should guess them: a State with a footnote gets a
note that asks for a look. A date in brackets or with another mark is refused.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.core import vocab
from tocsin.core.codes import is_country
from tocsin.core.errors import BadTreaties
from tocsin.core.treaties.rows import BadRow, Reading, collect, read_instrument, split_csv
from tocsin.core.treaties.statuses import Action, Known, TreatyStatus

_STATE: Final = ("participant", "country", "state")
_SIGNATURE: Final = ("signature",)
_CONSENT: Final = ("ratification", "accession")
_MARKS: Final[Mapping[str, Action]] = {
    "": "ratification",
    "a": "accession",
    "d": "succession",
    "A": "acceptance",
    "AA": "approval",
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED: Final = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})(?: ?([A-Za-z]{1,2}))?")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: ?([A-Za-z]{1,2}))?")
_FOOTNOTES: Final = re.compile(r"^(.*?[^\d,;\s])[\s,;]*((?:\d{1,2}[\s,;]*)+)$")
_LANGUAGES: Final = ("en", "fr", "es")


def read_published(text: str, *, instrument: str, source: str, checked_on: dt.date, name: str = "list") -> Reading:
    """Read a published list of the participants in one treaty; a line that cannot be taken is refused.

    Args:
        text: The list, as CSV.
        instrument: The treaty it is about, a code of the list `instruments`.
        source: Where it was published.
        checked_on: The day on which it was published or fetched.
        name: The name of the file, for messages.

    Raises:
        BadTreaties: It is no CSV, has not the three columns, or the treaty is not in our list.
    """
    try:
        code = read_instrument(instrument)
    except BadRow as error:
        raise BadTreaties(str(error), hint="tocsin treaties show --help") from error
    header, lines = split_csv(text, name)
    columns = [_column(header, starts, name) for starts in (_STATE, _SIGNATURE, _CONSENT)]
    rows = _PublishedList(code, source, checked_on, *columns)
    return collect(header, lines, rows.read)


@dataclass(frozen=True, slots=True)
class _PublishedList:
    """What all rows of a list have in common."""

    instrument: str
    source: str
    checked_on: dt.date
    state: str
    signature: str
    consent: str

    def read(self, row: Mapping[str, str]) -> TreatyStatus:
        country, footnotes = _country(row[self.state])
        signature, mark = _day(row[self.signature], "signature")
        if mark:
            raise BadRow("the signature has a mark that we do not know")
        deposit, mark = _day(row[self.consent], "ratification or accession")
        if mark not in _MARKS:
            raise BadRow("the ratification or accession has a mark that we do not know")
        for day in (signature, deposit):
            if day and day.earliest > self.checked_on:
                raise BadRow("a day lies after the day of the list")
        look = f"Footnote {footnotes} of the list: look there for a withdrawal or a reservation." if footnotes else ""
        return TreatyStatus(
            country=country,
            instrument=self.instrument,
            action=_MARKS[mark] if deposit else "none",
            source=self.source,
            checked_on=self.checked_on,
            signature=signature,
            deposit=deposit,
            notes=look,
        )


def _column(header: Sequence[str], starts: tuple[str, ...], name: str) -> str:
    found = [column for column in header if column.casefold().startswith(starts)]
    if len(found) != 1:
        many = "no column begins" if not found else "several columns begin"
        raise BadTreaties(f"{many} with {' or '.join(word.capitalize() for word in starts)}", where=name)
    return found[0]


def _country(printed: str) -> tuple[str, str]:
    """Give the alpha-3 code of a State and the numbers of its footnotes."""
    match = _FOOTNOTES.match(printed)
    words, footnotes = (match[1].strip(), " ".join(match[2].split())) if match else (printed, "")
    if is_country(words):
        return words, footnotes
    found = next(filter(None, (vocab.find_country(words, language) for language in _LANGUAGES)), None)
    if found is None:
        raise BadRow("the State is not known by this name; put its alpha-3 code in its place")
    return found, footnotes


def _day(printed: str, what: str) -> tuple[Known | None, str]:
    """Read `24 Jan 2006 a` into the day and its mark."""
    text = " ".join(printed.split())
    if not text:
        return None, ""
    try:
        if match := _ISO.fullmatch(text):
            return Known.parse("-".join(match.groups()[:3])), match[4] or ""
        if match := _PRINTED.fullmatch(text):
            month = _MONTHS.index(match[2][:3].lower()) + 1
            return Known.parse(f"{match[3]}-{month:02d}-{int(match[1]):02d}"), match[4] or ""
    except ValueError:
        pass
    raise BadRow(f"the {what} is no date such as 24 Jan 2006")
