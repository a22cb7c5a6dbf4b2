"""WeChat's proofs that a host is the branch's: `MP_verify_….txt`, served at the host's root from the account's row."""

from apps.wechat.errors import BadAccount, FileNotKept
from apps.wechat.rules import account_form
from apps.wechat.services.entering import locked_account
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("wechat.keep_domain_file")
def keep_domain_file(*, file_name: str, content: str, by: Actor) -> Receipt:
    """Serve this file from now on; a second one of the same name takes its place.

    Raises NoAccount, BadAccount, HeadquartersKeepsIt.
    """
    account = locked_account(by)
    others = {name: text for name, text in account.verify_files.items() if name != file_name}
    if wrong := account_form.judge_file(file_name, content.strip(), kept=len(others)):
        raise BadAccount.of(wrong)
    account.verify_files = others | {file_name: content.strip()}
    account.save(update_fields=["verify_files"])
    return Receipt("wechat_account", account.pk, facts={"file_name": file_name})


@command("wechat.remove_domain_file")
def remove_domain_file(*, file_name: str, by: Actor) -> Receipt:
    """Serve it no more. Raises FileNotKept."""
    account = locked_account(by)
    if account.verify_files.pop(file_name, None) is None:
        raise FileNotKept
    account.save(update_fields=["verify_files"])
    return Receipt("wechat_account", account.pk, facts={"file_name": file_name})
