"""The page that documents the API for people, made of the table by which it is served."""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tocsin.publishing import pages
from tocsin.publishing.answers import Answer
from tocsin.publishing.api import openapi
from tocsin.publishing.api.table import OF_COPIES, QUESTIONS, ROOT, Question


def page(language: str, *, served: bool = True) -> Answer:
    """Make the page; a copy that no program serves says what it cannot answer."""
    questions = QUESTIONS if served else (*OF_COPIES, *(each for each in QUESTIONS if each.is_file))
    with translation.override(language):
        context = {
            "served": served,
            "root": f"{settings.SITE.publishing_address}{ROOT}",
            "questions": [_shown(each) for each in questions],
            "root_path": ROOT,
        }
        return pages.filled("api", language, context, here="api.html", depth=1)


def _shown(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "says": gettext(question.says),
        "address": f"/{ROOT}{question.path}",
        "parameters": [
            {
                "name": each.name,
                "says": gettext(each.says),
                "required": each.required,
                "choices": each.schema.get("enum", ()),
            }
            for each in question.parameters
        ],
        "asked": _asked(question),
        "answer": _printed(openapi.examples()[question.name]),
    }


def _asked(question: Question) -> str:
    """Give an address that asks the question, with invented values."""
    path = question.path
    for each in question.parameters:
        path = path.replace(f"{{{each.name}}}", quote(each.example))
    first = [(each.name, each.example) for each in question.asked if each.name in ("country", "year", "code")]
    return f"{settings.SITE.publishing_address}{ROOT}{path}" + (f"?{urlencode(first)}" if first else "")


def _printed(example: object) -> str:
    return msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
