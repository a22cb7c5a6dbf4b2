"""Invented people. Phone numbers begin with 126, a range no operator was given. Pure, and the same on every machine."""

from random import Random

MONGOLIAN = (
    (
        "巴特尔 乌云娜 苏日娜 那仁满都拉 格日勒图 萨仁高娃 阿拉坦 宝音 其木格 朝鲁 德力格尔 哈斯 娜仁花 孟和 乌力吉 "
        "图雅 布和 斯琴 額尔敦 呼和 阿茹娜 苏和 巴雅尔 奥云 毕力格 吉日嘎拉 通拉嘎 满都拉"
    )
    .replace("額", "额")
    .split()
)
SURNAMES = [
    "李",
    "王",
    "张",
    "赵",
    "刘",
    "陈",
    "杨",
    "郭",
    "孙",
    "马",
    "高",
    "林",
    "何",
    "郑",
    "罗",
    "宋",
    "韩",
    "唐",
    "冯",
    "于",
]
GIVEN = [
    "强",
    "敏",
    "伟",
    "芳",
    "磊",
    "静",
    "军",
    "丽",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "霞",
    "明",
    "秀英",
    "建国",
    "晓东",
    "玉兰",
    "志刚",
    "海燕",
    "春梅",
    "文斌",
    "小红",
]


class People:
    """A stream of invented names and numbers; the same seed gives the same people."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._numbers: set[str] = set()

    def name(self) -> str:
        """About a third carry a Mongolian name."""
        if self._random.random() < 0.35:
            return self._random.choice(MONGOLIAN)
        return self._random.choice(SURNAMES) + self._random.choice(GIVEN)

    def phone(self) -> str:
        """A number that nobody has, given out once."""
        while True:
            number = f"126{self._random.randrange(10**8):08d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number
