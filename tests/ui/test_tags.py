"""What the template tags write: shapes with words, masked by default, escaped always."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from steppe.ui.states import STATES


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def show(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("code", list(STATES))
def test_a_chip_has_a_shape_and_a_word(code: str) -> None:
    html = show("{% state_chip code %}", code=code)
    assert f'href="#i-s-{code}"' in html
    assert f"<span>{STATES[code].word}</span>" in html
    assert f"s-{code}" in html


def test_a_chip_takes_a_ticket() -> None:
    ticket = type("Ticket", (), {"state": "pooled"})()
    assert show("{% state_chip t %}", t=ticket) == show("{% state_chip 'pooled' %}")


def test_a_shape_alone_is_named_for_screen_readers() -> None:
    assert 'role="img" aria-label="On hold"' in show("{% state_icon 'on_hold' %}")


def test_an_unknown_state_is_an_error_and_not_an_empty_chip() -> None:
    with pytest.raises(KeyError):
        show("{% state_chip 'nonsense' %}")


@pytest.mark.parametrize(
    ("minutes", "mood", "words"),
    [(58, "is-fine", "58 min left"), (7, "is-soon", "7 min left"), (-18, "is-over", "18 min over")],
)
def test_a_countdown_is_calm_then_amber_then_over(minutes: int, mood: str, words: str) -> None:
    now = timezone.now()
    at = now + timedelta(minutes=minutes, seconds=30 if minutes > 0 else -30)
    html = show("{% due at 60 %}", at=at, server_now=now)
    assert f"due {mood}" in html
    assert words in html
    assert f'data-at="{int(at.timestamp() * 1000)}"' in html


def test_no_time_limit_is_a_dash() -> None:
    assert "—" in show("{% due None %}")


def test_a_phone_number_is_masked_unless_the_caller_says_otherwise() -> None:
    assert "138****0427" in show("{% phone '13800000427' %}")
    assert "13800000427" not in show("{% phone '13800000427' %}")
    assert 'href="tel:13800000427"' in show("{% phone '13800000427' True %}")


@pytest.mark.parametrize("tag", ["{% phone x True %}", "{% icon x %}", "{{ x|serial }}"])
def test_what_people_typed_is_escaped(tag: str) -> None:
    assert "<script" not in show(tag, x='"><script>alert(1)</script>')


def test_every_form_gets_a_key_of_its_own() -> None:
    assert show("{% idempotency %}") != show("{% idempotency %}")
    assert 'name="idempotency_key"' in show("{% idempotency %}")


class PhoneForm(forms.Form):
    phone = forms.CharField(label="Phone", help_text="With the area code")
    why = forms.ChoiceField(label="Why", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    form = PhoneForm({"phone": ""})
    html = show("{% field form.phone inputmode='tel' %}", form=form)
    assert '<label class="field-label" for="id_phone">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone-error id_phone-hint"' in html
    assert 'id="id_phone-error"' in html
    assert 'inputmode="tel"' in html
    assert "style=" not in html


def test_choices_become_buttons_in_a_named_group() -> None:
    html = show("{% field form.why look='cell' %}", form=PhoneForm())
    assert html.count('type="radio"') == 2
    assert "<legend" in html


def test_a_score_is_readable_without_seeing_stars() -> None:
    assert 'aria-label="4 of 5 stars"' in show("{% stars 4 %}")


def test_a_door_stays_on_one_line_and_nothing_in_an_address_is_believed() -> None:
    assert show("{{ a|address }}", a="新华小区 4-1-602") == '新华小区 <span class="door">4-1-602</span>'
    assert show("{{ a|address }}", a="<b> 1-2") == '&lt;b&gt; <span class="door">1-2</span>'
    assert show("{{ a|address }}", a=None) == ""


def test_a_place_without_words_says_that_it_is_a_point() -> None:
    assert show("{{ a|address }}", a="43.95630, 116.09860") == "Point on the map (43.95630, 116.09860)"


def test_a_branch_has_the_name_that_the_reader_can_read() -> None:
    branch = SimpleNamespace(name="锡林郭勒盟分公司", name_en="Xilingol branch")
    assert show("{{ b|branch_name }}", b=branch) == "Xilingol branch"
    assert show("{{ b|branch_name }}", b=SimpleNamespace(name="锡林郭勒盟分公司", name_en="")) == "锡林郭勒盟分公司"
    with translation.override("zh-hans"):
        assert show("{{ b|branch_name }}", b=branch) == "锡林郭勒盟分公司"
    assert show("{{ b|branch_name }}", b=None) == ""
