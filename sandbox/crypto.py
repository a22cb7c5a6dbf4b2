"""Signatures and message encryption of the server callback (WeChat doc: §1.1).

Written from Tencent's description alone, so that the product's library and this code check each other.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class CryptoError(Exception):
    """The text is not what the key and the appid say it should be."""


def signature(*parts: str) -> str:
    """sha1 over the sorted parts, as callback URLs and encrypted bodies are signed."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two signatures without telling by the time how far they agree."""
    return hmac.compare_digest(left.encode(), right.encode())


def jssdk_signature(*, noncestr: str, ticket: str, timestamp: str, url: str) -> str:
    """sha1 over the four values in WeChat's fixed order (WeChat doc: §1.9)."""
    text = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def encrypt(*, aes_key: str, appid: str, text: str, random: bytes | None = None) -> str:
    """Encrypt one message for the account."""
    return encrypt_bytes(aes_key=aes_key, appid=appid, message=text.encode(), random=random)


def encrypt_bytes(*, aes_key: str, appid: str, message: bytes, random: bytes | None = None) -> str:
    """The same for bytes that need not be text."""
    plain = (random or secrets.token_bytes(16)) + struct.pack(">I", len(message)) + message + appid.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(*, aes_key: str, appid: str, sealed: str) -> str:
    """Decrypt one message and make sure it was meant for this account."""
    try:
        decryptor = _cipher(aes_key).decryptor()
        padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    except (ValueError, binascii.Error) as error:
        raise CryptoError("not a whole number of blocks in base64") from error
    plain = _unpadded(padded)
    if len(plain) < 20:
        raise CryptoError("too short")
    (length,) = struct.unpack(">I", plain[16:20])
    message, receiver = plain[20 : 20 + length], plain[20 + length :]
    if receiver != appid.encode():
        raise CryptoError("meant for another appid")
    return message.decode()


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1] if padded else 0
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise CryptoError("wrong padding, so a wrong key")
    return padded[:-count]


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    if len(key) != 32:
        raise CryptoError("EncodingAESKey is not 43 characters of base64")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
