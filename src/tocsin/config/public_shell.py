"""What every public page shows around its content: the languages, as addresses, since no cookie remembers one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from tocsin.config.languages import languages


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates what stands around the content (a context processor)."""
    return {
        "languages": [
            {"tag": each.tag, "name": each.name, "address": translate_url(request.path, each.tag)}
            for each in languages()
        ],
        "is_draft": any(each.draft for each in languages() if each.tag == get_language()),
        "demonstration": settings.SITE.is_demonstration,
    }
