from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "apps.bi.centre"
    label = "bi_centre"
    default_auto_field = "django.db.models.BigAutoField"
