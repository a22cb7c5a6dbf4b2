"""In production: every secret from the environment, HTTPS, `__Host-` cookies."""

from steppe.boot.settings import env
from steppe.boot.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = env.text("STEPPE_SECRET_KEY")
STEPPE_FIELD_KEY = env.text("STEPPE_FIELD_KEY")
STEPPE_SCHEME = "https"
STEPPE_STYLEGUIDE = False
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # steppe.ui.middleware sends X-Frame-Options beside its CSP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
