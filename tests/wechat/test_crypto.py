"""Tencent's published examples run against both sides, and the two sides read each other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wechat.rules.crypto import BadMessage, is_signed, jssdk_signature, open_sealed, signature
from sandbox import crypto as theirs

APPID, KEY, OTHER_KEY = "wxba5fad812f8e6fb9", "A" * 43, "B" * 42 + "E"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6Js"
    "XUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8Eaj"
    "AsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@pytest.mark.parametrize("sign", [signature, theirs.signature])
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("AAAAA", "1714112445", "415670741", SEALED), "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"),
    ],
)
def test_published_signatures_come_out(sign, parts, expected):
    assert sign(*parts) == expected


def test_the_published_message_opens_on_both_sides():
    ours = open_sealed(SEALED, keys=[KEY], appid=APPID)
    assert json.loads(ours)["Event"] == "debug_demo"
    assert theirs.decrypt(aes_key=KEY, appid=APPID, sealed=SEALED) == ours


@pytest.mark.parametrize("sign", [jssdk_signature, theirs.jssdk_signature])
def test_the_published_page_signature_comes_out(sign):
    given = {"noncestr": "Wm3WZYTPz0wzccnW", "ticket": TICKET, "url": "http://mp.weixin.qq.com?params=value"}
    assert sign(timestamp=1414587457, **given) == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@given(st.text(max_size=400))
def test_what_the_sandbox_seals_we_open(text):
    sealed = theirs.encrypt(aes_key=KEY, appid=APPID, text=text)
    assert open_sealed(sealed, keys=[KEY], appid=APPID) == text


def test_the_key_before_the_present_one_still_opens():
    sealed = theirs.encrypt(aes_key=OTHER_KEY, appid=APPID, text="old")
    assert open_sealed(sealed, keys=[KEY, OTHER_KEY], appid=APPID) == "old"


@pytest.mark.parametrize("appid", ["wx0000", "", APPID + "x"])
def test_a_message_for_another_account_does_not_open(appid):
    with pytest.raises(BadMessage):
        open_sealed(theirs.encrypt(aes_key=KEY, appid=APPID, text="x"), keys=[KEY], appid=appid)


@given(st.text(max_size=200))
def test_nonsense_is_one_kind_of_error(text):
    with pytest.raises(BadMessage):
        open_sealed(text, keys=[KEY, "short"], appid=APPID)


def test_an_account_without_a_token_has_signed_nothing():
    assert not is_signed(signature("", "1", "2"), token="", parts=("1", "2"))


def test_a_signature_of_other_letters_is_simply_wrong():
    assert not is_signed("签名", token="AAAAA", parts=("1", "2"))
    assert is_signed(signature("AAAAA", "1", "2"), token="AAAAA", parts=("1", "2"))
