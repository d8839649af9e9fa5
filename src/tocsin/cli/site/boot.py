"""Starting Django for a command."""

import os

import django


def boot() -> None:
    """Start Django with the settings of the desk.

    Raises:
        BadSettings: if the site has none, or bad ones.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.config.settings"
    django.setup()
