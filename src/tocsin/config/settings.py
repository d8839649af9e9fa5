"""Django's settings for the desk, where people who have signed in work on cases."""

from pathlib import Path

from tocsin.config.access import access
from tocsin.config.databases import databases
from tocsin.config.site import read
from tocsin.vault.secrets import STRONG

SITE = read()
_HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = SITE.secret_key
ALLOWED_HOSTS = list(SITE.hosts)
ROOT_URLCONF = "tocsin.config.urls"
WSGI_APPLICATION = "tocsin.config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "tocsin.vault",
    "tocsin.journal",
    "tocsin.accounts",
    "tocsin.casework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tocsin.accounts.door.Door",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = databases(SITE.database, SITE.keys_database)
DATABASE_ROUTERS = ["tocsin.vault.router.KeyStoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [_HERE / "static"]
WHITENOISE_USE_FINDERS = True

# A demonstration speaks plain HTTP to this machine alone; everywhere else a cookie travels over TLS only.
CSRF_COOKIE_SECURE = not SITE.is_demonstration
CSRF_COOKIE_NAME = "tocsin_csrf" if SITE.is_demonstration else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_SSL_REDIRECT = not SITE.is_demonstration
SECURE_HSTS_SECONDS = 0 if SITE.is_demonstration else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not SITE.is_demonstration
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": _SELF,
        "img-src": _SELF,
        "font-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# What the rooms read of the site; they know no file and no environment.
TOCSIN_COST = STRONG
TOCSIN_ROOTS = SITE.roots
TOCSIN_INDEX_KEY = SITE.index_key
TOCSIN_COOKIE = "tocsin_session" if SITE.is_demonstration else "__Host-session"
TOCSIN_DEMONSTRATION = SITE.directory / "demonstration.toml" if SITE.is_demonstration else None
TOCSIN_ACCESS = access()
