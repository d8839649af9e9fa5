"""The addresses of the public process. There are none until something is published."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
