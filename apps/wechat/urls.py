"""Addresses of this room. WeChat follows no redirect: no final slash anywhere."""

from django.urls import path

from apps.wechat import code_urls, desk_urls, identity_urls
from apps.wechat.gateway.views import callback
from apps.wechat.views import hand_over, media, sdk, sign_in

app_name = "wechat"
urlpatterns = [
    path("wx/cb/<str:key>", callback, name="callback"),
    path("wx/auth/start", sign_in.auth_start, name="auth-start"),
    path("wx/auth/done", sign_in.auth_done, name="auth-done"),
    path("wx/auth/finish", hand_over.auth_finish, name="auth-finish"),
    path("wx/media", media.take, name="media"),
    path("wx/jssdk/config", sdk.jssdk_config, name="jssdk-config"),
    *code_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *identity_urls.urlpatterns,
]
