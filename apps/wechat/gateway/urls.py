"""Headquarters' addresses of this room; those of the central host stand in steppe.boot.urls_auth."""

from django.urls import path

from apps.wechat.gateway import office

app_name = "shared"
urlpatterns = [
    path("", office.accounts, name="accounts"),
    path("<int:account_id>/", office.account, name="account"),
    path("<int:account_id>/rotation/", office.end_rotation, name="rotation"),
    path("<int:account_id>/switch/", office.switch, name="switch"),
    path("<int:account_id>/branches/", office.members, name="members"),
    path("<int:account_id>/templates/", office.templates, name="templates"),
    path("<int:account_id>/file/", office.put_file, name="file"),
    path("<int:account_id>/file-remove/", office.drop_file, name="file-remove"),
    path("<int:account_id>/menu/", office.menu, name="menu"),
]
