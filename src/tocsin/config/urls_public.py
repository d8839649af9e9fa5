"""The addresses of the public process: the public form in each language, and the way out."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from tocsin.config import errors
from tocsin.letterbox import views

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken

urlpatterns = [
    path("leave", views.leave, name="leave"),
    *i18n_patterns(
        path("", views.write, name="write"),
        path("come-back", views.come_back, name="come-back"),
    ),
]
