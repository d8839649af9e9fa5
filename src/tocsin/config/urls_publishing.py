"""The addresses of the public site. All but the first are those of files, so that a copy of it works too."""

from django.urls import path, register_converter

from tocsin.config import errors
from tocsin.dispatch import views as dispatch
from tocsin.publishing import views
from tocsin.publishing.api import serving, table

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, views.nowhere, errors.broken


class Tag:
    """A language tag."""

    regex = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"

    def to_python(self, value: str) -> str:
        """Give the tag."""
        return value

    def to_url(self, value: str) -> str:
        """Give the tag."""
        return value


class Three(Tag):
    """The code of a country."""

    regex = "[A-Z]{3}"


class Drawn(Tag):
    """An id that was drawn."""

    regex = "[0-9a-f]{32}"


class Page(Tag):
    """The number of a page behind the first."""

    regex = "[1-9][0-9]{0,4}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        """Give the number."""
        return int(value)


class Form(Tag):
    """The ending of a file."""

    regex = "pdf|docx|png|txt|md|json"


for name, converter in (("tag", Tag), ("three", Three), ("drawn", Drawn), ("page", Page), ("form", Form)):
    register_converter(converter, name)

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.nothing, name="icon"),
    path("robots.txt", views.robots, name="robots"),
    path("letter.js", views.script, name="letter-script"),
    path("sitemap.xml", views.site_map, name="site-map"),
    path("sitemap-<page:page>.xml", views.site_map, name="site-map-more"),
    path("signatories.json", views.keys, name="signatories"),
    path("appeals/<slug:slug>/", views.editions, name="editions"),
    path("appeals/<slug:slug>/cap.xml", views.alert, name="alert"),
    path("appeals/<slug:slug>/proof.json", views.proof, name="proof"),
    path("appeals/<slug:slug>/<tag:language>.html", views.appeal, name="appeal"),
    path("appeals/<slug:slug>/<tag:language>.<form:form>", views.file, name="appeal-file"),
    path(table.ROOT, views.home_of_api, name="api"),
    path(f"{table.ROOT}openapi.json", serving.described, name="openapi"),
    *(
        path(table.ROOT + each.path.replace("{slug}", "<slug:slug>"), serving.view_of(each), name=each.name)
        for each in table.QUESTIONS
    ),
    path(f"{table.ROOT}statistics-<page:year>.csv", views.figures_of_year, name="statistics-year"),
    path("leave/<drawn:token>", dispatch.leave, name="leave"),
    path("<tag:language>/subscribe.html", dispatch.subscribe, name="subscribe"),
    path("<tag:language>/change.html", dispatch.ask_to_change, name="change-ask"),
    path("<tag:language>/confirm/<drawn:token>", dispatch.confirm, name="confirm"),
    path("<tag:language>/change/<drawn:token>", dispatch.change, name="change"),
    path("<tag:language>/api.html", views.of_api, name="api-page"),
    path("<tag:language>/statistics.html", views.figures, name="statistics"),
    path("<tag:language>/act/<slug:slug>.html", views.act, name="act"),
    path("<tag:language>/act/<slug:slug>/<int:number>.<tag:tongue>.html", views.letter, name="letter"),
    path("<tag:language>/act/<slug:slug>/tell.<int:number>.html", views.tell, name="tell"),
    path("<tag:language>/act/<slug:slug>/tell.html", views.tell, name="tell-any"),
    path("<tag:language>/", views.index, name="list"),
    path("<tag:language>/index.html", views.index, name="list-file"),
    path("<tag:language>/page-<page:page>.html", views.index, name="list-page"),
    path("<tag:language>/verify.html", views.verify, name="verify"),
    path("<tag:language>/feed.atom", views.atom, name="atom"),
    path("<tag:language>/feed.json", views.json_feed, name="json-feed"),
    path("<tag:language>/country/<three:code>.html", views.of_country, name="country"),
    path("<tag:language>/country/<three:code>-<page:page>.html", views.of_country, name="country-page"),
    path("<tag:language>/defender/<drawn:defender>.html", views.of_defender, name="defender"),
    path("<tag:language>/defender/<drawn:defender>-<page:page>.html", views.of_defender, name="defender-page"),
]
