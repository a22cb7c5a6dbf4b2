"""POST /sms: SendSms and PullSmsSendStatus, version 2021-01-11.

What is wrong with the request as a whole comes as Response.Error. What is wrong for one number, the template
and the signature included, comes as its Code in SendStatusSet, as at the real gateway.
"""

import re
import secrets
from typing import Any

from starlette.responses import Response

from sandbox.hosts import first_address
from sandbox.models import Letter
from sandbox.parsing import digits
from sandbox.protocol import Call, json_response, loosely
from sandbox.sms.memory import SmsApp
from sandbox.sms.signing import SmsError, check, secret_id_of

VERSION = "2021-01-11"
MOST_NUMBERS, MOST_REPORTS = 200, 100
MOBILE = re.compile(r"1[3-9]\d{9}")
GAP = re.compile(r"\{(\d+)\}")
CHARS_PER_PART = 67
SINGLE_CHARS = 70

MESSAGES = {
    "InvalidParameterValue.IncorrectPhoneNumber": "phone number is not correct",
    "FailedOperation.SignatureIncorrectOrUnapproved": "signature is not approved",
    "FailedOperation.TemplateIncorrectOrUnapproved": "template is not approved",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": "template params do not match the approved template",
    "LimitExceeded.PhoneNumberDailyLimit": "the number of messages to this phone number today is over the limit",
}
Data = dict[str, Any]


def identify(call: Call) -> None:
    """For the rules and the notes the SMS app is the appid, the first number the openid."""
    data = loosely(call.body) or {}
    call.appid = str(data.get("SmsSdkAppId") or "")
    numbers = data.get("PhoneNumberSet")
    call.openid = digits(str(numbers[0])) if isinstance(numbers, list) and numbers else ""


def answer(call: Call) -> Response:
    """One call, signed; always HTTP 200 with Response and a RequestId."""
    request_id = {"RequestId": "-".join(secrets.token_hex(size) for size in (4, 2, 2, 2, 6))}
    try:
        result = _answered(call)
    except SmsError as error:
        result = {"Error": {"Code": error.code, "Message": error.message}}
    return json_response({"Response": result | request_id})


def _answered(call: Call) -> Data:
    if call.injected("sms_error"):
        raise SmsError(call.injected("sms_error"), "injected")
    app, data = _asking(call)
    action = call.headers.get("x-tc-action", "")
    if call.headers.get("x-tc-version") != VERSION:
        raise SmsError("NoSuchVersion", f"The version is {VERSION}.")
    if action == "SendSms":
        return _send(call, app, data)
    if action == "PullSmsSendStatus":
        return _pull(app, data)
    raise SmsError("InvalidAction", "The requested API does not exist.")


def _asking(call: Call) -> tuple[SmsApp, Data]:
    """The app that signed, and what it asks; the key must be of the app that is named."""
    owner = call.state.sms.by_secret_id(secret_id_of(call.headers))
    if owner is None:
        raise SmsError("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    check(headers=call.headers, body=call.body, secret_key=owner.secret_key, now=call.state.clock.now())
    data = loosely(call.body)
    if data is None:
        raise SmsError("InvalidParameter", "The body is not a JSON object.")
    app = call.state.sms.apps.get(str(data.get("SmsSdkAppId") or ""))
    if app is None or app.secret_id != owner.secret_id:
        raise SmsError("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "Verification of SmsSdkAppId failed.")
    return app, data


def _send(call: Call, app: SmsApp, data: Data) -> Data:
    numbers, template_id = data.get("PhoneNumberSet"), data.get("TemplateId")
    if not isinstance(numbers, list) or not numbers or not template_id:
        raise SmsError("MissingParameter", "PhoneNumberSet and TemplateId are required.")
    if len(numbers) > MOST_NUMBERS:
        raise SmsError("LimitExceeded.PhoneNumberCountLimit", f"More than {MOST_NUMBERS} numbers.")
    return {"SendStatusSet": [_sent(call, app, data, str(number)) for number in numbers]}


def _sent(call: Call, app: SmsApp, data: Data, number: str) -> Data:
    phone = digits(number)
    code = call.injected("sms_code") or _refusal(call, app, data, phone)
    status = {"PhoneNumber": number, "SessionContext": str(data.get("SessionContext") or ""), "IsoCode": "CN"}
    if code:
        return status | {"SerialNo": "", "Fee": 0, "Code": code, "Message": MESSAGES.get(code, code)}
    text = f"【{data['SignName']}】{_filled(app, data)}"
    serial = f"2645:{call.state.next_msgid()}"
    _deliver(call, app, phone, text, serial, data)
    parts = 1 if len(text) <= SINGLE_CHARS else -(-len(text) // CHARS_PER_PART)
    return status | {"SerialNo": serial, "Fee": parts, "Code": "Ok", "Message": "send success"}


def _refusal(call: Call, app: SmsApp, data: Data, phone: str) -> str:
    """Why this number gets nothing, or nothing."""
    if not MOBILE.fullmatch(phone) and call.state.person_by_phone(phone) is None:  # invented people: invented numbers
        return "InvalidParameterValue.IncorrectPhoneNumber"
    if data.get("SignName") not in app.signs:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    template = app.templates.get(str(data["TemplateId"]))
    if template is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    given = data.get("TemplateParamSet") or []
    if not isinstance(given, list) or len(given) != len(set(GAP.findall(template))):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    return "" if call.state.sms.may_receive(app, phone) else "LimitExceeded.PhoneNumberDailyLimit"


def _filled(app: SmsApp, data: Data) -> str:
    given = [str(value) for value in data.get("TemplateParamSet") or []]
    return GAP.sub(lambda gap: given[int(gap[1]) - 1], app.templates[str(data["TemplateId"])])


def _deliver(call: Call, app: SmsApp, phone: str, text: str, serial: str, data: Data) -> None:
    """Put the message on the phone and a report into the queue, unless a rule says otherwise."""
    wish = call.injected("sms_report") or "SUCCESS"
    person = call.state.person_by_phone(phone)
    letter = Letter(
        msgid=serial,
        channel="sms",
        appid=app.sdk_app_id,
        to=phone,
        user_id=person.user_id if person else "",
        kind="text",
        title="",
        text=text,
        url=first_address(text),
        at=call.state.clock.now(),
        sender=str(data["SignName"]),
        delivered=wish in ("SUCCESS", "lost"),
        content=data,
    )
    call.state.letters.append(letter)
    if wish != "lost":
        app.reports.append(_report(letter, wish, data))


def _report(letter: Letter, status: str, data: Data) -> Data:
    return {
        "UserReceiveTime": int(letter.at),
        "CountryCode": "86",
        "SubscriberNumber": letter.to,
        "PhoneNumber": f"+86{letter.to}",
        "SerialNo": letter.msgid,
        "ReportStatus": "SUCCESS" if status == "SUCCESS" else "FAIL",
        "Description": "DELIVRD" if status == "SUCCESS" else status,
        "SessionContext": str(data.get("SessionContext") or ""),
    }


def _pull(app: SmsApp, data: Data) -> Data:
    """Hand out the oldest reports; each is handed out once."""
    limit = data.get("Limit")
    if not isinstance(limit, int) or not 1 <= limit <= MOST_REPORTS:
        raise SmsError("InvalidParameterValue.LimitInvalid", "Limit is a number from 1 to 100.")
    found, app.reports = app.reports[:limit], app.reports[limit:]
    return {"PullSmsSendStatusSet": found}
