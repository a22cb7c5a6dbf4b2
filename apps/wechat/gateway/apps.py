from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "apps.wechat.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"
