from django.apps import AppConfig


class CostingConfig(AppConfig):
    name = "apps.costing"
    label = "costing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.costing import (  # noqa: F401  (register themselves)
            events,
            rule_tasks,
            seeds,
            settlement_events,
            settlement_read,
            settlement_tasks,
            subscribers,
            subscribers_money,
            tasks_money,
        )
        from apps.tickets import settled

        settled.told_by(settlement_read.unsettled)
