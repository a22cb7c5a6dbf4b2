from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "apps.bi.access"
    label = "bi_access"
    default_auto_field = "django.db.models.BigAutoField"
