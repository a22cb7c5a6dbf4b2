"""The account's two pools of templates: template messages and subscribe notices (WeChat doc: §1.5, §1.6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.wechat.calls.api.base import Api, Json, rows_of, text_of


@dataclass(frozen=True)
class Template:
    """One of the account's; `content` holds its keys as {{thing2.DATA}}, which templates.judge reads."""

    template_id: str
    title: str
    content: str


class Templates(Api):
    """template/…, wxaapi/newtmpl/…"""

    def get_all_private_template(self) -> list[Template]:
        """The pool of template messages, at most 25."""
        answer = self._get("/cgi-bin/template/get_all_private_template")
        return [_template(one, "template_id") for one in rows_of(answer, "template_list")]

    def api_add_template(self, *, template_id_short: str, keyword_name_list: Sequence[str]) -> str:
        """Take a title of the library with these keywords in this order; its template_id. 40246 names wrong ones."""
        body = {"template_id_short": template_id_short, "keyword_name_list": list(keyword_name_list)}
        return text_of(self._post("/cgi-bin/template/api_add_template", body), "template_id", ambiguous=True)

    def del_private_template(self, template_id: str) -> None:
        """Take it out of the pool: cards that use it fail from now on."""
        self._post("/cgi-bin/template/del_private_template", {"template_id": template_id})

    def newtmpl_gettemplate(self) -> list[Template]:
        """The pool of subscribe notices."""
        return [_template(one, "priTmplId") for one in rows_of(self._get("/wxaapi/newtmpl/gettemplate"), "data")]

    def newtmpl_addtemplate(self, *, tid: str, kid_list: Sequence[int], scene_desc: str) -> str:
        """Take a title of the library of notices with these keywords; its priTmplId."""
        body = {"tid": tid, "kidList": list(kid_list), "sceneDesc": scene_desc}
        return text_of(self._post("/wxaapi/newtmpl/addtemplate", body), "priTmplId", ambiguous=True)

    def newtmpl_deltemplate(self, pri_tmpl_id: str) -> None:
        """Take it out of the pool of notices."""
        self._post("/wxaapi/newtmpl/deltemplate", {"priTmplId": pri_tmpl_id})


def _template(one: Json, key: str) -> Template:
    return Template(str(one.get(key, "")), str(one.get("title", "")), str(one.get("content", "")))
