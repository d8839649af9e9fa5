"""Django's settings for the public site: its process knows what is published and public keys, and no key store."""

from pathlib import Path

from tocsin.config.databases import databases
from tocsin.config.languages import languages
from tocsin.config.logs import LOGGING  # noqa: F401 - a setting of Django
from tocsin.config.policies import FORWARDED_PROTO, HSTS_SECONDS
from tocsin.config.site import read

SITE = read()
_HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = SITE.secret_key
ALLOWED_HOSTS = list(SITE.publishing_hosts)
ROOT_URLCONF = "tocsin.config.urls_publishing"
INSTALLED_APPS = ["tocsin.vault", "tocsin.publishing"]
# No session, no form that changes anything: nothing here is done in anybody's name.
MIDDLEWARE = [
    "tocsin.config.armour.OpenArmour",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tocsin.config.armour.Proxy",
    "tocsin.config.armour.Faceless",
    "django.middleware.security.SecurityMiddleware",
    "tocsin.config.armour.Limits",
    "tocsin.config.armour.Methods",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates_publishing"],
        "OPTIONS": {"builtins": ["django.templatetags.i18n"]},
    }
]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
DATABASE_ROUTERS = ["tocsin.vault.router.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [(each.tag, each.name) for each in languages()]
LOCALE_PATHS = [_HERE / "locale"]
TIME_ZONE = SITE.time_zone
USE_TZ = True
STATIC_URL = "/static/"
APPEND_SLASH = False

SECURE_SSL_REDIRECT = not SITE.is_demonstration
SECURE_HSTS_SECONDS = 0 if SITE.is_demonstration else HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not SITE.is_demonstration
SECURE_PROXY_SSL_HEADER = None if SITE.is_demonstration else FORWARDED_PROTO
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"

TOCSIN_LARGEST_REQUEST = DATA_UPLOAD_MAX_MEMORY_SIZE = 0
TOCSIN_UPLOADS = ()
TOCSIN_LONGEST_ADDRESS = 1500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10

TOCSIN_ROOTS = SITE.roots
TOCSIN_PROXIES = SITE.proxies
TOCSIN_DRAFTS = frozenset(each.tag for each in languages() if each.draft)
