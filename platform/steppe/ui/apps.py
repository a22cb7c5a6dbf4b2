"""The pages' foundation: tokens, components, template tags, live elements. No models."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Everything two rooms' pages share."""

    name = "steppe.ui"
    label = "ui"
