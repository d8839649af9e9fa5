"""The small words that lead from a verb of asking to what is asked, and from one thing to the next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.core.reader.lines import flatten

_JOINT = r"(?:[,;] ?(?:(?:and|et|y|e|puis) )?|(?<=\w) (?:and|et|y|e|puis|ainsi que|asi como|as well as),? )"
_ALSO = r"(?:(?:also|further|aussi|egalement|tambien),? )?"


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a language by their kind, `infinitive`, `clause` or `noun`: the first, and those behind a joint."""

    first: Mapping[str, re.Pattern[str]]
    following: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Links":
        """Make them of the words of each kind, looked for in flattened text."""
        forms = {kind: "|".join(map(_form, flatten(printed).split())) for kind, printed in words.items()}
        return cls(
            {kind: re.compile(rf"(?<!\w)(?:{form})") for kind, form in forms.items()},
            {kind: re.compile(rf"{_JOINT}{_ALSO}(?P<link>{form})") for kind, form in forms.items()},
        )


def _form(word: str) -> str:
    return word if word.endswith("'") else rf"{word} "
