"""SMS: who may send, what each number is told, and the reports."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.sandbox.driver import NOW, Sandbox, person

APP = "1400006666"
SECRET_ID, SECRET_KEY = "AKIDsandbox", "a-key-of-the-app"
PHONE = "13800000001"
TEXT = {
    "SignName": "锡盟广电",
    "TemplateId": "1110",
    "TemplateParamSet": ["X1", "http://xilingol.localhost:8000/w/t/1"],
}


@pytest.fixture
def gateway(sandbox: Sandbox) -> Sandbox:
    """An app with one approved template; one technician has the number."""
    introduce(sandbox)
    sandbox.control("users", **person(phone=f"+86 {PHONE}"))
    return sandbox


def introduce(sandbox: Sandbox, **more: Any) -> None:
    template = {"template_id": "1110", "content": "工单{1}待处理，请打开 {2} 查看。"}
    app = {"sdk_app_id": APP, "secret_id": SECRET_ID, "secret_key": SECRET_KEY, "signs": ["锡盟广电"]}
    sandbox.control("sms", **(app | {"templates": [template]} | more))


def signed(body: bytes, *, action: str, at: int, key: str, signed_headers: str, host: str) -> dict[str, str]:
    """The headers of API 3.0, made as Tencent describes it and without the sandbox's code."""
    headers = {"content-type": "application/json; charset=utf-8", "host": host, "x-tc-action": action}
    lines = "".join(f"{name}:{headers[name].lower()}\n" for name in signed_headers.split(";"))
    canonical = "\n".join(["POST", "/", "", lines, signed_headers, hashlib.sha256(body).hexdigest()])
    date = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["TC3-HMAC-SHA256", str(at), f"{date}/sms/tc3_request", digest])
    secret = b"TC3" + key.encode()
    for part in (date, "sms", "tc3_request"):
        secret = hmac.new(secret, part.encode(), "sha256").digest()
    mark = hmac.new(secret, text.encode(), "sha256").hexdigest()
    credential = f"Credential={SECRET_ID}/{date}/sms/tc3_request"
    authorization = f"TC3-HMAC-SHA256 {credential}, SignedHeaders={signed_headers}, Signature={mark}"
    version = {"x-tc-version": "2021-01-11", "x-tc-timestamp": str(at), "x-tc-region": "ap-beijing"}
    return headers | version | {"authorization": authorization}


def call(
    sandbox: Sandbox,
    data: dict[str, Any],
    *,
    action: str = "SendSms",
    at: int = NOW,
    key: str = SECRET_KEY,
    signed_headers: str = "content-type;host",
    **other: str,
) -> dict[str, Any]:
    body = json.dumps({"SmsSdkAppId": APP} | data).encode()
    headers = signed(body, action=action, at=at, key=key, signed_headers=signed_headers, host="localhost:8002")
    request = sandbox.client.post("/sms", content=body, headers=headers | other)
    response: httpx.Response = sandbox.runner.run(request)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()["Response"]
    assert len(answer["RequestId"]) == 36
    return answer


def send(sandbox: Sandbox, *phones: str, **more: Any) -> dict[str, Any]:
    return call(sandbox, {"PhoneNumberSet": list(phones or [f"+86{PHONE}"])} | TEXT | more)


def code_of(answer: dict[str, Any]) -> str:
    return str(answer["Error"]["Code"] if "Error" in answer else answer["SendStatusSet"][0]["Code"])


def test_the_signature_is_computed_as_in_tencents_example() -> None:
    from sandbox.sms.signing import signature

    headers = {"content-type": "application/json; charset=utf-8", "host": "sms.tencentcloudapi.com"}
    ours = signature(secret_key="k", timestamp=NOW, headers=headers, signed="content-type;host", body=b"{}")
    theirs = signed(b"{}", action="x", at=NOW, key="k", signed_headers="content-type;host", host=headers["host"])
    assert theirs["authorization"].endswith(ours)


def test_a_message_reaches_the_phone(gateway: Sandbox) -> None:
    (status,) = send(gateway, SessionContext="push-1")["SendStatusSet"]
    assert (status["Code"], status["Fee"], status["PhoneNumber"]) == ("Ok", 1, f"+86{PHONE}")
    assert (status["SessionContext"], status["IsoCode"]) == ("push-1", "CN")
    (message,) = gateway.seen("outbox", channel="sms", user_id="t1")
    assert message["msgid"] == status["SerialNo"]
    assert message["text"] == "【锡盟广电】工单X1待处理，请打开 http://xilingol.localhost:8000/w/t/1 查看。"
    assert message["url"] == "http://xilingol.localhost:8000/w/t/1"
    assert "工单X1待处理" in gateway.get("/phone/t1/sms").text


