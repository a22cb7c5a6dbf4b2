"""Code 128 (set B) as a picture, for scanners that read bars only. Pure.

Every sign is six widths of bar, gap, bar, gap, bar, gap: eleven modules; the stop has one bar more.
"""

from urllib.parse import quote

_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
WIDTHS = _TABLE.split()
START_B, STOP = 104, 106
QUIET = 10  # modules of white on both sides
LONGEST = 28  # signs that a label has room for; what is longer has its QR code


def signs(text: str) -> list[int]:
    """The numbers of the signs with start, check and stop. Raises ValueError for what set B has not."""
    values = [ord(letter) - 32 for letter in text]
    if not values or not all(0 <= value < 95 for value in values):
        raise ValueError("set B has letters, digits and signs of ASCII only")
    check = (START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    return [START_B, *values, check, STOP]


def drawn(text: str) -> str:
    """The bars as the source of an image; nothing for what does not fit."""
    if not 0 < len(text) <= LONGEST or not all(" " <= letter <= "~" for letter in text):
        return ""
    at, parts = QUIET, []
    for width in "".join(WIDTHS[sign] for sign in signs(text)):
        parts.append((at, int(width)))
        at += int(width)
    path = "".join(f"M{start} 0h{width}v30h-{width}z" for start, width in parts[::2])
    whole = at + QUIET
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} 30" preserveAspectRatio="none" '
        f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg)
