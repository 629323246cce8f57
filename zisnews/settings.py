"""Every setting of the project. The environment is read here and only here; `.env.example` lists the names."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from zisnews.brokers import celery_broker
from zisnews.error_reports import report_errors
from zisnews.login_sites import LOGIN_SITES, providers_of
from zisnews.logs import logging_config
from zisnews.picture_places import picture_place

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def secret_key() -> str:
    """Return SECRET_KEY, or what the file named by SECRET_KEY_FILE holds.

    Raises ImproperlyConfigured when neither is set: a key everybody knows is worse than no site.
    """
    if file := env.str("SECRET_KEY_FILE", ""):
        return Path(file).read_text(encoding="utf-8").strip()
    if key := env.str("SECRET_KEY", ""):
        return key
    raise ImproperlyConfigured(
        "Set the environment variable SECRET_KEY or SECRET_KEY_FILE; see .env.example. `./zis up` makes one."
    )


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", "").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or [urlsplit(SITE_URL).hostname or "127.0.0.1", "localhost"]
IS_HTTPS = SITE_URL.startswith("https://")

DATA_DIR = Path(env.str("ZIS_DATA", str(BASE_DIR / "var"))).resolve()

ZIS_DISPLAY = env.str("ZIS_DISPLAY", "full_text")
if ZIS_DISPLAY not in {"full_text", "excerpt", "headline"}:
    raise ImproperlyConfigured(f"ZIS_DISPLAY is full_text, excerpt or headline, not {ZIS_DISPLAY!r}.")
ZIS_FETCH_CONTACT = env.str("ZIS_FETCH_CONTACT", "")
# Between two pages of one host at least so long, between two of its feeds a tenth of it; crawl-delay may ask for more.
ZIS_FETCH_GAP_SECONDS = env.float("ZIS_FETCH_GAP_SECONDS", 0.25)
# Articles older than this leave, unless a reader holds them; 0 keeps all for ever.
ZIS_RETENTION_DAYS = env.int("ZIS_RETENTION_DAYS", 0)
# Hubs can only push to an address they can reach.
ZIS_WEBSUB = env.bool("ZIS_WEBSUB", bool(SITE_URL))
# A hub that our own feeds name, and that is told when they have something new; without one readers poll.
ZIS_WEBSUB_HUB = env.str("ZIS_WEBSUB_HUB", "")
ZIS_METRICS_TOKEN = env.str("ZIS_METRICS_TOKEN", "")
# So long a page is the same for all readers without an account; 0 makes each anew.
ZIS_PAGE_SECONDS = env.int("ZIS_PAGE_SECONDS", 0 if DEBUG else 30)
ZIS_COMMENTS = env.bool("ZIS_COMMENTS", True)
# So many days after an article was published nobody can comment on it any more; 0 closes none.
ZIS_COMMENTS_CLOSE_DAYS = env.int("ZIS_COMMENTS_CLOSE_DAYS", 30)
ZIS_FETCH_HOST_MAP = env.str("ZIS_FETCH_HOST_MAP", "")
ZIS_FETCH_ALLOW_NETWORKS: list[str] = env.list("ZIS_FETCH_ALLOW_NETWORKS", [])

SOCIALACCOUNT_PROVIDERS = providers_of({name: env.str(f"ZIS_SOCIAL_{name.upper()}", "") for name in LOGIN_SITES})
_social_apps = [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]

INSTALLED_APPS = [
    "feeds",
    "accounts",
    "aggregator",
    "comments",
    "zisnews",
    "zisnews.apps.CuratorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *(["allauth.socialaccount", *_social_apps] if _social_apps else []),  # else nothing of it is loaded
    "csp",
]

MIDDLEWARE = [
    "zisnews.middleware.RequestIdMiddleware",
    "zisnews.middleware.WithoutTrackingMiddleware",
    "zisnews.shared_pages.SharedPagesMiddleware",
    "zisnews.errors.ErrorPagesMiddleware",
    "zisnews.middleware.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "zisnews.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "zisnews.middleware.NoNulMiddleware",
    "zisnews.middleware.LargeFormsMiddleware",
    "zisnews.middleware.OwnPagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AccountLanguageMiddleware",
    "accounts.middleware.SessionsSeenMiddleware",
    "zisnews.middleware.CuratorsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "zisnews.urls"
WSGI_APPLICATION = "zisnews.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.preferences.in_templates",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", "postgres://postgres@localhost:5432/zisnews"),
        "ENGINE": "zisnews.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if env.str("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = {**DATABASES["default"], **env.dj_db_url("DATABASE_REPLICA_URL")}
    DATABASES["replica"]["ENGINE"] = DATABASES["default"]["ENGINE"]
    DATABASES["replica"]["OPTIONS"] = {"connect_timeout": 3, **DATABASES["replica"].get("OPTIONS", {})}
    DATABASE_ROUTERS = ["zisnews.replicas.Router"]
    MIDDLEWARE.append("zisnews.replicas.ReplicaMiddleware")

REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "zisnews.redis_cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("ZIS_CACHE_PREFIX", "zis"),
    }
}
SESSION_ENGINE = "zisnews.sessions"
MESSAGE_STORAGE = "zisnews.messages.RecentMessages"
CELERY_BROKER_URL = celery_broker(REDIS_URL)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# E-mail: addresses can only be confirmed where mail can be sent. Without EMAIL_URL mails are printed.
EMAIL_IS_CONFIGURED = bool(env.str("EMAIL_URL", ""))
_email = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"], _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = _email.get("DEFAULT_FROM_EMAIL") or f"ZisNews <noreply@{ALLOWED_HOSTS[0]}>"

# Accounts (allauth). By e-mail and password, by a code sent there, by passkey.
ACCOUNT_ADAPTER = "accounts.mails.AccountMails"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_IS_CONFIGURED else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = EMAIL_IS_CONFIGURED  # typed where one is: no link opens another browser
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True  # twice each
ACCOUNT_FORMS = {
    "confirm_email_verification_code": "accounts.account_forms.ConfirmAddressForm",
    "change_email": "accounts.account_forms.ChangeAddressForm",
}
# True and mandatory confirmation give nothing away, also where one adds an address. "strict" would let two accounts
# have one address, and ours is unique in the database.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # offered where mail can be sent: accounts.account_views.RequestLoginCode
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before addresses change
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_IS_CONFIGURED  # of every change to what one logs in with
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_USER_DISPLAY = "accounts.models.display_name_of"
# Counted by the true client address; while Redis is away nobody can log in (tests/test_security_tries.py).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "5/5m/key",
    "signup": "30/m/ip",  # forms sent; a mistake in one does not use up the next
    "signup_made": "5/h/ip",  # accounts asked for: accounts.sign_up_views.SignUp
    # Codes sent to an address. Three tries each: who does not read its mails guesses one of 60 in a million an hour.
    "confirm_email": "1/10s/key,20/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = EMAIL_IS_CONFIGURED  # with an address confirmed by a code
MFA_TOTP_ISSUER = "ZisNews"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong
MFA_FORMS = {
    "add_webauthn": "accounts.account_forms.AddPasskeyForm",
    "signup_webauthn": "accounts.account_forms.FirstPasskeyForm",
}
# Nobody comes this far with an address of somebody else: it is confirmed first, where mail can be sent. Otherwise a
# second factor would keep its owner from ever changing the address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_STORE_TOKENS = False

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("hy", _("Armenian")),
    ("ru", _("Russian")),
]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [
    BASE_DIR / "zisnews" / "locale",
    BASE_DIR / "zisnews" / "vendor_locale",  # what Django and allauth do not say in Armenian themselves
]
FORMAT_MODULE_PATH = "zisnews.formats"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
try:
    _pictures = picture_place(env.str("STORAGE_URL", ""), DATA_DIR)
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
MEDIA_URL, MEDIA_ROOT = _pictures.url, _pictures.root or ""
_collected = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": _pictures.backend,
    "staticfiles": {
        # Hashed names once `collectstatic` has run; straight from the tree before that (tests, first minutes).
        "BACKEND": "zisnews.staticfiles.HashedStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([_pictures.origin] if _pictures.origin else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *(LOGIN_SITES[name] for name in SOCIALACCOUNT_PROVIDERS)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
_prefix = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}session", f"{_prefix}csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
CSRF_FAILURE_VIEW = "zisnews.errors.csrf_failure"


LOGGING = logging_config(as_json=env.bool("LOG_JSON", not DEBUG), level=env.str("LOG_LEVEL", "INFO"))

if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    try:
        report_errors(SENTRY_DSN)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error
