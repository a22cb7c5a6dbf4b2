"""Settings shared by every way of running. Secrets and addresses come from the environment (docs/running.md)."""

import os
from pathlib import Path

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from steppe.boot.settings import env

BASE_DIR = Path(__file__).resolve().parents[4]
DATA_DIR = Path(env.text("STEPPE_DATA_DIR", str(BASE_DIR / ".data")))

# -- where we are reached ------------------------------------------------------------------------------------
STEPPE_BASE_DOMAIN = env.text("STEPPE_BASE_DOMAIN", "localhost")
STEPPE_SCHEME = env.text("STEPPE_SCHEME", "http")
STEPPE_WEB_PORT = env.number("STEPPE_WEB_PORT", 8000)
STEPPE_REALTIME_PORT = env.number("STEPPE_REALTIME_PORT", 8001)
STEPPE_SANDBOX_PORT = env.number("STEPPE_SANDBOX_PORT", 8002)
# The one host where WeChat's shared accounts are at home: no branch, no session (docs/running.md).
STEPPE_AUTH_HOST = env.text("STEPPE_AUTH_HOST", f"auth.{STEPPE_BASE_DOMAIN}").lower()
ALLOWED_HOSTS = [f".{STEPPE_BASE_DOMAIN}", STEPPE_AUTH_HOST]
USE_X_FORWARDED_HOST = False
STEPPE_TRUSTED_PROXIES = env.networks("STEPPE_TRUSTED_PROXIES")  # whose X-Forwarded-For we believe

# -- outside parts -------------------------------------------------------------------------------------------
STEPPE_VALKEY_URL = env.text("STEPPE_VALKEY_URL", "redis://127.0.0.1:6379")
_valkey = STEPPE_VALKEY_URL.rstrip("/")
STEPPE_WECHAT_ROOT = env.text("STEPPE_WECHAT_ROOT", "https://api.weixin.qq.com")
STEPPE_WECHAT_OPEN_ROOT = env.text("STEPPE_WECHAT_OPEN_ROOT", "https://open.weixin.qq.com")
STEPPE_WECOM_ROOT = env.text("STEPPE_WECOM_ROOT", "https://qyapi.weixin.qq.com")
STEPPE_SMS_ROOT = env.text("STEPPE_SMS_ROOT", "https://sms.tencentcloudapi.com")
STEPPE_JSSDK_URL = env.text("STEPPE_JSSDK_URL", "https://res.wx.qq.com/open/js/jweixin-1.6.0.js")
STEPPE_WECHAT_SANDBOX = env.flag("STEPPE_WECHAT_SANDBOX", False)  # allows a root that is not Tencent's
STEPPE_WECHAT_PER_SECOND = env.number("STEPPE_WECHAT_PER_SECOND", 20)  # messages of one account; twice as many at once
STEPPE_PARTNERS_LOOPBACK = env.flag("STEPPE_PARTNERS_LOOPBACK", False)  # demo and tests: events to this machine

DATABASE = "postgresql://postgres@127.0.0.1:5432/steppe"
DATABASES = {
    "default": {
        "ENGINE": "steppe.kernel.postgres",
        **env.database("STEPPE_DATABASE_URL", DATABASE),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,  # the engine looks itself, without a round trip
        "OPTIONS": {
            "prepare_threshold": 3,  # only for what steppe.kernel.db.prepared surrounds
            "pool": {"min_size": 1, "max_size": 10, "timeout": 5, "max_lifetime": 900, "max_idle": 120},
            "options": "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000",
        },
    }
}
# host:port at which BI tools reach the database, or a copy of it that only reads (docs/bi.md); shown on the page 连接.
STEPPE_BI_DATABASE = env.text("STEPPE_BI_DATABASE", env.address("STEPPE_DATABASE_URL", DATABASE))
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# -- branches ------------------------------------------------------------------------------------------------
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True  # right only with django-tenants >= 4.0.1; tests/tenancy keeps it so
PUBLIC_SCHEMA_URLCONF = "steppe.boot.urls_public"
ROOT_URLCONF = "steppe.boot.urls_tenant"
STEPPE_AUTH_URLCONF = "steppe.boot.urls_auth"

