"""Every question that the API answers, once: it is served, described and documented from this table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext_noop as _

from tocsin.core.errors import BadQuestion
from tocsin.publishing import queries, standings
from tocsin.publishing.api import cursors, reading, values
from tocsin.publishing.queries import Wanted

VERSION: Final = "1"
ROOT: Final = f"api/{VERSION}/"
# As UTF-8 in an address a sign takes twelve characters at most.
_LONGEST_WORDS: Final = 100


@dataclass(frozen=True)
class Parameter:
    """Something that is asked for, in the address or behind it. `read` takes what fits `schema`."""

    name: str
    says: str
    schema: Mapping[str, Any]
    example: str
    place: str = "query"
    required: bool = False
    read: Callable[[str], Any] = str

    def value(self, text: str) -> Any:
        """Read what somebody asks for.

        Raises:
            BadQuestion: It does not fit.
        """
        if not _fits(text, self.schema):
            raise BadQuestion("this value does not fit", where=self.name)
        return self.read(text)


@dataclass(frozen=True)
class Question:
    """One question. `answer` is the kind that `make` gives; `without` are the statuses of what may be instead of it."""

    name: str
    path: str
    says: str
    answer: type
    make: Callable[..., Any]
    parameters: tuple[Parameter, ...] = ()
    without: tuple[int, ...] = ()

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """What may be asked for behind the address."""
        return tuple(each for each in self.parameters if each.place == "query")

    @property
    def is_file(self) -> bool:
        """Whether its answer can be a file of a copy: it does not hang on what is asked for behind the address."""
        return not any(each.required for each in self.asked)

    def read(self, asked: Mapping[str, list[str]]) -> dict[str, Any]:
        """Read what is asked for behind the address.

        Raises:
            BadQuestion: Something unknown, twice, unfit, or missing.
        """
        known = {each.name: each for each in self.asked}
        for name, texts in asked.items():
            if name not in known:
                raise BadQuestion("an unknown parameter", hint=", ".join(known) or "this address takes none")
            if len(texts) != 1:
                raise BadQuestion("asked for twice", where=name)
        missing = next((each.name for each in self.asked if each.required and each.name not in asked), None)
        if missing:
            raise BadQuestion("this parameter is missing", where=missing)
        return {name: known[name].value(texts[0]) for name, texts in asked.items()}


def _fits(text: str, schema: Mapping[str, Any]) -> bool:
    if schema["type"] == "integer":
        is_number = re.fullmatch("[0-9]{1,9}", text) is not None
        return is_number and schema["minimum"] <= int(text) <= schema["maximum"]
    if "enum" in schema:
        return text in schema["enum"]
    if "pattern" in schema:
        return re.search(schema["pattern"].replace("$", r"\Z"), text) is not None
    return bool(schema["minLength"] <= len(text) <= schema["maxLength"])


def _appeals(*, now: datetime, after: int | None = None, limit: int = reading.ON_A_PAGE, **asked: Any) -> Any:
    def turn(last: int) -> str:
        more = {**asked, **({} if limit == reading.ON_A_PAGE else {"limit": limit}), "after": cursors.written(last)}
        return f"appeals.json?{urlencode(more)}"

    words = str(asked.get("q", "")).replace("\0", "")
    narrowed = (asked.get(name, "") for name in ("kind", "standing"))
    wanted = Wanted(words, asked.get("country", ""), asked.get("year"), *narrowed)
    among = standings.find_places(wanted.standing, now=now)
    found = queries.list_after(wanted, after, limit, among=among, now=now)
    stand = standings.list_standings([each.code for each in found.items], now=now)
    return reading.part_of(found, stand, turn)


_SLUG: Final = Parameter(
    "slug",
    _("The name of the appeal in addresses: its code in small letters, with hyphens."),
    {"type": "string", "pattern": "^[a-z0-9-]{1,80}$"},
    "xzv-003-1126-obs-091",
    place="path",
    required=True,
)

QUESTIONS: Final = (
    Question(
        "listAppeals",
        "appeals.json",
        _("List the appeals, or find some by their words"),
        values.Appeals,
        _appeals,
        (
            Parameter(
                "q",
                _("Beginnings of words that all have to occur, in any script."),
                {"type": "string", "minLength": 1, "maxLength": _LONGEST_WORDS},
                "doralen",
            ),
            Parameter(
                "country",
                _("A country that the appeal names: three letters (ISO 3166-1 alpha-3)."),
                {"type": "string", "pattern": "^[A-Z]{3}$"},
                "XZV",
            ),
            Parameter(
                "year",
                _("The year of issue."),
                {"type": "integer", "minimum": 1900, "maximum": 2200},
                "2026",
                read=int,
            ),
            Parameter(
                "kind",
                _("The kind of appeal."),
                {"type": "string", "enum": list(queries.KINDS)},
                "urgent_appeal",
            ),
            Parameter(
                "standing",
                _(
                    "Where it stands: it still asks for letters (asks), there is newer information (superseded), "
                    "its case is closed (closed), or it was corrected (corrected)."
                ),
                {"type": "string", "enum": list(standings.NARROWED_TO)},
                "asks",
            ),
            Parameter(
                "limit",
                _("How many appeals a part of the list has at most."),
                {"type": "integer", "minimum": 1, "maximum": reading.MOST, "default": reading.ON_A_PAGE},
                "50",
                read=int,
            ),
            Parameter(
                "after",
                _("Where the part before ended. Take it from the address of the next part; do not make one."),
                {"type": "string", "pattern": cursors.PATTERN},
                "5830292909978550272",
                read=cursors.read,
            ),
        ),
        without=(400, 414),
    ),
    Question(
        "getAppeal",
        "appeals/{slug}.json",
        _("Give one appeal: the document in each language, its corrections, the other appeals of its case"),
        values.Appeal,
        reading.appeal,
        (_SLUG,),
        without=(404, 410),
    ),
    Question(
        "readCode",
        "codes.json",
        _("Say which appeal a code means, however it was typed"),
        values.Meaning,
        reading.meaning,
        (
            Parameter(
                "code",
                _("The code, as it was typed or printed somewhere."),
                {"type": "string", "minLength": 1, "maxLength": _LONGEST_WORDS},
                "xzv 3/1126/0BS O91",
                required=True,
            ),
        ),
        without=(400, 404, 414),
    ),
    Question(
        "listCountries",
        "countries.json",
        _("List the countries of which something is published"),
        values.Countries,
        reading.countries,
    ),
    Question(
        "getStatistics",
        "statistics.json",
        _("Count what is published, each figure with its definition"),
        values.Statistics,
        reading.counted,
    ),
    Question(
        "listWithdrawals",
        "withdrawals.json",
        _("List what was withdrawn, so that whoever keeps copies takes it out"),
        values.Withdrawals,
        reading.withdrawals,
    ),
)
# What a copy answers beside these, and no site that is served: there each answer is of its own hour.
OF_COPIES: Final = (
    Question(
        "readCopy",
        "copy.json",
        _("Say when this copy was made"),
        values.Copy,
        reading.copied,
    ),
)
