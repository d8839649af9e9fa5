"""What countries are called on the public site: those that there are, and the invented ones of a demonstration."""

from django.conf import settings

from tocsin.core import vocab


def country_name(code: str, language: str) -> str:
    """Name a country in a language of the pages."""
    return vocab.country_name(code, language, settings.TOCSIN_INVENTED_COUNTRIES)
