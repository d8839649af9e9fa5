"""Django's settings for the receiver of mail: it knows public keys, the inbox and what is owed, and no key store."""

from tocsin.config.databases import databases
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import SITE

INSTALLED_APPS = ["tocsin.vault", "tocsin.acknowledging", "tocsin.letterbox", "tocsin.replies"]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
