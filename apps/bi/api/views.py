"""OData 4.0, to be read: service document, `$metadata`, sets, their number, one row."""

from django.http import HttpResponse
from rest_framework.request import Request

from apps.bi import feed
from apps.bi.api import answers
from apps.bi.api.base import Feed
from apps.bi.errors import BadQuery, NoSuchSet
from apps.bi.rules import metadata, options, sets
from apps.bi.rules.shapes import RowSet
from apps.bi.site import site


class ReportService(Feed):
    """`/odata/v4/`: which sets there are."""

    def get(self, request: Request) -> HttpResponse:
        body = {"@odata.context": f"{self.root}$metadata", "value": metadata.service(sets.sets_of(site()))}
        return answers.answer(body, request)


class ReportMetadata(Feed):
    """`/odata/v4/$metadata`: what their columns are."""

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(metadata.document(sets.sets_of(site())), content_type="application/xml")


class ReportRows(Feed):
    """`/odata/v4/Tickets?$filter=…`: a page and the link to the next. One query besides who it is, two with $count."""

    def get(self, request: Request, rows: str) -> HttpResponse:
        found, given = named(rows), given_of(request)
        asked = options.asked(given, found)
        page = feed.page_of(self.holder.actor, found, asked, options.page_size(request.headers.get("Prefer", "")))
        texts, _ = answers.wishes(request.headers.get("Accept", ""))
        chosen = "" if "$select" not in given else f"({','.join(asked.select)})"
        link = answers.next_link(f"{self.root}{found.name}", given.items(), page)
        context = f"{self.root}$metadata#{found.name}{chosen}"
        return answers.answer(answers.page_body(context, asked.select, page, link, texts=texts), request)


class ReportCount(Feed):
    """`/odata/v4/Tickets/$count`: how many, as a number and nothing else."""

    def get(self, request: Request, rows: str) -> HttpResponse:
        found, given = named(rows), given_of(request)
        asked = options.asked({name: value for name, value in given.items() if name != "$count"}, found)
        return HttpResponse(str(feed.count_of(self.holder.actor, found, asked.filter)), content_type=answers.TEXT)


class ReportRow(Feed):
    """`/odata/v4/Tickets('LO-1')`: one row by its key."""

    def get(self, request: Request, rows: str, key: str) -> HttpResponse:
        found, given = named(rows), given_of(request)
        if unknown := set(given) - {"$select", "$format"}:
            raise BadQuery(option=min(unknown)[:40], why="only $select")
        select = options.asked(given, found).select
        texts, _ = answers.wishes(request.headers.get("Accept", ""))
        row = answers.entity(select, feed.row_of(self.holder.actor, found, key, select), texts=texts)
        return answers.answer({"@odata.context": f"{self.root}$metadata#{found.name}/$entity", **row}, request)


def named(name: str) -> RowSet:
    """Raises NoSuchSet; a branch's sets are not there at headquarters, nor the other way round."""
    found = sets.set_called(site(), name)
    if found is None:
        raise NoSuchSet
    return found


def given_of(request: Request) -> dict[str, str]:
    """The options, each once. Raises BadQuery."""
    for name, values in request.query_params.lists():
        if len(values) > 1:
            raise BadQuery(option=name[:40], why="given twice")
    return {name: str(value) for name, value in request.query_params.items()}
