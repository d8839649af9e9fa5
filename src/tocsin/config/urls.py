"""The addresses of the desk. Each name has a line in `access.toml`, or is closed."""

from django.conf import settings
from django.urls import path

from tocsin.accounts import views as accounts
from tocsin.casework import views as casework
from tocsin.casework.search.views import search
from tocsin.config import errors, views

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken

urlpatterns = [
    path("", casework.home, name="home"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("lock", accounts.lock, name="lock"),
    path("language", views.language, name="language"),
    path("cases/<uuid:case_id>", casework.case, name="case"),
    path("cases/<uuid:case_id>/access", casework.access, name="access"),
    path("cases/<uuid:case_id>/access/<uuid:grant_id>/end", casework.end_access, name="end-access"),
    path("journal", casework.journal, name="journal"),
    path("search", search, name="search"),
]
if settings.TOCSIN_DEMONSTRATION is not None:
    urlpatterns.append(path("demonstration", accounts.demonstration_sign_in, name="demonstration-sign-in"))
