"""What public forms ask against programs: `questions.toml`, read."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is a number."""

    words: str
    answer: int

    def is_met_by(self, said: str) -> bool:
        """Tell whether somebody answered it, in the digits of any script."""
        digits = [unicodedata.digit(sign, None) for sign in said.strip()]
        return None not in digits and "".join(map(str, digits)) == str(self.answer)


@cache
def questions() -> tuple[Question, ...]:
    """Give all questions."""
    text = files("tocsin.core.guarding").joinpath("questions.toml").read_text("utf-8")
    return tuple(Question(**row) for row in tomllib.loads(text)["questions"])
