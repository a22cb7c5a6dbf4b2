from django.apps import AppConfig


class HeadquartersConfig(AppConfig):
    name = "apps.headquarters"
    label = "headquarters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.headquarters import (  # noqa: F401  (register themselves)
            months_subscribers,
            months_tasks,
            subscribers,
            tasks,
        )
