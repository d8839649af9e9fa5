"""Starting Django for a command."""

import os
import resource
import sys

import django

# Where a desk is served if nobody says otherwise.
PORT, PUBLIC_PORT, PUBLISHING_PORT = 8000, 8001, 8002


def boot(settings: str = "tocsin.config.settings") -> None:
    """Start Django with the settings of the desk, or those of the public form.

    Raises:
        BadSettings: if the site has none, or bad ones.
    """
    # What a site writes is nobody else's on this machine.
    os.umask(0o077)
    # A dump of the memory would hold opened keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()


def called() -> str:
    """Give the command as one typed it: that of a checkout is on no path."""
    return sys.argv[0] if sys.argv[0].endswith("/tocsin") else "tocsin"
