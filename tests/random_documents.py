"""Random appeal documents, built from the dataclasses themselves so that a new field is covered at once."""

import dataclasses
import datetime as dt
import functools
import types
import typing

from hypothesis import strategies as st

from tocsin.core.appeal import AppealDocument

_LONGEST = 2
_PLAIN: dict[object, st.SearchStrategy[object]] = {
    bool: st.booleans(),
    int: st.integers(0, 99_999),
    type(None): st.none(),
    dt.date: st.dates(),
}


def documents(text: st.SearchStrategy[str]) -> st.SearchStrategy[AppealDocument]:
    """Give documents whose every text is drawn from `text`."""
    return _strategy(AppealDocument, text)


@functools.cache
def _strategy(kind: typing.Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[typing.Any]:
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: _strategy(hint, text) for name, hint in hints.items()})
    arguments = typing.get_args(kind)
    if not arguments:
        return text if kind is str else _PLAIN[kind]
    match typing.get_origin(kind):
        case typing.Literal:
            return st.sampled_from(arguments)
        case types.UnionType | typing.Union:
            return st.one_of(*(_strategy(argument, text) for argument in arguments))
    if arguments[-1] is Ellipsis:
        return st.lists(_strategy(arguments[0], text), max_size=_LONGEST).map(tuple)
    return st.tuples(*(_strategy(argument, text) for argument in arguments))
