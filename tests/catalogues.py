"""Collects every string of the desk that people read, and brings the catalogues up to date: `make messages`."""

import io
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from command_line import ROOT
from tocsin.config.languages import languages

SOURCE = ROOT / "src/tocsin"
LOCALE = SOURCE / "config/locale"
ROOMS = (
    "accounts",
    "appeals",
    "authorities",
    "casework",
    "config",
    "core/addressing",
    "core/editing",
    "core/guarding",
    "core/recording",
    "dispatch",
    "intake",
    "journal",
    "letterbox",
    "operations",
    "publishing",
    "replies",
    "vault",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # What cannot be done as it was asked is said to the person who asked.
    "BadRequest": (1,),
    "SecondNeeded": (1,),
    "BadWaiver": (1,),
    "ChangedMeanwhile": (1,),
    "ClockDoubted": (1,),
    "EmptyInput": (1,),
    "TooLarge": (1,),
    "BadRow": (1,),
    "Wanted": (1,),
}
# Words in tables of data: the file, and the way to them; "*" stands for every key or row, and what ends in "?" may be
# missing.
TABLES = [
    ("config/menu.toml", ("menu", "*", "words")),
    ("config/said.toml", ("said", "*")),
    ("config/people.toml", ("people", "*", "duty")),
    ("accounts/roles.toml", ("roles", "*", "name")),
    ("appeals/states.toml", ("states", "*")),
    ("appeals/states.toml", ("standings", "*")),
    ("appeals/states.toml", ("abandoning", "*")),
    ("appeals/mailings.toml", ("*", "*")),
    ("appeals/copies.toml", ("*", "*")),
    ("appeals/gates.toml", ("*", "name")),
    ("appeals/gates.toml", ("*", "asks")),
    ("publishing/api/definitions.toml", ("about",)),
    ("publishing/api/definitions.toml", ("definitions", "*", "label")),
    ("publishing/api/definitions.toml", ("definitions", "*", "text")),
    ("publishing/record.toml", ("figures", "*", "label")),
    ("publishing/record.toml", ("figures", "*", "text")),
    ("publishing/record.toml", ("offices", "label")),
    ("publishing/record.toml", ("offices", "text")),
    ("authorities/reasons.toml", ("reasons", "*", "words")),
    ("authorities/reasons.toml", ("results", "*", "words")),
    ("authorities/reasons.toml", ("states", "*", "words")),
    ("authorities/reasons.toml", ("returns", "*", "words")),
    ("casework/compartments.toml", ("compartments", "*")),
    ("casework/ending.toml", ("reasons", "*")),
    ("casework/search/alarms.toml", ("alarms", "*", "words")),
    ("casework/search/alarms.toml", ("alarms", "*", "told?")),
    ("casework/search/alarms.toml", ("alarms", "*", "lasting?")),
    ("casework/search/exporting.toml", ("reasons", "*")),
    ("casework/editing/forms.toml", ("forms", "*", "title?")),
    ("casework/editing/forms.toml", ("forms", "*", "add?")),
    ("casework/editing/forms.toml", ("forms", "*", "fields?", "*", "label")),
    ("casework/editing/forms.toml", ("forms", "*", "fields?", "*", "help?")),
    ("casework/editing/forms.toml", ("forms", "*", "more?", "*", "label")),
    ("casework/editing/forms.toml", ("forms", "*", "more?", "*", "help?")),
    ("casework/editing/forms.toml", ("choices", "*", "*")),
    ("casework/editing/forms.toml", ("beginnings", "*", "words")),
    ("casework/editing/forms.toml", ("withdrawing", "*")),
    ("casework/editing/forms.toml", ("refusals", "*")),
    ("intake/declining.toml", ("reasons", "*", "words")),
    ("intake/questions.toml", ("questions", "*", "words")),
    ("core/guarding/questions.toml", ("questions", "*", "words")),
    ("core/matching/rules.toml", ("rule", "*", "words")),
    ("core/matching/rules.toml", ("how", "*", "words")),
    ("journal/kinds.toml", ("kinds", "*")),
]

Message = tuple[str | tuple[str, str], str | None]


def template() -> Catalog:
    """Give the catalogue of all strings, without translations."""
    catalog = Catalog(project="Tocsin", charset="utf-8", fuzzy=False)
    for name, (message, context) in _all_messages():
        catalog.add(message, context=context, locations=[(name, 0)])
    return catalog


def catalogue(tag: str) -> Catalog:
    """Read the catalogue of a language as it is kept; an empty one where there is none."""
    path = path_of(tag)
    if not path.is_file():
        return Catalog(locale=tag, domain="django", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=tag, domain="django")


def path_of(tag: str) -> Path:
    return LOCALE / tag / "LC_MESSAGES/django.po"


def translated() -> tuple[str, ...]:
    return tuple(each.tag for each in languages() if each.tag != "en")


def update(tag: str) -> str:
    """Give the text of a catalogue with the strings of today: new ones empty, gone ones left out."""
    catalog = catalogue(tag)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=0, include_lineno=False, sort_output=True, omit_header=True)
    draft = next(each.draft for each in languages() if each.tag == tag)
    head = _HEAD.format(tag=tag, plurals=catalog.plural_forms, status="draft" if draft else "signed off")
    return head + written.getvalue().decode().strip() + "\n"


_HEAD = """\
# The desk's pages in {tag}. Status: {status}. `make messages` adds new strings and drops old ones; what is empty is
# shown in English. Once a native translator has signed all off, set `draft = false` in languages.toml.
msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


@cache
def _all_messages() -> tuple[tuple[str, Message], ...]:
    """Read the source once for all languages."""
    return tuple(_messages())


def _messages() -> Iterator[tuple[str, Message]]:
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from ((name, each) for each in _extracted(path.read_text("utf-8")))
            elif path.suffix == ".html":
                yield from ((name, each) for each in _extracted(_as_python(path.read_text("utf-8"))))
    for file, way in TABLES:
        table = tomllib.loads((SOURCE / file).read_text("utf-8"))
        yield from ((f"src/tocsin/{file}", (words, None)) for words in _walk(table, way))


def _as_python(text: str) -> str:
    """Give the calls for translation that stand in a template, a line each."""
    return "\n".join(line.strip() for line in templatize(text).splitlines())


def _extracted(text: str) -> Iterator[Message]:
    for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        if message:
            yield (message if isinstance(message, str) else (message[0], message[1])), context


def _walk(table: object, way: tuple[str, ...]) -> Iterator[str]:
    if not way:
        assert isinstance(table, str)
        yield table
        return
    step, rest = way[0], way[1:]
    assert isinstance(table, dict | list)
    if step == "*":
        for each in table.values() if isinstance(table, dict) else table:
            yield from _walk(each, rest)
    elif isinstance(table, dict) and (not step.endswith("?") or step[:-1] in table):
        yield from _walk(table[step.removesuffix("?")], rest)


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    django.setup()
    for each in translated():
        text = update(each)
        path_of(each).parent.mkdir(parents=True, exist_ok=True)
        path_of(each).write_text(text, "utf-8")
        print(each, sum(1 for message in catalogue(each) if message.id and not message.string), "to translate")  # noqa: T201
