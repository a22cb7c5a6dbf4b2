from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.inventory import events, seeds, tasks  # noqa: F401  (register themselves)
        from apps.inventory.services import with_ticket
        from apps.tickets import company

        company.walks_along(with_ticket.STEPS, with_ticket.settle)
