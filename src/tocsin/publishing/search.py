"""Finding appeals by their words, in any script: the beginnings of all words that were asked for, in one edition.

Words are folded by the core before they are kept and before they are asked for, so that both databases do no more than
compare them: FTS5 with a tokeniser that splits at spaces, and `tsvector` made of the words as they are. Both are made
in migration 0004, and both are asked here alone.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

from tocsin.core.names import words_of
from tocsin.publishing.models import ShownWords

_MOST_WORDS = 12
# Both take one text that holds nothing but folded words and our own signs; it is passed as a parameter all the same.
_SQLITE = (
    "SELECT shown_id FROM publishing_shownwords WHERE id IN "
    "(SELECT rowid FROM publishing_words WHERE publishing_words MATCH %s)"
)
# The words that an entry was made of have to be told again when it goes: the index keeps no copy of them.
_DROP = "INSERT INTO publishing_words(publishing_words, rowid, words) VALUES ('delete', %s, %s)"
_POSTGRESQL = (
    "SELECT shown_id FROM publishing_shownwords WHERE array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery"
)


def keep(row: ShownWords) -> None:
    """Let an edition be found by its words; PostgreSQL sees to it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO publishing_words(rowid, words) VALUES (%s, %s)", [row.pk, row.words])


def drop(rows: Iterable[ShownWords]) -> None:
    """Let editions be found by no word any more, and forget their words."""
    for row in rows:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(_DROP, [row.pk, row.words])
        row.delete()


def found_by(question: str) -> RawSQL | None:
    """Give the slugs of what holds the words of a question; `None` where it holds no word."""
    words = list(dict.fromkeys(words_of(question)))[:_MOST_WORDS]
    if not words:
        return None
    if connection.vendor == "sqlite":
        return RawSQL(_SQLITE, [" ".join(f'"{word}"*' for word in words)])  # noqa: S611 - a text of ours alone
    return RawSQL(_POSTGRESQL, [" & ".join(f"'{word}':*" for word in words)])  # noqa: S611
