"""The guide in words: what each step is for, how it stands, what an answer of WeChat asks one to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise
TITLES: dict[str, Word] = {
    "keys": _("The account's keys"),
    "token": _("Connection and IP list"),
    "callback": _("WeChat reports to us"),
    "domains": _("Domains"),
    "templates": _("Cards"),
    "menu": _("Menu below the chat"),
    "card": _("A test card to yourself"),
}
STANDS: dict[str, Word] = {
    "good": pgettext_lazy("step", "Works"),
    "todo": pgettext_lazy("step", "To do"),
    "doubt": pgettext_lazy("step", "Look again"),
    "wrong": pgettext_lazy("step", "Does not work"),
}
# Symbols of the sprite: the shape says it too.
SHAPES = {"good": "s-closed", "todo": "s-submitted", "doubt": "due", "wrong": "overdue"}
SENTENCES: dict[tuple[str, str], Word] = {
    ("keys", "empty"): _("Enter what WeChat shows under 设置与开发 → 基本配置."),
    ("keys", "good"): _("Entered. Secrets are sealed; nobody can read them here again."),
    ("keys", "off"): _("The account is switched off: nothing is sent and nothing is heard."),
    ("keys", "two_keys"): _(
        "Two AES keys are accepted. Enter the new one at WeChat now; messages with either key arrive."
    ),
    ("keys", "two_keys_proved"): _("WeChat was set up again after the change. You can take the former AES key out."),
    ("token", "untried"): _("Not tried yet. The test asks WeChat for an access token."),
    ("token", "good"): _("WeChat gives us access tokens."),
    ("callback", "waiting"): _("WeChat has not proved the address yet. Enter it there and press 提交."),
    ("callback", "reached"): _(
        "WeChat reaches our host. It has not proved the address yet: enter it there, press 提交."
    ),
    ("callback", "good"): _("WeChat has proved the address."),
    ("domains", "empty"): _("No domain file yet. WeChat gives you one when you enter a domain."),
    ("domains", "untried"): _("Files are kept. Check that they are served."),
    ("domains", "good"): _("Every file is served at the root of this host."),
    ("templates", "empty"): _("No card has a template yet. Fetch them, then choose."),
    ("templates", "some"): _("Some cards have no template; those go by the other ways to a phone."),
    ("templates", "broken"): _("WeChat refused a card's template. It is switched off until somebody sets it up anew."),
    ("templates", "good"): _("Every card has its template."),
    ("menu", "untried"): _("Not published from here yet."),
    ("menu", "differs"): _("WeChat shows another menu than the one kept here. Publish it, or compare."),
    ("menu", "good"): _("WeChat shows this menu. Phones follow within a few minutes."),
    ("card", "untried"): _("Not tried yet."),
    ("card", "good"): _("WeChat has taken the card. Look at your phone."),
}
LATER = _("Comes after the keys.")
# Advice: what is wrong, what to do.
ADVICE: dict[str, tuple[Word, Word]] = {
    "40164": (
        _("Our server's address is not in the account's IP list."),
        _("Copy the address below into 设置与开发 → 基本配置 → IP白名单, save it there, wait a minute and test again."),
    ),
    "61004": (
        _("Our server's address is not registered."),
        _("Copy the address below into the IP list at WeChat, wait a minute and test again."),
    ),
    "40125": (
        _("WeChat does not know this AppSecret."),
        _(
            "Copy the AppSecret again, or reset it at WeChat and enter the new one in step "
            "1. It is shown there only once."
        ),
    ),
    "40001": (
        _("WeChat does not take our access token."),
        _(
            "Another system may use the same account. Test again; if it stays, reset the "
            "AppSecret and enter the new one in step 1."
        ),
    ),
    "40013": (
        _("WeChat does not know this appid."),
        _("Compare the appid of step 1 with 设置与开发 → 基本配置, letter by letter."),
    ),
    "40243": (
        _("The AppSecret is frozen."),
        _("Unfreeze or reset it at WeChat under 设置与开发 → 基本配置, then enter it in step 1."),
    ),
    "89503": (
        _("WeChat thinks the call is risky and has asked the account's administrator."),
        _(
            "The administrator confirms the call in WeChat on the phone. A refusal blocks us "
            "for an hour, so test again only after that."
        ),
    ),
    "45009": (
        _("The account has used up its calls of this day."),
        _(
            "It goes on after midnight. If it must be today, reset the count at WeChat under "
            "接口权限; WeChat allows that ten times a month."
        ),
    ),
    "45011": (_("Too many calls in this minute."), _("Wait a minute, then try again.")),
    "45026": (
        _("The account has 25 templates already, which is the most."),
        _("Delete one at WeChat under 模板消息, then try again."),
    ),
    "48001": (
        _("The account may not use this part of WeChat."),
        _("Only verified service accounts may. Look under 设置与开发 → 接口权限."),
    ),
    "48004": (
        _("WeChat has blocked this for the account."),
        _("Read the notice in the account's message centre and appeal there."),
    ),
    "50002": (_("WeChat has limited the account."), _("Read the notice in the account's message centre.")),
    "40003": (
        _("Your WeChat does not belong to this account."),
        _("Unbind your WeChat and bind it again under this account."),
    ),
    "43004": (_("Your WeChat does not follow the account."), _("Follow the account, then try again.")),
    "43101": (
        _("You have switched these messages off in WeChat."),
        _("Open the account's settings in WeChat and allow them again."),
    ),
    "40037": (
        _("The account has no such template."),
        _("Fetch the templates and choose again. For a title of the library, check its number."),
    ),
    "40246": (
        _("The library's title has no such keywords."),
        _("Write the keywords exactly as the library shows them, separated by commas."),
    ),
    "47003": (_("WeChat does not take the card's values."), _("Fetch the templates and look at the card's keywords.")),
    "46003": (_("The account has no menu."), _("Publish the menu.")),
    "-1": (_("WeChat was busy."), _("Try again in a moment.")),
    "no_answer": (
        _("WeChat did not answer in time."),
        _(
            "Try again in a minute. If it stays, ask your network's people whether our "
            "server may reach api.weixin.qq.com."
        ),
    ),
    "no_json": (
        _("Something answered, but it was not WeChat."),
        _(
            "A proxy or a login page of the network may stand between. Try again in a "
            "minute, then ask your network's people."
        ),
    ),
    "unreachable": (
        _("WeChat cannot reach this host."),
        _("Check that the host's name is known in the internet and that ports 80 or 443 are open."),
    ),
    "no_file": (_("There is no domain file yet."), _("Upload or paste the file that WeChat gives you.")),
    "not_bound": (
        _("Your WeChat is not bound to your account here."),
        _("Bind it first, then the test card has a phone to go to."),
    ),
    "no_template": (_("No card has a working template yet."), _("Choose templates in step 5 first.")),
    "wrong_cards": (
        _("Some cards do not fit the account's templates any more."),
        _("Open the cards and choose again."),
    ),
    "not_served": (_("A file is kept but not served."), _("Remove it and upload it again.")),
    "other": (
        _("WeChat refused this."),
        _(
            "Its own sentence stands below. Try again in a minute; if it stays, show the "
            "sentence and the number to whoever runs the system."
        ),
    ),
}
PAGES: dict[str, Word] = {
    "/h5/report?from=wx": _("Report a fault"),
    "/h5/mine": _("My reports"),
    "/w/pool": _("Ticket pool (technicians)"),
    "/w/mine": _("My tickets (technicians)"),
    "/w/me": pgettext_lazy("menu", "Me (technicians)"),
}
DELIVERY: dict[str, Word] = {
    "delivered": pgettext_lazy("card", "arrived"),
    "accepted": pgettext_lazy("card", "taken by WeChat"),
    "pending": pgettext_lazy("card", "waiting"),
    "sending": pgettext_lazy("card", "on their way"),
    "blocked": pgettext_lazy("card", "not wanted by the person"),
    "failed": pgettext_lazy("card", "failed"),
    "unknown": pgettext_lazy("card", "unknown whether arrived"),
    "skipped": pgettext_lazy("card", "not sent, with a reason"),
    "expired": pgettext_lazy("card", "too late to be sent"),
}
DONE: dict[str, Word] = {
    "entered": _("Saved. Secrets are sealed and cannot be read again. Now test the connection."),
    "rotated": _("The new AES key is accepted, and so is the former one. Enter the new one at WeChat now."),
    "taken-out": _("The former AES key is taken out. Only the present one is accepted."),
    "off": _("The account is switched off. Nothing is sent and nothing is heard."),
    "on": _("The account is switched on again."),
    "mended": _("Tried again from now on: what waited is being sent."),
    "file": _("The file is kept and served at the root of this host."),
    "file-removed": _("The file is served no more."),
    "menu": _("The menu is kept. People see it once you publish it."),
    "mapped": _("The card uses this template from now on."),
    "unmapped": _("The card has no template any more."),
    "card-mended": _("The card is switched on again."),
    "added": _("The template was added at WeChat, and the card uses it."),
    "retried": _("They are tried again now."),
    "discarded": _("Discarded. The reason stands in the audit."),
}


def sentence(step: str, name: str) -> str:
    """How a step stands, in one sentence; empty where the advice says it."""
    return str(LATER if name == "later" else SENTENCES.get((step, name), ""))
