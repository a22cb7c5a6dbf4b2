"""Addresses of who somebody is: binding staff, proving a phone, what is kept, consents. Desk, phone and both."""

from django.urls import path

from apps.wechat.views import bind, binding, customer_link, mine, people

urlpatterns = [
    path("console/wechat/me/", binding.desk, name="my-binding"),
    path("console/wechat/people/", people.page, name="people"),
    path("console/wechat/people/forget/", people.forget, name="people-forget"),
    path("console/wechat/people/<int:user_id>/", binding.person, name="person"),
    path("console/wechat/customer/<slug:public_id>/", customer_link.page, name="customer-link"),
    path("wx/binding", binding.phone, name="my-binding-phone"),
    path("wx/binding/state", binding.state, name="binding-state"),
    path("wx/binding/code", binding.show_code, name="binding-code"),
    path("wx/binding/agree", binding.agree, name="binding-agree"),
    path("wx/binding/refuse", binding.refuse, name="binding-refuse"),
    path("wx/binding/unbind", binding.unbind, name="binding-unbind"),
    path("wx/bind", bind.page, name="bind"),
    path("wx/bind/state", bind.state, name="bind-state"),
    path("wx/bind/agree", bind.agree, name="bind-agree"),
    path("wx/bind/refuse", bind.refuse, name="bind-refuse"),
    path("wx/phone", mine.number, name="phone"),
    path("wx/phone/code", mine.prove, name="phone-code"),
    path("wx/data", mine.data, name="my-data"),
    path("wx/data/forget", mine.ask_to_forget, name="my-data-forget"),
    path("wx/location", mine.location, name="location-consent"),
]
