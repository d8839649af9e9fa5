"""Django's settings for the public process: it knows the letterbox and public keys only, and no key store."""

from pathlib import Path

from tocsin.config.databases import databases
from tocsin.config.languages import languages
from tocsin.config.logs import LOGGING  # noqa: F401 - a setting of Django
from tocsin.config.policies import (
    CONTENT_SECURITY_POLICY,  # noqa: F401 - a setting of Django
    FORWARDED_PROTO,
    HSTS_SECONDS,
    UPLOAD_HANDLERS,
)
from tocsin.config.site import read

SITE = read()
_HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = SITE.secret_key
ALLOWED_HOSTS = list(SITE.public_hosts)
ROOT_URLCONF = "tocsin.config.urls_public"
INSTALLED_APPS = ["django.contrib.staticfiles", "django.forms", "tocsin.vault", "tocsin.letterbox"]
# No session and no token against forged forms: nothing here is done in the name of somebody who is known.
MIDDLEWARE = [
    "tocsin.config.armour.Armour",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tocsin.config.armour.Proxy",
    "tocsin.config.armour.Faceless",
    "tocsin.config.armour.Onion",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tocsin.config.armour.Limits",
    "tocsin.config.armour.AFewAtOnce",
    "tocsin.config.armour.Methods",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates_public", _HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["tocsin.config.public_shell.shell"],
            "builtins": ["django.templatetags.i18n", "tocsin.config.isolating"],
        },
    }
]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
DATABASE_ROUTERS = ["tocsin.vault.router.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "tocsin.config.forms.Renderer"

LANGUAGE_CODE = "en"
LANGUAGES = [(each.tag, each.name) for each in languages()]
LOCALE_PATHS = [_HERE / "locale"]
TIME_ZONE = SITE.time_zone
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [_HERE / "static"]
WHITENOISE_USE_FINDERS = True

SECURE_SSL_REDIRECT = not SITE.is_demonstration
SECURE_HSTS_SECONDS = 0 if SITE.is_demonstration else HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not SITE.is_demonstration
SECURE_PROXY_SSL_HEADER = None if SITE.is_demonstration else FORWARDED_PROTO
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"

TOCSIN_LARGEST_REQUEST = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_500_000
TOCSIN_UPLOADS = tuple(
    (f"/{each.tag}/{page}", FILE_UPLOAD_MAX_MEMORY_SIZE) for each in languages() for page in ("", "come-back")
)
FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS
TOCSIN_LONGEST_ADDRESS = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
DATA_UPLOAD_MAX_NUMBER_FILES = 1

TOCSIN_ROOTS = SITE.roots
TOCSIN_PROXIES = SITE.proxies
