from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "apps.tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.tickets import events, seeds, sweeps, tasks  # noqa: F401  (register themselves)
