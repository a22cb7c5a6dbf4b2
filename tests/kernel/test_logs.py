"""No phone number and no secret in a log line, in whatever shape it comes."""

import pytest

from steppe.boot.logs import scrub


@pytest.mark.parametrize(
    "line",
    [
        "GET /sns?appid=wx1&secret=CNRYs3&js_code=CNRYc",
        '{"access_token": "CNRYtoken", "expires_in": 7200}',
        "{'app_secret': 'CNRYs'}",
        "openid=CNRYopen",
        "call 13900001234",
    ],
)
def test_secrets_are_struck_out(line: str) -> None:
    assert "CNRY" not in scrub(line) and "13900001234" not in scrub(line)


def test_an_error_code_is_no_secret() -> None:
    assert scrub("errcode=40001") == "errcode=40001"
