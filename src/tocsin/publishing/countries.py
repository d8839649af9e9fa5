"""What countries are called on all pages: those that there are, and the invented ones of a demonstration."""

from django.conf import settings

from tocsin.core import vocab
from tocsin.core.vocab import countries_by_name


def country_name(code: str, language: str) -> str:
    """Name a country in a language of the pages."""
    return vocab.country_name(code, language, settings.TOCSIN_INVENTED_COUNTRIES)


def country_called(words: str, language: str) -> str:
    """Give the code of the country that the words name in a language; empty where they name none."""
    invented = settings.TOCSIN_INVENTED_COUNTRIES
    named = (code for code in invented if words == country_name(code, language))
    return vocab.find_country(words, language) or next(named, "")


def country_names(language: str) -> list[tuple[str, str]]:
    """Give all countries that may be chosen with their names, in the order of these."""
    codes = set(countries_by_name("en").values()) | set(settings.TOCSIN_INVENTED_COUNTRIES)
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda row: row[1].casefold())
