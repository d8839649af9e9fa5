"""Every error that Tocsin raises on purpose, as one tree.

```text
TocsinError
├── BadInput             input.*        a file or text that cannot be taken
│   ├── MissingInput     input.missing      no such file, or not readable
│   ├── EmptyInput       input.empty        nothing but white space
│   ├── BinaryInput      input.binary       not text and not a known document type
│   ├── TooLarge         input.too_large    over a limit, before or while it is opened
│   ├── UndecodableInput input.encoding     bytes that fit no encoding we read
│   ├── DamagedFile      input.damaged      truncated or broken document
│   └── RefusedFile      input.refused      a document that behaves like an attack, or breaks a limit while it is opened
├── BadOutput            output.bad     a place that cannot be written to
├── NoCard               card.none      a document that is not published or has no code is given no share card
├── MissingFont          font.missing   no face of ours prints a script, or a face is gone
├── BadCode              code.bad       not a reference code of the scheme
├── BadRegistry          registry.bad   a list of codes that cannot be used
├── BadDocument          document.bad   JSON that is no appeal document
│   └── NewerSchema      document.newer a document of a later version of the schema
├── BadCase              case.bad       YAML or JSON that is no case, or a record that breaks a rule
│   ├── NewerCase        case.newer         a case of a later version of the schema
│   ├── DanglingReference case.dangling     a record names another one that is not there
│   ├── UnknownCode      case.code          a code that is in none of the lists of its field
│   └── ContradictoryChronology case.chronology times of events that exclude one another
├── BadVocabulary        vocabulary.bad a list that breaks the rules for lists
├── BadPhrasebook        phrasebook.bad a formula that is missing or has a hole, or a language without formulae
├── BadTreaties          treaties.bad   a table of treaty statuses that cannot be used
└── BadWaiver            waiver.bad     a waiver that cannot be given
```

`code` is stable and for machines; the message is one line for a person: what, where, and what to do.
"""

from typing import ClassVar


class TocsinError(Exception):
    """Root of the tree.

    Args:
        what: What is wrong, in one sentence without a full stop.
        where: The file, line, key or position; never text of a case.
        hint: What the person can do about it.
    """

    code: ClassVar[str] = "tocsin"

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint

    def __str__(self) -> str:
        """Give the one line a person reads."""
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return " ".join(f"{place}{self.what}{advice}".split())


class BadInput(TocsinError):
    """A file or text that cannot be taken."""

    code = "input.bad"


class MissingInput(BadInput):
    """No such file, or not readable."""

    code = "input.missing"


class EmptyInput(BadInput):
    """Nothing but white space."""

    code = "input.empty"


class BinaryInput(BadInput):
    """Neither text nor a known document type."""

    code = "input.binary"


class TooLarge(BadInput):
    """Over a limit, before or while it is opened."""

    code = "input.too_large"


class UndecodableInput(BadInput):
    """Bytes that fit no encoding we read."""

    code = "input.encoding"


class DamagedFile(BadInput):
    """A truncated or broken document."""

    code = "input.damaged"


class RefusedFile(BadInput):
    """A document that behaves like an attack, or breaks a limit while it is opened."""

    code = "input.refused"


class BadOutput(TocsinError):
    """A place that cannot be written to."""

    code = "output.bad"


class NoCard(TocsinError):
    """A document that is not published or has no code is given no share card."""

    code = "card.none"


class MissingFont(TocsinError):
    """No face of ours prints a script, or a face that was installed is gone."""

    code = "font.missing"


class BadCode(TocsinError):
    """Not a reference code of the scheme."""

    code = "code.bad"


class BadRegistry(TocsinError):
    """A list of codes that cannot be used."""

    code = "registry.bad"


class BadDocument(TocsinError):
    """JSON that is no appeal document."""

    code = "document.bad"


class NewerSchema(BadDocument):
    """A document of a later version of the schema."""

    code = "document.newer"


class BadWaiver(TocsinError):
    """A waiver that cannot be given."""

    code = "waiver.bad"


class BadTreaties(TocsinError):
    """A table of treaty statuses that cannot be used."""

    code = "treaties.bad"


class BadCase(TocsinError):
    """YAML or JSON that is no case, or a record that breaks a rule; `where` is the id of the record and the key."""

    code = "case.bad"


class NewerCase(BadCase):
    """A case of a later version of the schema."""

    code = "case.newer"


class DanglingReference(BadCase):
    """A record names another one that is not there, or of another kind."""

    code = "case.dangling"


class UnknownCode(BadCase):
    """A code that is in none of the lists of its field."""

    code = "case.code"


class ContradictoryChronology(BadCase):
    """Times of events that exclude one another; `where` are the ids of the events."""

    code = "case.chronology"


class BadVocabulary(TocsinError):
    """A list that breaks the rules for lists."""

    code = "vocabulary.bad"


class BadPhrasebook(TocsinError):
    """A formula that is missing or cannot be filled, or a language without formulae."""

    code = "phrasebook.bad"
