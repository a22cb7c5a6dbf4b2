"""The little map: a name stands in its own field, and nobody stands on a name."""

from random import Random

import pytest

from apps.console.mapping import Seat, Spot, draw

SEATS = [
    Seat("a", "苏尼特左", 43.86, 113.65), Seat("b", "阿巴嘎", 44.02, 114.95), Seat("c", "锡林浩特", 43.93, 116.09),
    Seat("d", "正蓝", 42.24, 115.99), Seat("e", "西乌珠穆沁", 44.58, 117.6), Seat("f", "苏尼特右", 42.74, 112.65),
]  # fmt: skip
PLACES = {
    marker.top.name: (marker.x, marker.y)
    for marker in draw(SEATS, [Spot(s.lat, s.lng, s.name) for s in SEATS], []).markers
}
MANY = pytest.mark.parametrize("seed", range(30))


def spots(chance: Random, count: int) -> list[Spot]:
    return [Spot(chance.uniform(42, 45), chance.uniform(112.5, 118), str(n), "pooled") for n in range(count)]


@MANY
def test_nobody_stands_on_a_name(seed: int) -> None:
    chance = Random(seed)
    drawing = draw(SEATS, spots(chance, 8), spots(chance, 25))
    for label in drawing.seat_labels:
        for x, y in drawing.people:
            assert abs(x - label.x) > len(label.text) * 5 or not label.y - 10 < y < label.y + 3


@MANY
def test_a_name_stands_in_its_own_field(seed: int) -> None:
    for label in draw(SEATS, spots(Random(seed), 25), []).seat_labels:
        away = {name: (label.x - x) ** 2 + (label.y - 4 - y) ** 2 for name, (x, y) in PLACES.items()}
        assert min(away, key=lambda name: away[name]) == label.text
