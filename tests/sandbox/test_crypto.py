"""Tencent's published examples, and what must not pass."""

import json

import pytest

from sandbox.crypto import CryptoError, decrypt, encrypt, jssdk_signature, signature

TOKEN = "AAAAA"
AES_KEY = "A" * 43
APPID = "wxba5fad812f8e6fb9"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVza"
    "zhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwK"
    "SqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_urls_are_signed_as_tencent_does(timestamp: str, nonce: str, expected: str) -> None:
    assert signature(TOKEN, timestamp, nonce) == expected


def test_an_encrypted_body_is_signed_as_tencent_does() -> None:
    expected = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    assert signature(TOKEN, "1714112445", "415670741", SEALED) == expected


def test_tencents_example_is_decrypted() -> None:
    assert json.loads(decrypt(aes_key=AES_KEY, appid=APPID, sealed=SEALED))["Event"] == "debug_demo"


def test_a_reply_is_encrypted_and_signed_as_tencent_does() -> None:
    sealed = encrypt(aes_key=AES_KEY, appid=APPID, text='{"demo_resp":"good luck"}', random=b"707722b803182950")
    expected = "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    assert signature(TOKEN, "1713424427", "415670741", sealed) == expected


def test_a_page_is_signed_as_tencent_does() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    made = jssdk_signature(
        noncestr="Wm3WZYTPz0wzccnW",
        ticket=ticket,
        timestamp="1414587457",
        url="http://mp.weixin.qq.com?params=value",
    )
    assert made == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 300, 2048])
def test_every_length_comes_back(size: int) -> None:
    text = "格" * size
    sealed = encrypt(aes_key=AES_KEY, appid=APPID, text=text)
    assert decrypt(aes_key=AES_KEY, appid=APPID, sealed=sealed) == text


def test_a_message_for_another_account_is_refused() -> None:
    with pytest.raises(CryptoError, match="another appid"):
        decrypt(aes_key=AES_KEY, appid="wx0000000000000000", sealed=SEALED)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", SEALED[:-8]])
def test_damaged_text_is_refused(sealed: str) -> None:
    with pytest.raises(CryptoError):
        decrypt(aes_key=AES_KEY, appid=APPID, sealed=sealed)


def test_a_wrong_key_is_refused() -> None:
    with pytest.raises(CryptoError):
        decrypt(aes_key="B" * 43, appid=APPID, sealed=SEALED)
