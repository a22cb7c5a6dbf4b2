from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "apps.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.people import sweeps  # noqa: F401  (register themselves)
