"""Sentences for what the rules of an account, its templates and its menu complain about. Each names its field."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise
_BY_FIELD: dict[tuple[str, str], Word] = {
    ("appid", "missing"): _("The appid is missing. WeChat shows it under 设置与开发 → 基本配置."),
    ("appid", "form"): _("An appid is “wx” and 16 digits or small letters from a to f."),
    ("original_id", "missing"): _("The original id is missing. WeChat shows it under 公众号设置 → 帐号详情."),
    ("original_id", "form"): _("An original id is “gh_” and about 12 digits or small letters."),
    ("name", "missing"): _("The name of the account is missing."),
    ("name", "form"): _("The name is longer than 60 characters."),
    ("app_secret", "anew"): _("Another account needs its own AppSecret: please enter it."),
    ("app_secret", "form"): _("An AppSecret has exactly 32 letters and digits."),
    ("app_secret", "weak"): _("This AppSecret repeats the same few characters. Please copy it from WeChat again."),
    ("token", "anew"): _("Another account needs a token: enter one or take the suggestion."),
    ("token", "form"): _("The token must have 16 to 32 letters and digits, nothing else."),
    ("token", "weak"): _("This token repeats the same few characters and could be guessed. Take the suggestion."),
    ("aes_key", "anew"): _("Another account needs an AES key: enter one or take the suggestion."),
    ("aes_key", "missing"): _("The AES key is missing: enter one or take the suggestion."),
    ("aes_key", "form"): _("An AES key has exactly 43 letters and digits."),
    ("aes_key", "weak"): _("This AES key repeats the same few characters and could be guessed. Take the suggestion."),
    ("aes_key", "same"): _("This is the AES key that is in use already. Please enter another one."),
    ("file_name", "form"): _("The file must keep WeChat's name: MP_verify_, 16 letters or digits, .txt."),
    ("file_name", "many"): _("Five files are kept already. Remove one that is not needed any more."),
    ("content", "form"): _("The file's content is one word of letters and digits, as WeChat made it."),
    ("menu", "none"): _("A menu has at least one button."),
    ("menu", "many"): _("A menu has at most three buttons."),
    ("library_number", "form"): _("A library number has two to eight digits, as WeChat's library shows it."),
}
_BY_RULE: dict[str, Word] = {
    "missing": _("The button needs a name."),
    "wide": _("A phone shows four Chinese characters of this name, or eight Latin ones. Please shorten it."),
    "wide_below": _("A phone shows seven Chinese characters of this name, or fourteen Latin ones. Please shorten it."),
    "many_below": _("A button holds at most five entries."),
    "page": _("Please choose one of the pages of this site."),
    "address": _("Please choose a page of this site, or give a complete address that begins with https://."),
    "unknown_card": _("There is no such card."),
    "no_id": _("Please choose a template."),
    "not_in_pool": _("The account has no such template (any more). Fetch the templates again, then choose."),
    "no_keywords": _("No keyword is filled. Say for each keyword which fact it shows."),
    "unknown_fact": _("There is no such fact."),
    "no_such_keyword": _("The template has no such keyword."),
    "unknown_type": _("We cannot fill this type of keyword. Choose a template with other keywords."),
    "wrong_type": _("This keyword cannot show this fact: it would be cut or empty. Choose another fact."),
    "twice": _("Two facts stand in one keyword. Each needs its own."),
    "left_empty": _("WeChat refuses a card with an empty keyword. Say which fact it shows."),
}


def sentence(field: str, rule: str) -> str:
    """The words for a broken rule of a field."""
    return str(_BY_FIELD.get((field, rule)) or _BY_RULE.get(rule) or rule)
