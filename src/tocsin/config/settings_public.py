"""Django's settings for the public form: its process knows the letterbox and public keys only, and no key store."""

from tocsin.config.databases import databases
from tocsin.config.languages import languages
from tocsin.config.policies import (
    CONTENT_SECURITY_POLICY,  # noqa: F401 - a setting of Django
    UPLOAD_HANDLERS,
)
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import HERE, SITE

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
        "DIRS": [HERE / "templates_public", HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["tocsin.config.public_shell.shell"],
            "builtins": ["django.templatetags.i18n", "tocsin.config.isolating"],
        },
    }
]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
FORM_RENDERER = "tocsin.config.forms.Renderer"

STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True

SECURE_REFERRER_POLICY = "no-referrer"

TOCSIN_LARGEST_REQUEST = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_500_000
TOCSIN_UPLOADS = tuple(
    (f"/{each.tag}/{page}", FILE_UPLOAD_MAX_MEMORY_SIZE) for each in languages() for page in ("", "come-back")
)
FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS
TOCSIN_LONGEST_ADDRESS = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
DATA_UPLOAD_MAX_NUMBER_FILES = 1
