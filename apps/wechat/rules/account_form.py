"""What an account's own data look like (WeChat doc: §1.1, §1.3, §3.7). Pure: rules by name, their words in words.py."""

import re
from collections.abc import Mapping

SECRETS = ("app_secret", "token", "aes_key")
PLAIN = ("appid", "original_id", "name")
FORMS: dict[str, str] = {
    "appid": r"wx[0-9a-f]{16}",
    "original_id": r"gh_[0-9a-z]{8,20}",
    "name": r".{1,60}",
    "app_secret": r"[0-9a-zA-Z]{32}",
    # WeChat takes a token from three characters on; a short one can be guessed.
    "token": r"[0-9a-zA-Z]{16,32}",
    "aes_key": r"[0-9a-zA-Z]{43}",
}
FEWEST_SIGNS = 6  # fewer different characters than that are nobody's chance
FILE_NAME = re.compile(r"MP_verify_[0-9A-Za-z]{16}\.txt")
_FILE_CONTENT = re.compile(r"[0-9A-Za-z]{1,64}")
MOST_FILES = 5


def judge(given: Mapping[str, str], *, known: bool) -> dict[str, str]:
    """Field to broken rule: `missing`, `form`, `weak`, or `anew`: a new account needs each of its secrets.

    `known`: it is the account we have, so an empty secret keeps what is there.
    """
    rules = {field: _rule(field, given.get(field, "")) for field in (*PLAIN, *SECRETS)}
    for field in SECRETS:
        if rules[field] == "missing":
            rules[field] = "" if known else "anew"
    return {field: rule for field, rule in rules.items() if rule}


def judge_key(aes_key: str, *, present: str) -> dict[str, str]:
    """The same for an AES key alone, which must be another one than the present."""
    rule = _rule("aes_key", aes_key) or ("same" if aes_key == present else "")
    return {"aes_key": rule} if rule else {}


def judge_file(name: str, content: str, *, kept: int) -> dict[str, str]:
    """A proof of the domain: its exact name, one word as content, not too many of them."""
    if not FILE_NAME.fullmatch(name):
        return {"file_name": "form"}
    if not _FILE_CONTENT.fullmatch(content):
        return {"content": "form"}
    return {"file_name": "many"} if kept >= MOST_FILES else {}


def _rule(field: str, value: str) -> str:
    if not value:
        return "missing"
    if not re.fullmatch(FORMS[field], value):
        return "form"
    return "weak" if field in SECRETS and len(set(value)) < FEWEST_SIGNS else ""
