from django.apps import AppConfig


class BootConfig(AppConfig):
    name = "steppe.boot"
    label = "boot"

    def ready(self) -> None:
        from steppe.boot import checks  # noqa: F401  (registers the system checks)
