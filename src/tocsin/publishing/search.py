"""Finding appeals by their words, in any script: the beginnings of all words that were asked for, in one appeal.

Words are folded by the core before they are kept and before they are asked for, so that both databases do no more than
compare them: FTS5 with a tokeniser that splits at spaces, and `tsvector` made of the words as they are. Both are made
in migration 0007, and both are asked here alone. Among the words of an appeal stand marks, which nobody can type: by
them the same index narrows what it finds to a country, a year or a kind. What is found comes by its place, so that the
newest are there without anything being sorted, or read but for those of one page.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Final

from django.db import DatabaseError, connection, transaction

from tocsin.core.names import words_of
from tocsin.publishing.models import ShownWords

_MOST_WORDS = 12
# PostgreSQL takes no word that is much longer; by its beginning it is found all the same.
_LONGEST_WORD = 200
# Of the signs that Unicode leaves to everybody: no folded word holds one.
_MARK: Final = "\ue000"
_FIRST_DAY = date(1800, 1, 1)
# The bits of a place: the day of issue, the minute of publication, and a number among what came in it.
_DAYS, _MINUTES, _NUMBERS = 17, 26, 20
LAST_PLACE: Final = (1 << 63) - 1
# FTS5 gives what fits in order. PostgreSQL has to be kept from walking over all words, in order or not: where it
# guesses that most appeals fit, it splits the words of each anew, which takes a second and a half instead of some ms.
_BY_INDEX: Final = "SET LOCAL enable_seqscan = off"
# Each takes one text that holds nothing but folded words, marks and our own signs; it is a parameter all the same. It
# keeps what it finds, and counts that: SQLite counts over a window in three times as long, PostgreSQL in less.
_FIND: Final = {
    "sqlite": (
        "WITH shows AS MATERIALIZED (SELECT rowid AS place FROM publishing_words WHERE publishing_words MATCH %s "
        "AND rowid NOT IN (SELECT place FROM publishing_shown WHERE visible_from > %s) ORDER BY rowid DESC) "
        "SELECT place, (SELECT count(*) FROM shows) FROM shows WHERE place < %s ORDER BY place DESC LIMIT %s OFFSET %s"
    ),
    "postgresql": (
        "WITH found AS MATERIALIZED (SELECT place FROM publishing_shownwords "
        "WHERE array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery), "
        "shows AS (SELECT place, count(*) OVER () AS total FROM found "
        "WHERE place NOT IN (SELECT place FROM publishing_shown WHERE visible_from > %s)) "
        "SELECT place, total FROM shows WHERE place < %s ORDER BY place DESC LIMIT %s OFFSET %s"
    ),
}
# FTS5 finds a beginning of at most three letters at once. A longer one of many appeals takes it twenty times as long as
# a whole word, so that it is asked for the words that begin so, if they are few.
_INDEXED_LETTERS: Final = 3
_MOST_FORMS: Final = 8
_TERMS: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.publishing_terms USING fts5vocab(main, publishing_words, row)",
    "SELECT term FROM publishing_terms WHERE term >= %s AND term < %s LIMIT %s",
)
# To be used where many rows were changed behind its back: FTS5 reads them all, in some milliseconds each hundred.
REBUILD: Final = "INSERT INTO publishing_words(publishing_words) VALUES ('rebuild')"
# Fails where the index does not hold the words that are kept, no more and no less.
_COMPARE: Final = "INSERT INTO publishing_words(publishing_words, rank) VALUES ('integrity-check', 1)"
# The words that an entry was made of have to be told again when it goes: the index keeps no copy of them.
_DROP: Final = "INSERT INTO publishing_words(publishing_words, rowid, words) VALUES ('delete', %s, %s)"


def words_kept(texts: Iterable[str], marks: Iterable[str]) -> str:
    """Give what an appeal is found by: the words of its texts, and its marks."""
    found = (word[:_LONGEST_WORD] for word in words_of("\n".join(texts)))
    return " ".join(dict.fromkeys([*found, *marks]))


def marks(countries: Iterable[str], year: int | None, kind: str) -> list[str]:
    """Give the marks of countries, a year and a kind, of those that are named."""
    named = (*countries, str(year or ""), kind.replace("_", ""))
    return [_MARK + each.lower() for each in named if each]


def first_place(issued_on: date | None, visible_from: datetime) -> tuple[int, int]:
    """Give the first place of what was issued on a day and shows from a minute, and the first one behind it.

    What bears no day of issue stands before all that does.
    """
    day = (issued_on - _FIRST_DAY).days + 1 if issued_on else 0
    minute = int(visible_from.astimezone(UTC).timestamp()) // 60
    days, minutes = (max(0, min(at, (1 << bits) - 1)) for at, bits in ((day, _DAYS), (minute, _MINUTES)))
    first = ((days << _MINUTES) + minutes) << _NUMBERS
    return first, first + (1 << _NUMBERS)


def keep(row: ShownWords) -> None:
    """Let an appeal be found by its words; PostgreSQL sees to it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO publishing_words(rowid, words) VALUES (%s, %s)", [row.place, row.words])


def drop(rows: Iterable[ShownWords]) -> None:
    """Let appeals be found by no word any more, and forget their words."""
    for row in rows:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(_DROP, [row.place, row.words])
        row.delete()


def make_anew() -> None:
    """Make the index anew of the words that are kept; PostgreSQL sees to it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(REBUILD)


def is_sound() -> bool:
    """Tell whether the index holds the words that are kept; PostgreSQL sees to it by itself."""
    if connection.vendor != "sqlite":
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COMPARE)
    except DatabaseError:
        return False
    return True


def asked(question: str, marked: Collection[str] = ()) -> str | None:
    """Give a question as the database at hand is asked it, or marks alone; `None` where it holds no word."""
    words = [word[:_LONGEST_WORD] for word in dict.fromkeys(words_of(question))][:_MOST_WORDS]
    if not words and (question.strip() or not marked):
        return None
    if connection.vendor == "sqlite":
        return " AND ".join([*map(_beginning, words), *(f'"{mark}"' for mark in marked)])
    return " & ".join([*(f"'{word}':*" for word in words), *(f"'{mark}'" for mark in marked)])


def _beginning(word: str) -> str:
    """Ask FTS5 for a word and those that begin with it."""
    terms: list[str] = []
    if len(word) > _INDEXED_LETTERS:
        with connection.cursor() as cursor:
            cursor.execute(_TERMS[0])
            cursor.execute(_TERMS[1], [word, f"{word}\U0010ffff", _MOST_FORMS + 1])
            terms = [term for (term,) in cursor.fetchall()]
    if not 0 < len(terms) <= _MOST_FORMS:
        return f'"{word}"*'
    return "(" + " OR ".join(f'"{term}"' for term in terms) + ")"


def find(text: str, most: int, *, start: int = 0, before: int | None = None, now: datetime) -> tuple[list[int], int]:
    """Find what shows and fits a question that is `asked`: some places, the newest first, and how many there are.

    Args:
        text: The question.
        most: How many places to give.
        start: How many to leave out.
        before: The place before which to begin.
        now: What shows at this time.
    """
    at = connection.ops.adapt_datetimefield_value(now)
    statement = _FIND[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_BY_INDEX)
        cursor.execute(statement, [text, at, LAST_PLACE if before is None else before, most, start])
        rows = cursor.fetchall()
    if not rows and (start or before is not None):
        return [], find(text, 1, now=now)[1]
    return [place for place, _ in rows], rows[0][1] if rows else 0
