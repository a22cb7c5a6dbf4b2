"""Addresses of this room. WeChat follows no redirect: no final slash anywhere."""

from django.urls import path

from apps.wechat import views
from apps.wechat.gateway.views import callback

app_name = "wechat"
urlpatterns = [
    path("wx/cb/<str:key>", callback, name="callback"),
    path("wx/auth/start", views.auth_start, name="auth-start"),
    path("wx/auth/done", views.auth_done, name="auth-done"),
    path("wx/jssdk/config", views.jssdk_config, name="jssdk-config"),
]
