"""The directory as Popolo JSON (organizations, posts, people, memberships), the form of civic directories.

What Popolo has no word for stands beside its own keys: `country`, `demands`, `topics`, `languages`, `styles`, `checks`.
A post of somebody else's file needs at least `id`, `label`, `role` (a code of the list `posts`) and `country`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tocsin.core.addressing.rows import NAME_PREFIX, Reading, Row, build
from tocsin.core.addressing.values import Directory
from tocsin.core.addressing.writing import rows_of
from tocsin.core.errors import BadDirectory

_KNOWN = {
    "organizations": "id name lang other_names classification country parent_id dissolution_date source",
    "posts": "id label lang other_labels role organization_id area country residence demands topics languages styles "
    "contact_details end_date source",
    "persons": "id name honorific_prefix",
    "memberships": "id person_id post_id start_date end_date acting source checks",
}
# What stands inside these.
_WITHIN = {
    "other_names": "name lang",
    "other_labels": "name lang",
    "area": "name",
    "styles": "lang salutation closing",
    "contact_details": "type value label lang valid_until source checks",
    "checks": "on result source",
}
_DETAIL = {"type": "code", "value": "address", "label": "shown", "lang": "language", "valid_until": "until"}


def to_popolo(directory: Directory) -> str:
    """Write a directory as Popolo JSON."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _KNOWN}
    last: dict[str, Any] = {}
    for row in rows_of(directory):
        if row["what"] == "check":
            own = {name: row[name] for name in ("on", "result", "source") if name in row}
            last.setdefault("checks", []).append(own)
        else:
            last = _WRITERS[row["what"]](found, row)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def _names(row: Row, name: str, others: str) -> dict[str, Any]:
    names = {column.removeprefix(NAME_PREFIX): cell for column, cell in row.items() if column.startswith(NAME_PREFIX)}
    first = "en" if "en" in names else next(iter(names))
    rest = [{"name": words, "lang": language} for language, words in names.items() if language != first]
    return {name: names[first], "lang": first, **({others: rest} if rest else {})}


