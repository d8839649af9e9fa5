"""What Django's settings say alike in all processes of a site: the desk, the public form and the public site."""

from pathlib import Path

from tocsin.config.inventing import invented_countries
from tocsin.config.languages import languages
from tocsin.config.logs import LOGGING  # noqa: F401 - a setting of Django
from tocsin.config.policies import FORWARDED_PROTO, HSTS_SECONDS
from tocsin.config.site import read
from tocsin.vault.sealing import derive

SITE = read()
HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = SITE.secret_key
DATABASE_ROUTERS = ["tocsin.vault.router.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [(each.tag, each.name) for each in languages()]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = SITE.time_zone
USE_TZ = True
STATIC_URL = "/static/"

# A demonstration speaks plain HTTP to this machine alone.
SECURE_SSL_REDIRECT = not SITE.is_demonstration
SECURE_HSTS_SECONDS = 0 if SITE.is_demonstration else HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not SITE.is_demonstration
SECURE_PROXY_SSL_HEADER = None if SITE.is_demonstration else FORWARDED_PROTO
X_FRAME_OPTIONS = "DENY"

# What the rooms read of the site; they know no file and no environment.
TOCSIN_ROOTS = SITE.roots
TOCSIN_PROXIES = SITE.proxies
TOCSIN_INVENTED_COUNTRIES = invented_countries() if SITE.is_demonstration else {}
TOCSIN_MAILINGS = SITE.mailings
# How codes look and are counted: a file of `core/codes/schemes`.
TOCSIN_CODE_SCHEME = SITE.code_scheme
# The name under which the mail server in front writes what it verified (authserv-id of RFC 8601).
TOCSIN_RECEIVING_HOST = SITE.receiving_host
# Who has it can try whether an address is subscribed, and nothing else.
TOCSIN_FINGERPRINT_KEY = derive(SITE.index_key, b"subscribers 1")
# Tells mail that came before from mail that did not, and nothing else.
TOCSIN_ARRIVALS_KEY = derive(SITE.index_key, b"arrivals 1")
# Makes the addresses for answers, and tells which mail answers which.
TOCSIN_REPLIES_KEY = derive(SITE.index_key, b"replies 1")
# Seals finished files of appeals; who has it and may write into the database can say what a file looks like.
TOCSIN_FILES_KEY = derive(SITE.files_key, b"finished files 1")
TOCSIN_DRAFTS = frozenset(each.tag for each in languages() if each.draft)
