from django.apps import AppConfig


class WeChatConfig(AppConfig):
    name = "apps.wechat"
    label = "wechat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.people import consents
        from apps.tickets import begun
        from apps.wechat import account_reads, subscribers, tasks  # noqa: F401  (register themselves)
        from apps.wechat.services.consents import Kept
        from apps.wechat.services.drafts import ChatDrafts
        from steppe.ui import badges

        badges.counted("wechat:guide", account_reads.in_trouble)
        begun.kept_by(ChatDrafts())
        consents.kept_by(Kept())
