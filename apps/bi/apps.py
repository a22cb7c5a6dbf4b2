from django.apps import AppConfig


class BiConfig(AppConfig):
    name = "apps.bi"
    label = "bi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.bi import following  # noqa: F401  (registers itself)
