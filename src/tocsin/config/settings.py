"""Django's settings for the desk, where people who have signed in work on cases."""

from tocsin.config.access import access, fields
from tocsin.config.databases import databases
from tocsin.config.policies import (
    CONTENT_SECURITY_POLICY,  # noqa: F401 - a setting of Django
    UPLOAD_HANDLERS,
)
from tocsin.config.settings_base import *  # noqa: F403 - what all processes say alike
from tocsin.config.settings_base import HERE, SITE
from tocsin.vault.secrets import STRONG

ALLOWED_HOSTS = list(SITE.hosts)
ROOT_URLCONF = "tocsin.config.urls"
WSGI_APPLICATION = "tocsin.config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.forms",
    "tocsin.vault",
    "tocsin.acknowledging",
    "tocsin.letterbox",
    "tocsin.publishing",
    "tocsin.dispatch",
    "tocsin.journal",
    "tocsin.accounts",
    "tocsin.intake",
    "tocsin.authorities",
    "tocsin.casework",
    "tocsin.appeals",
    "tocsin.replies",
    "tocsin.operations",
]
MIDDLEWARE = [
    # What goes wrong inside becomes an answer before it reaches these, so that every answer carries the headers.
    "tocsin.config.armour.Armour",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tocsin.config.armour.Proxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tocsin.config.armour.Limits",
    "tocsin.config.armour.Freeze",
    "tocsin.config.armour.Methods",
    "django.middleware.common.CommonMiddleware",
    # First who asks, then what was sent: whoever may not come in has nothing of hers read.
    "tocsin.accounts.door.Door",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tocsin.accounts.door.Fields",
    "tocsin.accounts.stepping.Stepping",
    "tocsin.casework.search.while_opening.WhileOpening",
    "tocsin.casework.slowing.Slowing",
    "tocsin.config.saying.Saying",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "tocsin.config.shell.shell"],
            "libraries": {"desk": "tocsin.config.tags"},
            "builtins": ["django.templatetags.i18n", "tocsin.config.tags", "tocsin.config.isolating"],
        },
    }
]
DATABASES = databases(SITE.database, SITE.keys_database)

FORM_RENDERER = "tocsin.config.forms.Renderer"

STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True

# Everywhere but in a demonstration a cookie travels over TLS only.
CSRF_COOKIE_SECURE = not SITE.is_demonstration
CSRF_COOKIE_NAME = "tocsin_csrf" if SITE.is_demonstration else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "tocsin.config.errors.forbidden"
LANGUAGE_COOKIE_NAME = "tocsin_language" if SITE.is_demonstration else "__Host-language"
LANGUAGE_COOKIE_SECURE = not SITE.is_demonstration
LANGUAGE_COOKIE_AGE = 31_536_000
# Under `no-referrer` a browser says of every form that it comes from nowhere (`Origin: null`), and no form is taken.
SECURE_REFERRER_POLICY = "same-origin"
# Forms are short; the pages that take files take more.
TOCSIN_LARGEST_REQUEST = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000
TOCSIN_UPLOADS = (
    ("/reports/new", FILE_UPLOAD_MAX_MEMORY_SIZE),
    ("/authorities/import", FILE_UPLOAD_MAX_MEMORY_SIZE),
    ("/cases/[0-9a-f-]{36}/evidence/new", 201_000_000),
)
# Evidence is larger than what memory holds; its page seals it as it comes (casework.evidence.uploading).
FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS
TOCSIN_LONGEST_ADDRESS = 2_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# What the rooms read of the site; they know no file and no environment.
TOCSIN_COST = STRONG
TOCSIN_INDEX_KEY = SITE.index_key
TOCSIN_COOKIE = "tocsin_session" if SITE.is_demonstration else "__Host-session"
TOCSIN_MARK_COOKIE = "tocsin_mark" if SITE.is_demonstration else "__Host-mark"
TOCSIN_DEMONSTRATION = SITE.directory / "demonstration.toml" if SITE.is_demonstration else None
TOCSIN_ACCESS = access()
TOCSIN_SENDS_NOTICES = SITE.notices is not None
TOCSIN_FIELDS = fields()
