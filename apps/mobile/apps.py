from django.apps import AppConfig


class MobileConfig(AppConfig):
    name = "apps.mobile"
    label = "mobile"
    default_auto_field = "django.db.models.BigAutoField"