# Rooms that live in both kinds of schema: a written list and nothing else (checked by steppe.boot.checks).
BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "apps.people.accounts",
    "apps.bi.access",  # tokens and readers: of a branch's people, of headquarters' people (decision 14)
    "steppe.kernel.journal",
]
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "django_celery_beat",
    "apps.headquarters",
    "apps.wechat.gateway",
    "apps.bi.centre",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "steppe.ui",
    *BOTH,
]
TENANT_APPS = [
    *BOTH,
    "apps.people",
    "apps.tickets",
    "apps.inventory",
    "apps.costing",
    "apps.exports",
    "apps.wechat",
    "apps.partners",
    "apps.bi",
    "apps.console",
    "apps.mobile",
    "realtime",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS), "steppe.boot"]

MIDDLEWARE = [
    "steppe.boot.health.HealthMiddleware",
    "steppe.ui.middleware.SecurityHeadersMiddleware",  # so high, that refusals below carry them too
    "whitenoise.middleware.WhiteNoiseMiddleware",  # asks for no branch: a closed one's page has its style too
    "tenants.middleware.BranchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.people.middleware.ActorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "steppe.boot.refusals.RefusalMiddleware",
]

# -- people --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"

# -- cookies: host-only, never a parent domain ---------------------------------------------------------------
SESSION_ENGINE = "steppe.kernel.sessions"
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "steppe.boot.refusals.csrf_failure"

# -- cache, channel layer, queue: hints and copies, never truth ----------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{_valkey}/0",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": f"{_valkey}/1", "socket_timeout": None}], "prefix": "steppe"},
    }
}
CELERY_BROKER_URL = f"{_valkey}/2"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "wechat.*": {"queue": "urgent"},
    "tickets.*": {"queue": "urgent"},
    "exports.*": {"queue": "reports"},  # long, and nobody waits at the screen for the others
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 3
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "sweep-branches": {
        "task": "tenants.fan_out",
        "schedule": 3.0,
        # the database scheduler knows `expire_seconds`; it drops `expires` without a word
        "options": {"headers": {"_schema_name": "public"}, "expire_seconds": 3},
    },
    "route-shared": {
        "task": "wechat.route_shared",
        "schedule": 10.0,
        "options": {"headers": {"_schema_name": "public"}, "expire_seconds": 10},
    },
    "tidy-branches": {
        "task": "tenants.fan_out_nightly",
        "schedule": crontab(hour=3, minute=20),
        "options": {"headers": {"_schema_name": "public"}, "expire_seconds": 3600},
    },
}

# -- words and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- pages and files -----------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "steppe.ui.context.page",
            ]
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [path for path in [BASE_DIR / "build" / "static"] if path.exists()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "steppe.ui.bundles.BundleFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "steppe.ui.storage.HashedStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1200  # the largest type a branch may make has about 1,100 inputs in its editor

# -- mail: reports that go out at their time (docs/running.md); without a host there is none ------------------
STEPPE_MAIL_HOST = os.environ.get("STEPPE_MAIL_HOST", "")
STEPPE_MAIL_FROM = os.environ.get("STEPPE_MAIL_FROM", "")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = STEPPE_MAIL_HOST, env.number("STEPPE_MAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("STEPPE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("STEPPE_MAIL_PASSWORD", "")
_mail_security = env.one_of("STEPPE_MAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail_security == "starttls", _mail_security == "tls"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = STEPPE_MAIL_FROM

# -- the API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["steppe.kernel.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # services authorise; the matrix proves it
    "DEFAULT_RENDERER_CLASSES": ["steppe.kernel.api.renderers.JSON"],
    "DEFAULT_PARSER_CLASSES": ["steppe.kernel.api.parsers.StrictJSON"],
    "DEFAULT_SCHEMA_CLASS": "steppe.kernel.api.schema.Schema",
    "EXCEPTION_HANDLER": "steppe.kernel.api.error_handler.problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Steppe 格派",
    "DESCRIPTION": "Field-service dispatch: report, pool, push, grab, work, callback.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "steppe.boot.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        # It writes whole addresses, and WeChat's carry tokens and secrets.
        "urllib3": {"level": "ERROR"},
        # A name it misses makes it write the whole page's context, with everything a person is shown.
        "django.template": {"level": "INFO"},
    },
}
