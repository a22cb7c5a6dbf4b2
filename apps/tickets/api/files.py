"""Addresses of the files themselves, below /files/."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.tickets.api.photos import photo_file, photo_small

app_name = "files"
urlpatterns = [
    path("photos/<public:public_id>", photo_file, name="photo"),
    path("photos/<public:public_id>/small", photo_small, name="photo-small"),
]
