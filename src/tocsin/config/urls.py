"""The addresses of the desk. Each name has a line in `access.toml`, or is closed."""

from django.conf import settings
from django.urls import path

from tocsin.accounts import views as accounts
from tocsin.casework import views as casework

urlpatterns = [
    path("", casework.home, name="home"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("cases/<uuid:case_id>", casework.case, name="case"),
]
if settings.TOCSIN_DEMONSTRATION is not None:
    urlpatterns.append(path("demonstration", accounts.demonstration_sign_in, name="demonstration-sign-in"))
