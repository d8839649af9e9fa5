"""Django's settings for the public site: its process knows what is published and public keys, and no key store."""

from tocsin.config.databases import databases
from tocsin.config.lending import lent
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import HERE, SITE

ALLOWED_HOSTS = list(SITE.publishing_hosts)
ROOT_URLCONF = "tocsin.config.urls_publishing"
INSTALLED_APPS = ["tocsin.vault", "tocsin.acknowledging", "tocsin.publishing", "tocsin.dispatch"]
# No session and no token against forged forms: nothing here is done in the name of somebody who is known.
MIDDLEWARE = [
    "tocsin.config.armour.OpenArmour",
    "tocsin.publishing.api.problems.Problems",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tocsin.config.armour.Proxy",
    "tocsin.config.armour.Faceless",
    "tocsin.config.armour.Onion",
    "django.middleware.security.SecurityMiddleware",
    "tocsin.config.armour.Limits",
    "tocsin.config.armour.Methods",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates_publishing"],
        "OPTIONS": {"builtins": ["django.templatetags.i18n"]},
    }
]
DATABASES = {"default": lent(databases(SITE.database, SITE.keys_database)["default"])}

APPEND_SLASH = False

SECURE_REFERRER_POLICY = "no-referrer"

# Readers alone send something: what they choose, a public key, and that they acted.
TOCSIN_LARGEST_REQUEST, DATA_UPLOAD_MAX_MEMORY_SIZE = 0, 65_536
TOCSIN_UPLOADS = (
    (r"/leave/.+|/[^/]+/(?:subscribe|change)\.html|/[^/]+/(?:confirm|change)/.+", 65_536),
    (r"/[^/]+/act/[^/]+/tell(?:\.[0-9]+)?\.html", 1_024),
)
TOCSIN_LONGEST_ADDRESS = 1500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
