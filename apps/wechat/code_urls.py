"""Printed QR codes: the pages of who keeps them, below /console/wechat/codes/."""

from django.urls import path

from apps.wechat.views import codes

urlpatterns = [
    path("console/wechat/codes/", codes.page, name="codes"),
    path("console/wechat/codes/print", codes.sheet, name="codes-sheet"),
    path("console/wechat/codes/<int:scene_id>/draw/", codes.draw, name="code-draw"),
    path("console/wechat/codes/<int:scene_id>/withdraw/", codes.withdraw, name="code-withdraw"),
]
