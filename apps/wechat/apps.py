from django.apps import AppConfig


class WeChatConfig(AppConfig):
    name = "apps.wechat"
    label = "wechat"
    default_auto_field = "django.db.models.BigAutoField"
