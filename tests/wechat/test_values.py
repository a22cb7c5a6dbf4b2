"""Whatever stands in a ticket, WeChat takes the card: no 47003."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wechat.rules import values
from apps.wechat.rules.cards import CARDS, FACTS, rendered, standard_templates
from sandbox.models import Keyword
from sandbox.values import is_allowed

KINDS = sorted(values.RULES)
anything = st.one_of(
    st.text(max_size=60), st.text("😀👍🏽\u200d\u2764\ufe0f\n\r\t，。abc宽带", max_size=60), st.integers(),
    st.datetimes(), st.none(),
)  # fmt: skip


@given(st.sampled_from(KINDS), anything)
def test_any_value_fits_any_type_of_key(kind, value):
    fitted = values.fit(f"{kind}3", value)["value"]
    assert fitted.strip()
    assert is_allowed(Keyword(f"{kind}3", "x"), fitted), (kind, fitted)


@given(anything)
def test_a_type_we_have_never_heard_of_gets_a_short_text(value):
    assert 0 < len(values.fit("novelty7", value)["value"]) <= 20


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("thing2", "宽带故障", "宽带故障"),
        ("thing2", "锡林浩特市区第一网格 · 白桦小区东门旁边的平房", "锡林浩特市区第一网格 · 白桦小区东门…"),
        ("thing2", "no\nlight 😀 on", "no light on"),
        ("character_string1", "XL-2026-000123", "XL-2026-000123"),
        ("character_string1", "工单 A 1", "A1"),
        ("phrase5", "待抢单", "待抢单"),
        ("phrase5", "accepted", "工单"),
        ("time4", datetime(2026, 11, 23, 10, 5, tzinfo=UTC), "2026年11月23日 18:05"),
        ("time4", "2026-11-23T10:05:00+00:00", "2026年11月23日 18:05"),
        ("time4", "yesterday", "00:00"),
        ("amount2", "about 12.50 yuan", "12.50元"),
    ],
)
def test_values_read_as_a_person_expects(key, value, expected):
    assert values.fit(key, value) == {"value": expected}


def test_every_card_has_a_template_with_known_facts():
    made = standard_templates("wx1")
    assert set(made) == set(CARDS)
    for template in made.values():
        assert set(template["keywords"]) <= set(FACTS)
        assert set(rendered(template["keywords"], {})) == set(template["keywords"].values())
