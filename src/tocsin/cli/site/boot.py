"""Starting Django for a command."""

import os

import django


def boot() -> None:
    """Start Django with the settings of the desk.

    Raises:
        BadSettings: if the site has none, or bad ones.
    """
    # What a site writes is nobody else's on this machine.
    os.umask(0o077)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.config.settings"
    django.setup()
