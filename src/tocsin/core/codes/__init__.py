"""Reference codes: read, find, print, number.

`parse` reads one code, `find_all` finds codes in dirty text, `format_code` and `slug` print one, `Registry` knows those
that were given out and gives out the next. `Scheme` says what a code looks like; `OBSERVATORY` is the usual one.
"""

from tocsin.core.codes.code import Code
from tocsin.core.codes.countries import COUNTRY_ALIASES, is_country
from tocsin.core.codes.finding import Found, Printed, find_all, parse
from tocsin.core.codes.listing import Listing, RefusedLine, read_list
from tocsin.core.codes.oddities import ODDITIES
from tocsin.core.codes.registry import Chain, Entry, Registry, claims_of, read_registry
from tocsin.core.codes.scheme import OBSERVATORY, Scheme, format_code, list_schemes, load_scheme, read_scheme, slug
from tocsin.core.codes.template import slug_of

__all__ = [
    "COUNTRY_ALIASES",
    "OBSERVATORY",
    "ODDITIES",
    "Chain",
    "Code",
    "Entry",
    "Found",
    "Listing",
    "Printed",
    "RefusedLine",
    "Registry",
    "Scheme",
    "claims_of",
    "find_all",
    "format_code",
    "is_country",
    "list_schemes",
    "load_scheme",
    "parse",
    "read_list",
    "read_registry",
    "read_scheme",
    "slug",
    "slug_of",
]
