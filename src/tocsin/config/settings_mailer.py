"""Django's settings for the mailer: it knows what is published, readers and public keys, and no key store.

Its own keys lie in its folder (`equipping`), which no other process reads.
"""

from tocsin.config.databases import databases
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import SITE

INSTALLED_APPS = ["tocsin.vault", "tocsin.publishing", "tocsin.dispatch"]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
