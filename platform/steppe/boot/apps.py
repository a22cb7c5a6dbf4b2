from django.apps import AppConfig


class BootConfig(AppConfig):
    name = "steppe.boot"
    label = "boot"

    def ready(self) -> None:
        from steppe.boot import celery, checks  # noqa: F401  (register the application and the system checks)
