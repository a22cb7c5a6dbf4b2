"""`/MP_verify_….txt` at the host's root: WeChat's proof of the domain, out of the branch's own row."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.wechat import account_reads


@require_safe
def domain_file(request: HttpRequest, file_name: str) -> HttpResponse:
    """Exactly what was entered, as plain text; another branch's file is not found here. One query."""
    content = account_reads.domain_file(file_name)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
