"""Questions to the database that are written once: the ORM takes ten times as long to write one as it is answered in.

A page that nobody asked for yet goes by half a dozen of them, and each was written anew for each page.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_Row = TypeVar("_Row", bound=tuple[Any, ...])


class Blank(Expression):
    """A place in a question that is filled in when it is asked."""

    def __init__(self, name: str, kind: "Field[Any, Any]") -> None:
        super().__init__(output_field=kind)
        self.name, self._kind = name, kind

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's words
        """Stand in the question as its own value."""
        return "%s", (self,)

    def filled(self, value: object) -> Any:
        """Give a value as the database takes it here."""
        return self._kind.get_db_prep_value(value, connection)


class Compiled:
    """A question with blanks: what `write` gives has `values_list`, and is asked for rows of those values."""

    def __init__(self, write: Callable[[], "QuerySet[Any, _Row]"]) -> None:
        self._write = write
        self._written: dict[str, tuple[str, tuple[Any, ...], list[tuple[int, list[Any], Any]]]] = {}

    def __call__(self, **values: object) -> list[tuple[Any, ...]]:
        """Ask it."""
        if connection.vendor not in self._written:
            self._written[connection.vendor] = self._compiled()
        sql, params, converted = self._written[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [each.filled(values[each.name]) if isinstance(each, Blank) else each for each in params]
            )
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, converted) for row in rows] if converted else rows

    def _compiled(self) -> tuple[str, tuple[Any, ...], list[tuple[int, list[Any], Any]]]:
        compiler = self._write().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        there = compiler.get_converters([each for each, _, _ in compiler.select])
        return sql, tuple(params), [(place, converters, each) for place, (converters, each) in there.items()]


def _converted(row: tuple[Any, ...], converted: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, converters, expression in converted:
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
