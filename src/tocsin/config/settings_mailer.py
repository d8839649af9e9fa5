"""Django's settings for the mailer: it knows what is published, readers and public keys, and no key store.

Its own keys lie in its folder (`equipping`), which no other process reads.
"""

from tocsin.config.databases import databases, letting_go
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import SITE

INSTALLED_APPS = ["tocsin.vault", "tocsin.acknowledging", "tocsin.publishing", "tocsin.dispatch"]
# A quarter of a lease: who stands still for longer has let go before others take over.
DATABASES = {"default": letting_go(databases(SITE.database, SITE.keys_database)["default"], 15)}
