"""Django's settings for the public process: it knows the public rooms only, and no key store."""

from tocsin.config.databases import databases
from tocsin.config.site import read

SITE = read()

DEBUG = False
SECRET_KEY = SITE.secret_key
ALLOWED_HOSTS = list(SITE.hosts)
ROOT_URLCONF = "tocsin.config.urls_public"
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": databases(SITE.database, SITE.keys_database)["default"]}
USE_TZ = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "no-referrer"
