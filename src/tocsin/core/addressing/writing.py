"""The directory written as rows: what `rows.py` reads."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from tocsin.core.addressing.rows import NAME_PREFIX, Row
from tocsin.core.addressing.values import Check, Directory, Institution, Post


def rows_of(directory: Directory) -> Iterator[Row]:
    """Give the rows of a directory, in one order whatever the order it was put together in."""
    for key in sorted(directory.institutions):
        yield _filled(_institution_row(directory.institutions[key]))
    for key in sorted(directory.posts):
        yield from map(_filled, _post_rows(directory.posts[key]))


def _filled(row: Row) -> Row:
    return {column: cell for column, cell in row.items() if cell}


def _named(names: Mapping[str, str]) -> Row:
    return {f"{NAME_PREFIX}{language}": names[language] for language in sorted(names)}


def _institution_row(each: Institution) -> Row:
    own = {"what": "institution", "key": each.key, "country": each.country, "code": each.kind, "of": each.part_of}
    return {**own, **_named(each.names), "source": each.source, "until": _written(each.until)}


def _post_rows(post: Post) -> Iterator[Row]:
    yield {
        "what": "post",
        "key": post.key,
        "country": post.country,
        "code": post.office,
        "of": post.institution,
        "place": post.place,
        "residence": post.residence,
        "demands": " ".join(post.demands),
        "topics": " ".join(post.topics),
        "languages": " ".join(post.languages),
        **_named(post.names),
        "source": post.source,
        "until": _written(post.until),
    }
    for language in sorted(post.styles):
        style = post.styles[language]
        own = {"salutation": style.salutation, "closing": style.closing}
        yield {"what": "style", "of": post.key, "language": language, **own}
    for occupancy in post.occupancies:
        at = {"person": occupancy.person, "from": _written(occupancy.begins)}
        yield {
            "what": "occupancy",
            "of": post.key,
            **at,
            "title": occupancy.title,
            "until": _written(occupancy.ends),
            "acting": "yes" if occupancy.acting else "",
            "source": occupancy.source,
        }
        yield from _check_rows(post, at, occupancy.checks)
    for point in post.contact_points:
        at = {"code": point.type, "address": point.address}
        yield {
            "what": "contact_point",
            "of": post.key,
            **at,
            "shown": point.shown,
            "language": point.language,
            "until": _written(point.until),
            "source": point.source,
        }
        yield from _check_rows(post, at, point.checks)


def _check_rows(post: Post, at: Row, checks: Iterable[Check]) -> Iterator[Row]:
    for check in checks:
        own = {"on": _written(check.on), "result": check.result, "source": check.source}
        yield {"what": "check", "of": post.key, **at, **own}


def _written(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
