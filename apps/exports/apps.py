from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "apps.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.exports.sources import audit, money, points, quality, settlement, stock, tickets, work

        for room in (tickets, quality, stock, settlement, points, work, money, audit):
            room.register_them()
