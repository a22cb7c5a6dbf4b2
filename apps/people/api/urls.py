"""Addresses of this room."""

app_name = "people-api"
urlpatterns: list = []
