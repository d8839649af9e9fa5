"""YAML into plain values and back: only what a case needs of it, so that a file cannot surprise.

A scalar without quotation marks is a text, but for `null`, `~` and nothing at all: `NO` stays Norway and a date stays
as written; the type of the field decides what becomes of `3` and `true`. Anchors, tags and doubled keys are refused:
anchors make gigabytes of a small file, and of a doubled key one value would be lost silently.
"""

from typing import Any

from tocsin.core.errors import BadCase

_NULL = {"", "~", "null"}
_DEEPEST = 40


def parse_yaml(text: str) -> object:
    """Read one YAML document as dicts, lists, texts and `None`.

    Raises:
        BadCase: The text is no YAML, or uses what a case has no need of; `where` is the line.
    """
    import yaml  # noqa: PLC0415 - a case in JSON needs none of it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}" if error.problem_mark else None
        # Some builds of libyaml look ahead so far that they stop at a depth of their own before the builder sees any.
        if "nesting" in (error.problem or ""):
            raise _not_taken("so deep a nesting", where) from error
        raise BadCase("not YAML", where=where, hint=error.problem) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise BadCase("not YAML: there is a character that is none") from error
    return builder.result


def write_yaml(plain: object) -> str:
    """Write plain values as YAML, keys in their order, texts that look like something else in quotation marks."""
    import yaml  # noqa: PLC0415

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    written: str = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)
    return written


class _Builder:
    """Builds the value of one document from the parser's events."""

    def __init__(self) -> None:
        self.result: object = None
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        self._line = f"line {event.start_mark.line + 1}"
        match type(event).__name__:
            case "AliasEvent":
                raise self._refusal("an alias (`*name`): write the value out")
            case "MappingStartEvent":
                self._start(event, {})
            case "SequenceStartEvent":
                self._start(event, [])
            case "MappingEndEvent" | "SequenceEndEvent":
                self._open.pop()
                self._keys.pop()
            case "ScalarEvent":
                self._refuse_decorated(event)
                plain = event.implicit[0] and event.value in _NULL
                self._scalar(None if plain else event.value)
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    raise self._refusal("a second document in one file")

    def _refusal(self, what: str) -> BadCase:
        return _not_taken(what, self._line)

    def _refuse_decorated(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            raise self._refusal("a tag or an anchor (`!name`, `&name`)")

    def _start(self, event: Any, container: dict[str, Any] | list[Any]) -> None:
        self._refuse_decorated(event)
        if len(self._open) >= _DEEPEST:
            raise self._refusal("so deep a nesting")
        if self._open and isinstance(self._open[-1], dict) and self._keys[-1] is None:
            raise self._refusal("a list or table as a key")
        self._add(container)
        self._open.append(container)
        self._keys.append(None)

    def _scalar(self, value: str | None) -> None:
        if self._open and isinstance(self._open[-1], dict) and self._keys[-1] is None:
            if value is None:
                raise self._refusal("an empty key")
            if value in self._open[-1]:
                raise self._refusal("the same key twice in one place")
            self._keys[-1] = value
            self._open[-1][value] = None
        else:
            self._add(value)

    def _add(self, value: object) -> None:
        if not self._open:
            self.result = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        else:
            key = self._keys[-1]
            assert key is not None  # noqa: S101 - a value follows its key
            self._open[-1][key] = value
            self._keys[-1] = None


def _not_taken(what: str, where: str | None) -> BadCase:
    return BadCase(f"{what} is not taken in a case", where=where)
