"""The style guide renders whole, in both languages, and only where it may."""

from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory, override_settings
from django.utils import translation

from steppe.ui import views

HERE = {"ROOT_URLCONF": "steppe.ui.urls", "ALLOWED_HOSTS": ["*"], "STEPPE_STYLEGUIDE": True, "DEBUG": False}


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def page(name: str, **query: str) -> str:
    return views.styleguide(RequestFactory().get("/styleguide/", query), page=name).content.decode()


@override_settings(**HERE)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", views.PAGES)
def test_every_page_of_the_guide_renders(name: str, language: str) -> None:
    with translation.override(language):
        html = page(name)
    assert "<main" in html
    assert "<h1" in html
    assert "style=" not in html
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in html


@override_settings(**HERE)
def test_a_theme_may_be_fixed_by_the_address() -> None:
    assert 'data-theme="dark" data-text="large" data-theme-fixed data-text-fixed' in page(
        "pool", theme="dark", text="large"
    )
    assert 'data-theme="auto"' in page("pool", theme="<script>")


@override_settings(**HERE)
def test_the_guide_is_not_there_in_production() -> None:
    with override_settings(STEPPE_STYLEGUIDE=False), pytest.raises(Http404):
        page("console")
    with pytest.raises(Http404):
        page("nonsense")
