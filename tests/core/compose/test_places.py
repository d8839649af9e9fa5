"""How a composed sentence says where: by the kind of the place, or where nobody said it, by how the place is called."""

import pytest

from command_line import ROOT
from tocsin.core.compose import compose
from tocsin.core.records import Case, from_yaml
from tocsin.core.render import render

TEXT = (ROOT / "tests/cases/killing.yaml").read_text("utf-8")
ROAD = "name: {en: the road to the estate of Santa Breza}, type: street, in: place:ollanta"
# The kind of the place, its name, and how the sentence goes on, by language.
PLACES = [
    ("en", None, "Velm", "in Velm"),
    ("en", None, "Port Asha", "in Port Asha"),
    ("en", None, "Central Court", "at the Central Court"),
    ("en", None, "Court of Velm", "at the Court of Velm"),
    ("en", None, "the market", "at the market"),
    ("en", None, "market square", "in the market square"),
    ("en", None, "Velm airport", "at Velm airport"),
    ("en", None, "in front of the court", "in front of the court"),
    ("en", "city", "Velm", "in Velm"),
    ("fr", None, "Velm", "à Velm"),
    ("fr", None, "le marché", "au marché"),
    ("fr", "city", "Velm", "à Velm"),
    ("es", None, "Velm", "en Velm"),
    ("es", None, "Puerto Asha", "en Puerto Asha"),
    ("es", "city", "Velm", "en Velm"),
]


def happening_at(language: str, kind: str | None, name: str) -> Case:
    """Give a case in which somebody was shot at a place."""
    assert TEXT.count(ROAD) == 1
    typed = f", type: {kind}" if kind else ""
    return from_yaml(TEXT.replace(ROAD, f'name: {{{language}: "{name}"}}{typed}'))


@pytest.mark.parametrize(("language", "kind", "name", "said"), PLACES)
def test_a_sentence_says_where(language: str, kind: str | None, name: str, said: str) -> None:
    text = render(compose(happening_at(language, kind, name), language=language).document, "txt")
    assert f" {said}" in " ".join(text.split())
