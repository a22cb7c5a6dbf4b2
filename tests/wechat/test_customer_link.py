"""绑定到此客户: an agent who knows the caller puts the reporter's WeChat to the right customer."""

import pytest

from apps.people import services as people
from apps.tickets import selectors as tickets
from apps.tickets.models import Ticket
from apps.wechat import services
from apps.wechat.identity_errors import CustomerHasWeChat, NoSuchCustomer, NoWeChat
from apps.wechat.models import CustomerIdentity
from apps.wechat.services import my_data
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tests.make import client_at, key, make_ticket

NUMBER = "13800138000"
MINE = "o-lotus-su"


@pytest.fixture
def reported(office):
    """A report from a WeChat that nobody knows yet."""
    return make_ticket(by=Actor("customer", services.recognise_customer(office.account, MINE), ""))


@pytest.fixture
def known(office):
    """The customer whom the agent knows, with a ticket of the hotline."""
    people.customer_for_contact(name="Su", phone=NUMBER, account_no="A-77")
    return make_ticket(contact_phone=NUMBER)


def link(ticket, by, **told):
    return my_data.link_customer(public_id=ticket.public_id, **told, by=by, key=key())


@pytest.mark.parametrize("told", [{"phone": "138 0013 8000"}, {"account_no": "A-77"}])
def test_an_agent_binds_it_by_phone_or_account(reported, known, an, told):
    customer = link(reported, an, **told).entity_id
    assert CustomerIdentity.objects.get(openid=MINE).customer_id == customer == known.customer_id
    mine = tickets.tickets_of_customer(Actor("customer", customer, ""))
    assert {view.ticket.pk for view in mine} == {reported.pk, known.pk}
    audit = AuditEntry.objects.get(action="wechat.link_customer", outcome="done")
    assert NUMBER not in str(audit.details) and audit.actor == an.ref


def test_nobody_known_is_said_and_nothing_changed(reported, an):
    with pytest.raises(NoSuchCustomer):
        link(reported, an, phone="13800139999")
    with pytest.raises(NoSuchCustomer):
        link(reported, an)
    assert CustomerIdentity.objects.get(openid=MINE).customer_id == reported.customer_id


def test_a_ticket_without_a_wechat_has_nothing_to_bind(office, known, an):
    with pytest.raises(NoWeChat):
        link(known, an, phone=NUMBER)


def test_a_customer_with_another_wechat_is_never_taken_over(office, reported, known, an):
    other = services.recognise_customer(office.account, "o-lotus-other")
    CustomerIdentity.objects.filter(customer_id=other).update(customer_id=known.customer_id)
    with pytest.raises(CustomerHasWeChat):
        link(reported, an, phone=NUMBER)
    assert CustomerIdentity.objects.get(openid=MINE).customer_id == reported.customer_id


def test_other_roles_do_not(reported, known, lin, cai, hui):
    for by in (lin, cai, hui):
        with pytest.raises(NotAllowed):
            link(reported, by, phone=NUMBER)


def test_from_the_ticket_to_the_bound_customer(reported, known, lotus, an, lin):
    desk = client_at(lotus, an)
    page = f"/console/wechat/customer/{reported.public_id}/"
    Ticket.objects.filter(pk=reported.pk).update(channel="wechat_oa")
    assert page in desk.get(f"/console/t/{reported.public_id}/").content.decode()
    found = desk.get(page, {"phone": NUMBER}).content.decode()
    assert "M**" in found and "138****8000" in found
    assert desk.post(page, {"phone": NUMBER}, key=key())["Location"] == f"{page}?done=1"
    assert client_at(lotus, lin).get(page).status_code == 403
