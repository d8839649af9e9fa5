"""Whoever finds a weakness of a site can learn where to report it, without signing in, if the site wants to say so."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from people import NOW
from tocsin.config import views

ADDRESS = "/.well-known/security.txt"


def test_a_site_says_where_a_weakness_is_reported(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.timezone, "now", lambda: NOW)
    settings.SITE = replace(django_settings.SITE, security_contact="mailto:security@desk.example")
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content == b"Contact: mailto:security@desk.example\nExpires: 2027-02-23T00:00:00Z\n"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_site_that_says_nothing_has_no_such_page(method: str) -> None:
    assert getattr(Client(), method)(ADDRESS).status_code == 404