def _renamed(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {new: row[old] for old, new in names.items() if old in row}


def _write_institution(found: dict[str, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    names = {"code": "classification", "country": "country", "of": "parent_id", "source": "source"}
    names["until"] = "dissolution_date"
    each = {"id": row["key"], **_names(row, "name", "other_names"), **_renamed(row, names)}
    found["organizations"].append(each)
    return each


def _write_post(found: dict[str, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    names = {"code": "role", "country": "country", "of": "organization_id", "until": "end_date", "source": "source"}
    names["residence"] = "residence"
    each = {"id": row["key"], **_names(row, "label", "other_labels"), **_renamed(row, names)}
    if "place" in row:
        each["area"] = {"name": row["place"]}
    each |= {name: row[name].split() for name in ("demands", "topics", "languages") if name in row}
    found["posts"].append(each)
    return each


def _write_style(found: dict[str, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    own = _renamed(row, {"language": "lang", "salutation": "salutation", "closing": "closing"})
    found["posts"][-1].setdefault("styles", []).append(own)
    return own


def _write_occupancy(found: dict[str, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    person = f"person-{len(found['persons']) + 1}"
    found["persons"].append({"id": person, **_renamed(row, {"person": "name", "title": "honorific_prefix"})})
    names = {"from": "start_date", "until": "end_date", "source": "source"}
    each: dict[str, Any] = {"person_id": person, "post_id": row["of"], **_renamed(row, names)}
    if "acting" in row:
        each["acting"] = True
    found["memberships"].append(each)
    return each


def _write_contact_point(found: dict[str, list[dict[str, Any]]], row: Row) -> dict[str, Any]:
    names = {**{old: new for new, old in _DETAIL.items()}, "source": "source"}
    own = _renamed(row, names)
    found["posts"][-1].setdefault("contact_details", []).append(own)
    return own


_WRITERS = {
    "institution": _write_institution,
    "post": _write_post,
    "style": _write_style,
    "occupancy": _write_occupancy,
    "contact_point": _write_contact_point,
}


def from_popolo(text: str | bytes, known: Directory, *, today: dt.date) -> Reading:
    """Read Popolo JSON upon what is known.

    Raises:
        BadDirectory: It is no Popolo; rows that cannot be taken are refused one by one instead.
    """
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadDirectory("not JSON") from error
    if not isinstance(whole, dict) or not _KNOWN.keys() & whole.keys():
        raise BadDirectory("not Popolo: it has neither organizations nor posts")
    lists = {
        name: _listed(whole.get(name, whole.get("people", []) if name == "persons" else []), name) for name in _KNOWN
    }
    return build(_rows(lists), known, today, _ignored(whole, lists))


def _listed(value: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise BadDirectory("not a list of objects", where=name)
    return value


def _ignored(whole: Mapping[str, Any], lists: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Name what the file holds and nothing is made of, so that nothing is dropped without a word."""
    odd = {key for key in whole if key not in _KNOWN and key != "people"}
    for name, items in lists.items():
        odd.update(_unknown(name, _KNOWN[name], items))
    return sorted(odd)


def _unknown(where: str, known: str, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    names = frozenset(known.split())
    for each in items:
        for key, value in each.items():
            if key not in names:
                yield f"{where}.{key}"
            elif key in _WITHIN:
                inner = value if isinstance(value, list) else [value]
                yield from _unknown(f"{where}.{key}", _WITHIN[key], (one for one in inner if isinstance(one, dict)))


def _rows(lists: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, Row]]:
    for number, each in enumerate(lists["organizations"]):
        names = {"id": "key", "classification": "code", "country": "country", "parent_id": "of", "source": "source"}
        names["dissolution_date"] = "until"
        own = {**_cells(each, names), **_name_cells(each, "name", "other_names")}
        yield f"organizations[{number}]", {"what": "institution", **own}
    for number, each in enumerate(lists["posts"]):
        yield from _rows_of_post(each, f"posts[{number}]")
    people = {str(each.get("id")): each for each in lists["persons"]}
    for number, each in enumerate(lists["memberships"]):
        yield from _rows_of_membership(each, people, f"memberships[{number}]")


def _cells(each: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Give what stands under some keys as cells; what is no text is shown as such and refused by the builder."""
    return {cell: _cell(each[key]) for key, cell in names.items() if each.get(key) not in (None, "")}


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    return value.strip() if isinstance(value, str) else f"\0{type(value).__name__}"


def _name_cells(each: Mapping[str, Any], name: str, others: str) -> dict[str, str]:
    rest = _items(each, others)
    names = {_cell(one.get("lang", "en")): _cell(one.get("name", "")) for one in rest}
    names = {**names, _cell(each.get("lang", "en")): _cell(each.get(name, ""))}
    return {f"{NAME_PREFIX}{language}": words for language, words in names.items() if words}


def _items(each: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = each.get(key) or []
    return (
        [one if isinstance(one, dict) else {"odd": one} for one in value]
        if isinstance(value, list)
        else [{"odd": value}]
    )


def _rows_of_post(each: Mapping[str, Any], where: str) -> Iterator[tuple[str, Row]]:
    names = {"id": "key", "role": "code", "country": "country", "organization_id": "of", "source": "source"}
    names |= {"end_date": "until", "residence": "residence"}
    own = {**_cells(each, names), **_cells(each, {name: name for name in ("demands", "topics", "languages")})}
    area = each.get("area")
    place = _cells(area, {"name": "place"}) if isinstance(area, dict) else _cells(each, {"area": "place"})
    yield where, {"what": "post", **own, **place, **_name_cells(each, "label", "other_labels")}
    of = {"of": _cell(each.get("id", ""))}
    for number, one in enumerate(_items(each, "styles")):
        cells = _cells(one, {"lang": "language", "salutation": "salutation", "closing": "closing", "odd": "odd"})
        yield f"{where}.styles[{number}]", {"what": "style", **of, **cells}
    for number, one in enumerate(_items(each, "contact_details")):
        at = f"{where}.contact_details[{number}]"
        cells = _cells(one, {**_DETAIL, "source": "source", "odd": "odd"})
        yield at, {"what": "contact_point", **of, **cells}
        yield from _check_rows(one, {**of, **{name: cells[name] for name in ("code", "address") if name in cells}}, at)


def _rows_of_membership(
    each: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], where: str
) -> Iterator[tuple[str, Row]]:
    person = people.get(str(each.get("person_id")), {})
    at = {**_cells(each, {"post_id": "of", "start_date": "from"}), **_cells(person, {"name": "person"})}
    own = _cells(person, {"honorific_prefix": "title"}) | _cells(each, {"end_date": "until", "source": "source"})
    acting = {} if each.get("acting") in (None, False) else {"acting": "yes" if each["acting"] is True else "odd"}
    yield where, {"what": "occupancy", **at, **own, **acting}
    yield from _check_rows(each, at, where)


def _check_rows(each: Mapping[str, Any], at: Row, where: str) -> Iterable[tuple[str, Row]]:
    for number, one in enumerate(_items(each, "checks")):
        cells = _cells(one, {"on": "on", "result": "result", "source": "source", "odd": "odd"})
        yield f"{where}.checks[{number}]", {"what": "check", **at, **cells}
