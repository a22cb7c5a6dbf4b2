"""`{% fixed %}`: rendered once for each language, and never for what could say something else to somebody else."""

from typing import Any

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError, engines
from django.utils.translation import override, pgettext

LOADED = "{% load fixed i18n ui static %}"


def engine() -> Engine:
    found: Any = engines["django"]
    return found.engine


def template(inside: str) -> Template:
    return engine().from_string(f"{LOADED}{{% fixed %}}{inside}{{% endfixed %}}")


def test_it_says_what_it_would_say_without(rf: Any) -> None:
    inside = '<p>{% trans "Search" context "button" %}{% icon "search" %}</p>'
    plain = engine().from_string(LOADED + inside)
    for language in ("zh-hans", "en"):
        with override(language):
            assert template(inside).render(Context()) == plain.render(Context())


def test_each_language_has_its_own_and_the_second_reader_gets_the_same() -> None:
    page = template('{% trans "Search" context "button" %}')
    said: dict[str, set[str]] = {}
    for language in ("zh-hans", "en", "zh-hans", "en"):
        with override(language):
            said.setdefault(language, set()).add(page.render(Context()))
            assert said[language] == {pgettext("button", "Search")}
    assert said["zh-hans"] != said["en"]


@pytest.mark.parametrize(
    "inside",
    [
        "{{ actor.name }}",
        "{% if actor %}a{% endif %}",
        "{% for one in rows %}a{% endfor %}",
        "{% csrf_token %}",
        "{% trans word %}",
        '{% trans "Search" as word %}',
        "{% icon name %}",
        '{% icon "search"|lower %}',
        "{% include name %}",
        '{% include "ui/_settings_menu.html" %}',
        '{% include "ui/_confirm.html" with a=b %}',
        "{% url 'console:ticket' one %}",
        "{% block more %}{% endblock %}",
        "{% idempotency %}",
    ],
)
def test_what_could_change_is_refused_when_the_page_is_read(inside: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="may not be fixed"):
        template(inside)
