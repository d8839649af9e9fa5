"""What can be odd about a printed code: the one table of stable names, each with its explanation for a person.

The names are written into documents and are never renamed or reused.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

ODDITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_iso_country": "the three letters are no ISO 3166-1 country code",
        "country_alias": "the three letters stand for a country whose code is another",
        "year_month_order": "the year was printed before the month",
        "day_month_order": "day and month were printed in the place of month and year",
        "ambiguous_order": "month and year may have been printed in either order; the date of the document decides",
        "impossible_month": "no order of the four digits gives a month",
        "after_document_date": "the month is later than the document that carries the code",
        "missing_country": "the country is not there",
        "missing_country_number": "the country's running number is not there",
        "missing_month": "the month is not there",
        "missing_year": "the year is not there",
        "year_nearby": "the year was taken from the words beside the code",
        "missing_series": "the letters of the series are not there",
        "missing_number": "the running number of the series is not there",
        "series_alias": "the letters of the series are a translation or another name",
        "short_year": "the year has two digits for four",
        "long_year": "the year has four digits for two",
        "split_month": "month and year are set apart",
        "unnumbered_follow_up": "called a follow-up without saying which",
        "padded_follow_up": "the follow-up number begins with a zero",
        "unpadded_number": "a running number lacks its leading zeros",
        "padded_number": "a running number has too many leading zeros",
        "missing_space": "a space is missing",
        "extra_space": "there is a space too many",
        "missing_slash": "a slash is missing",
        "other_separator": "another sign stands in the place of a space, slash or stop",
        "other_slash": "a character that looks like a slash",
        "slug_form": "printed as in a web address or file name",
        "lower_case": "small letters for capitals",
        "look_alike_letters": "letters of another alphabet or width that look the same",
        "letter_for_digit": "O or I for 0 or 1, or the reverse",
        "other_digits": "digits of another script",
        "unusual_space": "a no-break or other unusual space",
        "invisible_character": "a soft hyphen, zero-width character or direction mark",
        "line_wrap": "broken over two lines",
        "quote_mark": "broken over two lines of quoted mail",
        "html_entity": "a character written as an HTML entity or escaped for a web address",
        "markup": "marks of emphasis inside the code",
    }
)

_ORDER: Final = {name: rank for rank, name in enumerate(ODDITIES)}


def in_table_order(names: Iterable[str]) -> tuple[str, ...]:
    """Give each name once, in the order of the table."""
    return tuple(sorted(set(names), key=_ORDER.__getitem__))
