"""The administrator's pages of this room, below /console/wechat/, and the domain's proofs at the host's root."""

from django.urls import path, register_converter

from apps.wechat.rules import account_form
from apps.wechat.views import cards, channels, deliveries, guide, letters, menu
from apps.wechat.views.domain_file import domain_file


class ProofName:
    """WeChat's own name of a domain's proof, and nothing like it."""

    regex = account_form.FILE_NAME.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProofName, "proof")
urlpatterns = [
    path("<proof:file_name>", domain_file, name="domain-file"),
    path("console/wechat/", guide.page, name="guide"),
    path("console/wechat/account/", guide.enter, name="account"),
    path("console/wechat/key/", guide.rotate, name="rotate"),
    path("console/wechat/key/take-out/", guide.take_out, name="take-out"),
    path("console/wechat/switch/", guide.switch, name="switch"),
    path("console/wechat/mended/", guide.mended, name="mended"),
    path("console/wechat/check/<slug:step>/", guide.check, name="check"),
    path("console/wechat/file/", guide.keep_file, name="file"),
    path("console/wechat/file/remove/", guide.remove_file, name="file-remove"),
    path("console/wechat/cards/", cards.page, name="cards"),
    path("console/wechat/cards/fetch/", cards.fetch, name="cards-fetch"),
    path("console/wechat/cards/choose/", cards.choose, name="card-choose"),
    path("console/wechat/cards/mend/", cards.mend, name="card-mend"),
    path("console/wechat/cards/add/", cards.add, name="card-add"),
    path("console/wechat/menu/", menu.page, name="menu"),
    path("console/wechat/menu/preview/", menu.preview, name="menu-preview"),
    path("console/wechat/menu/compare/", menu.compare, name="menu-compare"),
    path("console/wechat/channels/", channels.page, name="channels"),
    path("console/wechat/channels/sms/", channels.sms, name="channel-sms"),
    path("console/wechat/channels/sms/test/", channels.test_sms, name="channel-sms-test"),
    path("console/wechat/channels/wecom/", channels.wecom, name="channel-wecom"),
    path("console/wechat/channels/wecom/test/", channels.test_wecom, name="channel-wecom-test"),
    path("console/wechat/channels/members/", channels.members, name="channel-members"),
    path("console/wechat/channels/notices/", channels.notices, name="channel-notices"),
    path("console/wechat/deliveries/", deliveries.page, name="deliveries"),
    path("console/wechat/inbox/", letters.page, name="inbox"),
    path("console/wechat/inbox/retry/", letters.retry, name="inbox-retry"),
    path("console/wechat/inbox/discard/", letters.discard, name="inbox-discard"),
]
