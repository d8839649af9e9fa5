"""For what mail is taken: precision and recall by kind, and of responses; `python bench/classifying.py`.

`held_out.toml` was written before the rules were first run over it, by who wrote the rules: mail of strangers will be
worse. `held_out_letters.toml` are replies of several sentences that no rule has seen, of which the rules say little;
`held_out_replies.toml` are such that the rules for letters were written with in sight.
`mails.toml` is what the rules are mended by, so its figures say only that nothing got worse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from tocsin.core.classifying import SURE, Classified, Signs, classify

TABLES = Path(__file__).parents[1] / "tests" / "core" / "classifying"
NAMES = ("held_out.toml", "held_out_replies.toml", "held_out_letters.toml", "mails.toml")


@dataclass(frozen=True)
class Measured:
    """The mails of one table, each with what it was taken for."""

    pairs: tuple[tuple[dict[str, Any], Classified], ...]

    @property
    def precision_of_sure(self) -> float:
        """Of what is called sure, the part that is so."""
        sure = [bool(said.kind == mail["kind"]) for mail, said in self.pairs if said.sureness == SURE]
        return sum(sure) / len(sure)

    @property
    def recall(self) -> float:
        """Of all mails, the part that is taken for what it is."""
        return sum(bool(said.kind == mail["kind"]) for mail, said in self.pairs) / len(self.pairs)

    @property
    def responses(self) -> float:
        """Of replies, the part of which is said what they amount to."""
        replies = [bool(said.response == mail["response"]) for mail, said in self.pairs if mail.get("response")]
        return sum(replies) / len(replies)

    @property
    def misled(self) -> float:
        """Of replies, the part of which is said that they amount to something else than they do; silence is not."""
        replies = [
            bool(said.response and said.response != mail["response"])
            for mail, said in self.pairs
            if mail.get("response")
        ]
        return sum(replies) / len(replies)

    def by_language(self) -> Iterator[tuple[str, int, float]]:
        """Give each language with how many replies there are, and of what part is said what they amount to."""
        for tag in sorted({mail["language"] for mail, _ in self.pairs}):
            told = [
                said.response == mail["response"]
                for mail, said in self.pairs
                if mail["language"] == tag and mail.get("response")
            ]
            yield tag, len(told), sum(told) / len(told) if told else 1.0

    def by_kind(self) -> Iterator[tuple[str, int, float, float]]:
        """Give each kind with how many there are, precision and recall."""
        for kind in sorted({mail["kind"] for mail, _ in self.pairs}):
            there = [said.kind == kind for mail, said in self.pairs if mail["kind"] == kind]
            taken = [mail["kind"] == kind for mail, said in self.pairs if said.kind == kind]
            yield kind, len(there), sum(taken) / len(taken) if taken else 1.0, sum(there) / len(there)

    def wrong(self) -> Iterator[str]:
        """Say of each mail that is taken for something else why."""
        for mail, said in self.pairs:
            meant = mail["kind"], mail.get("response", "")
            if (said.kind, said.response) != meant:
                why = [(each.rule, each.words) for each in said.why]
                yield f"{mail['language']} {meant} is {said.kind, said.response} by {why}: {mail['text']}"


@cache
def measure(name: str) -> Measured:
    """Classify the mails of a table."""
    mails = tomli.loads((TABLES / name).read_text("utf-8"))["mail"]
    return Measured(tuple((mail, _said_of(mail)) for mail in mails))


def _said_of(mail: dict[str, Any]) -> Classified:
    text = f"From: x@letters.example\nSubject: {mail['subject']}\n\n{mail['text']}\n"
    return classify(text, Signs(official=mail.get("official", False)))


def main() -> None:
    """Print the figures of each table."""
    for name in NAMES:
        found = measure(name)
        print(f"{name}: {len(found.pairs)} mails; sure and so {found.precision_of_sure:.3f}, "
              f"found {found.recall:.3f}, responses {found.responses:.3f}, misled {found.misled:.3f}")  # fmt: skip
        print(
            "  responses by language: " + ", ".join(f"{tag} {part:.2f} of {n}" for tag, n, part in found.by_language())
        )
        for kind, count, precision, recall in found.by_kind():
            print(f"  {kind:16} {count:3}  precision {precision:.2f}  recall {recall:.2f}")


if __name__ == "__main__":
    main()
