"""Who asks the public site for what gets which answer: every address by every method, as the desk's are held.

Nobody is known here, so what counts is the method and whether the appeal stands, was withdrawn or waits for the end of
an embargo. The answers lie in `golden/rooms/public_authorisation.txt`; a person reads each change of it.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from invented_appeals import ENGLISH, SPANISH
from people import NOW
from public_site import Press, slug_of
from tocsin.config.urls_publishing import urlpatterns
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.models import Defender

pytestmark = pytest.mark.database("sqlite")
METHODS = "GET HEAD POST DELETE PUT PATCH OPTIONS".split()
DRAWN = 32 * "0"


def test_every_address_answers_every_method_as_written_down(
    site: Client, press: Press, lawyer: PublicAppeal, golden: Callable[[str | Path, str], None]
) -> None:
    withdrawn = press.publish([SPANISH], now=NOW)
    press.retract(withdrawn, now=NOW)
    waits = press.publish([ENGLISH], now=NOW, not_before=NOW + timedelta(days=2))
    slugs = {"stands": slug_of(lawyer), "withdrawn": slug_of(withdrawn), "waits": slug_of(waits)}
    defender = Defender.objects.filter(naming__language="en").first()
    assert defender
    given = {"language": "en", "form": "txt", "code": "XZV", "number": 1, "tongue": "en", "page": 1, "year": 2026}
    given |= {"defender": defender.pk, "token": DRAWN}
    lines = []
    for each in urlpatterns:
        assert isinstance(each, URLPattern)
        wanted = each.pattern.converters
        assert wanted.keys() <= given.keys() | {"slug"}, each.name
        for standing, slug in slugs.items() if "slug" in wanted else [("", "")]:
            address = reverse(each.name, kwargs={name: (given | {"slug": slug})[name] for name in wanted})
            answers = [site.generic(method, address) for method in METHODS]
            if standing == "waits":
                assert not any(b"Marosh" in answer.content for answer in answers), address
            assert not any(answer.cookies for answer in answers), address
            said = " ".join(f"{method}={answer.status_code}" for method, answer in zip(METHODS, answers, strict=True))
            lines.append(f"{each.name} {standing}".strip() + f": {said}")
    golden("rooms/public_authorisation.txt", "\n".join(lines) + "\n")
