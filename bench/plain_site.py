"""A plain Django site that shows one appeal: a row of its database into a template, compressed; `public_server_speed`.

Its WSGI application serves what `make` put into the file that PLAIN_SITE names.
"""

import json
import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

_TEMPLATE = (
    "<!doctype html><title>{{ d.title.text }}</title><h1>{{ d.title.text }}</h1>"
    "{% for s in d.sections %}<h2>{{ s.heading }}</h2>{% for p in s.paragraphs %}<p>{{ p.text }}</p>{% endfor %}"
    "{% endfor %}<ol>{% for e in d.demands %}<li>{{ e.text }}</li>{% endfor %}</ol>"
)
_MIDDLEWARE = ("security.SecurityMiddleware", "gzip.GZipMiddleware", "common.CommonMiddleware")


def show(_request: HttpRequest) -> HttpResponse:
    """Show the appeal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM appeal")
        document: Any = json.loads(cursor.fetchone()[0])
    return HttpResponse(engines.all()[0].from_string(_TEMPLATE).render({"d": document}))


urlpatterns = [path("", show)]


def make(document: str) -> None:
    """Put the JSON of an appeal into the database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE appeal (document text)")
        cursor.execute("INSERT INTO appeal VALUES (%s)", [document])


settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PLAIN_SITE"]}},
    MIDDLEWARE=[f"django.middleware.{each}" for each in _MIDDLEWARE],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of no use: nothing is signed",  # noqa: S106
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()
application = get_wsgi_application()
