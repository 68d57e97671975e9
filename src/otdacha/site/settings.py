"""Django's settings. What differs between installations comes from the environment.

`OTDACHA_DATABASE` names the database (`database.py`), `OTDACHA_HOSTS` the names it answers to,
`OTDACHA_PROXIES` the web servers in front of it, `OTDACHA_SECRET` the key of signatures. `otdacha
serve` sets them from the workspace.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from otdacha.documents.method_pages import folder as method_pages
from otdacha.site.database import database

HERE = Path(__file__).parent

SECRET_KEY = os.environ.get("OTDACHA_SECRET") or secrets.token_hex(32)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("OTDACHA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
TRUSTED_PROXIES = [one for one in os.environ.get("OTDACHA_PROXIES", "").split(",") if one]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "otdacha.site.bank",
    "otdacha.site.programme",
    "otdacha.site.wages",
    "otdacha.site.pay",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "otdacha.site.api.answers.open_interface",
    "otdacha.site.unnameable.refuse_nul",
]
ROOT_URLCONF = "otdacha.site.urls"
WSGI_APPLICATION = "otdacha.site.wsgi.application"

DATABASES = {"default": database(os.environ.get("OTDACHA_DATABASE", "site.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,  # what is kept is named by all that it depends on
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}


USE_I18N = False  # texts are the one catalogue's of the whole program: otdacha.language
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "otdacha.site.assets.HashedInPlace"}}
STATICFILES_DIRS = [HERE / "static", ("otdacha/method", method_pages() / "images")]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# the one cookie: it guards forms that are sent, and is set by the pages that hold one only
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "otdacha.site.programme.views.refused"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]  # with a certificate in front
# the largest form: twenty needs of twelve fields, in letters of which each takes six signs
DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