@pytest.mark.parametrize("signed_headers", ["content-type;host", "content-type;host;x-tc-action"])
def test_more_headers_may_be_signed(gateway: Sandbox, signed_headers: str) -> None:
    answer = call(gateway, {"PhoneNumberSet": [PHONE], **TEXT}, signed_headers=signed_headers)
    assert code_of(answer) == "Ok"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key": "guessed"}, "AuthFailure.SignatureFailure"),
        ({"authorization": "Bearer x"}, "AuthFailure.SignatureFailure"),
        ({"signed_headers": "host"}, "AuthFailure.SignatureFailure"),
        ({"content-type": "text/plain"}, "AuthFailure.SignatureFailure"),
        ({"at": NOW - 301}, "AuthFailure.SignatureExpire"),
        ({"at": NOW + 301}, "AuthFailure.SignatureExpire"),
        ({"action": "Dance"}, "InvalidAction"),
        ({"x-tc-version": "2019-07-11"}, "NoSuchVersion"),
    ],
)
def test_a_wrong_caller_is_refused(gateway: Sandbox, wrong: dict[str, Any], code: str) -> None:
    assert code_of(call(gateway, {"PhoneNumberSet": [PHONE], **TEXT}, **wrong)) == code
    assert gateway.seen("outbox", channel="sms") == []


def test_a_strange_key_is_not_found(gateway: Sandbox) -> None:
    introduce(gateway, secret_id="AKIDother")
    assert code_of(send(gateway)) == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"PhoneNumberSet": ["+861380000"]}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"SignName": "别人"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"TemplateId": "1"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ({"TemplateParamSet": ["one"]}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ({"PhoneNumberSet": []}, "MissingParameter"),
        ({"PhoneNumberSet": [PHONE] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
        ({"SmsSdkAppId": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
    ],
)
def test_a_wrong_message_is_refused(gateway: Sandbox, wrong: dict[str, Any], code: str) -> None:
    assert code_of(send(gateway, **wrong)) == code
    assert gateway.seen("outbox", channel="sms") == []


def test_an_invented_person_may_have_an_invented_number(gateway: Sandbox) -> None:
    gateway.control("users", **person("t2", "李建国", phone="12616397547", follows=[]))
    answer = send(gateway, "+8612616397547", "+8612616397548")
    assert [it["Code"] for it in answer["SendStatusSet"]] == ["Ok", "InvalidParameterValue.IncorrectPhoneNumber"]
    assert [it["user_id"] for it in gateway.seen("outbox", channel="sms")] == ["t2"]


def test_each_number_is_told_its_own(gateway: Sandbox) -> None:
    answer = send(gateway, f"+86{PHONE}", "12", "13900000009")
    assert [it["Code"] for it in answer["SendStatusSet"]] == ["Ok", "InvalidParameterValue.IncorrectPhoneNumber", "Ok"]
    assert [it["user_id"] for it in gateway.seen("outbox", channel="sms")] == ["t1", ""]


def test_a_number_gets_so_many_a_day(gateway: Sandbox) -> None:
    introduce(gateway, daily_limit=2)
    assert [code_of(send(gateway)) for _ in range(3)] == ["Ok", "Ok", "LimitExceeded.PhoneNumberDailyLimit"]
    gateway.later(86400)
    assert code_of(call(gateway, {"PhoneNumberSet": [PHONE], **TEXT}, at=NOW + 86400)) == "Ok"


def test_a_long_message_costs_more(gateway: Sandbox) -> None:
    assert send(gateway, TemplateParamSet=["x" * 100, "y"])["SendStatusSet"][0]["Fee"] == 2


def pull(sandbox: Sandbox, limit: int = 100) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(sandbox, {"Limit": limit}, action="PullSmsSendStatus")["PullSmsSendStatusSet"]
    return found


def test_reports_are_pulled_once(gateway: Sandbox) -> None:
    sent = [send(gateway, SessionContext=str(number))["SendStatusSet"][0]["SerialNo"] for number in range(3)]
    first, rest = pull(gateway, 2), pull(gateway)
    assert [it["SerialNo"] for it in first + rest] == sent
    assert (first[0]["ReportStatus"], first[0]["SubscriberNumber"], first[0]["SessionContext"]) == (
        "SUCCESS",
        PHONE,
        "0",
    )
    assert pull(gateway) == []


def test_a_report_can_say_no_or_be_lost(gateway: Sandbox) -> None:
    gateway.control("inject", path="^/sms", action={"sms_report": "FAIL"})
    gateway.control("inject", path="^/sms", action={"sms_report": "lost"}, skip=1)
    serial = send(gateway)["SendStatusSet"][0]["SerialNo"]
    introduce(gateway)  # again: what waits to be pulled stays
    assert [(it["SerialNo"], it["ReportStatus"]) for it in pull(gateway)] == [(serial, "FAIL")]
    assert gateway.seen("outbox", channel="sms") == []


def test_any_code_can_be_injected(gateway: Sandbox) -> None:
    gateway.control("inject", path="^/sms", openid=PHONE, action={"sms_code": "LimitExceeded.PhoneNumberDailyLimit"})
    gateway.control("inject", path="^/sms", appid=APP, action={"sms_error": "InternalError.Timeout"})
    codes = [code_of(send(gateway)) for _ in range(3)]
    assert codes == ["LimitExceeded.PhoneNumberDailyLimit", "InternalError.Timeout", "Ok"]
    assert [it["error"] for it in gateway.seen("calls", appid=APP)] == ["", "InternalError.Timeout", ""]


def test_no_key_is_shown(gateway: Sandbox) -> None:
    send(gateway)
    shown = gateway.get("/_sandbox/sms").text + gateway.get("/_sandbox/calls").text
    assert SECRET_KEY not in shown
    assert APP in shown
