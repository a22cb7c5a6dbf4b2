"""{% load fixed %}: parts of a page that say the same to everybody who reads the same language."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token, Variable
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
PLAIN = (TextNode, LoadNode, CommentNode, StaticNode)


@register.tag
def fixed(parser: Parser, token: Token) -> "Fixed":
    """`{% fixed %}…{% endfixed %}` is rendered once for each language, and remembered.

    Half of a desk page are words, symbols and addresses that never change, and Django puts each together anew, a tenth
    of a millisecond for ten. A part that could say something else to somebody else is refused when the page is read.
    """
    inside = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(inside)


class Fixed(Node):
    """Remembers what its nodes gave, by language and by set of addresses (branch, headquarters, sign-in)."""

    def __init__(self, inside: NodeList) -> None:
        for node in inside:
            if not _says_the_same(node):
                raise template.TemplateSyntaxError(f"{node!r} may not be fixed: it could say something else next time")
        self.inside = inside
        self.known: dict[tuple[str | None, str | None], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        reader = (get_language(), get_urlconf())
        if reader not in self.known:
            self.known[reader] = self.inside.render(context)
        return self.known[reader]


def _says_the_same(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        return node.asvar is None and _constant(node.filter_expression)
    if isinstance(node, URLNode):
        return node.asvar is None and _all_constant([node.view_name, *node.args, *node.kwargs.values()])
    if isinstance(node, SimpleNode):
        remembers = hasattr(node.func, "cache_info")  # for the same words the same answer: `icon`, not `idempotency`
        return remembers and node.target_var is None and _all_constant([*node.args, *node.kwargs.values()])
    if isinstance(node, IncludeNode):
        return not node.extra_context and _constant(node.template) and _says_the_same_inside(str(node.template.var))
    return isinstance(node, PLAIN)


def _says_the_same_inside(name: str) -> bool:
    found = get_template(name).template  # type: ignore[attr-defined]  # ours is Django's own engine
    return all(map(_says_the_same, found.nodelist))


def _all_constant(expressions: list[FilterExpression]) -> bool:
    return all(map(_constant, expressions))


def _constant(expression: FilterExpression) -> bool:
    """A word in quotation marks, a number: nothing that is looked up or passed through a filter."""
    said = expression.var
    return not expression.filters and (not isinstance(said, Variable) or said.lookups is None)
