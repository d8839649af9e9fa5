"""The public process as a browser sees it, on the databases of the test."""

import re
from html import unescape
from types import ModuleType
from typing import Any

from django.http import HttpResponse
from django.test import Client, override_settings

from tocsin.core.guarding import questions

# What a process has once, or the test has set: the rest of the settings changes.
_SHARED = {"ALLOWED_HOSTS", "DATABASES", "INSTALLED_APPS", "LOGGING", "SITE", "TOCSIN_ROOTS"}


def public_process() -> override_settings:
    """Answer as the public process does."""
    from tocsin.config import settings_public

    return _settings_of(settings_public)


def desk() -> override_settings:
    """Answer as the desk does, in the middle of that."""
    import desk_settings

    return _settings_of(desk_settings)


def _settings_of(module: ModuleType) -> override_settings:
    names = {name for name in vars(module) if name.isupper() and not name.startswith("_")}
    return override_settings(**{name: getattr(module, name) for name in names - _SHARED})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the form has no {name}"
    return unescape(found[1])


def filled(page: str, **words: Any) -> dict[str, Any]:
    """Fill a form in as somebody who can count."""
    asked = hidden(page, "asked")
    answer = str(questions()[int(asked)].answer)
    return {"code": hidden(page, "code"), "asked": asked, "number": answer, "text": "", **words}


def sent(client: Client, language: str = "en", **words: Any) -> tuple[str, HttpResponse]:
    """Send a letter; gives its receipt code and the page that shows it."""
    form = filled(client.get(f"/{language}/").content.decode(), **words)
    answer = client.post(f"/{language}/", form)
    return form["code"], answer


def shown_code(page: str) -> str:
    found = re.search(r"receipt\"><strong><bdi dir=\"ltr\">([\d ]+)<", page)
    assert found, "no receipt code is shown"
    return found[1]
