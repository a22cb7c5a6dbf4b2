from django.apps import AppConfig


class WeChatConfig(AppConfig):
    name = "apps.wechat"
    label = "wechat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.wechat import subscribers, tasks  # noqa: F401  (register themselves)
