"""/qyapi/cgi-bin/*: tokens, an app's messages and a group's robots (WeChat doc: §1.12)."""

import json
from typing import Any

from sandbox.models import Letter, Person
from sandbox.protocol import Call, loosely
from sandbox.wecom.contents import Words, app_message, robot_message
from sandbox.wecom.errors import WecomError
from sandbox.wecom.memory import Agent, AgentToken, Corp, Robot

USUAL_INTERVAL_S, LONGEST_INTERVAL_S = 1800, 4 * 3600


def identify(call: Call) -> None:
    """Whose call it is, for the rules and the notes: the company is the appid, the receivers are the openid."""
    wecom, data = call.state.wecom, loosely(call.body) or {}
    token = wecom.token(call.query.get("access_token", ""))
    robot = wecom.robot(call.query.get("key", ""))
    call.appid = call.query.get("corpid") or (token.corpid if token else robot[0].corpid if robot else "")
    call.openid = str(data.get("touser") or "")


def token(call: Call) -> dict[str, Any]:
    """GET gettoken?corpid=&corpsecret=: the same token while it lives."""
    for name, errcode in (("corpid", 41002), ("corpsecret", 41004)):
        if not call.query.get(name):
            raise WecomError(errcode, caller=call.caller)
    corp = call.state.wecom.corps.get(call.query["corpid"])
    if corp is None:
        raise WecomError(40013, caller=call.caller)
    agent = next((it for it in corp.agents.values() if it.secret == call.query["corpsecret"]), None)
    if agent is None:
        raise WecomError(40001, caller=call.caller)
    granted = call.state.wecom.grant(corp, agent)
    left = int(granted.expires_at - call.state.clock.now())
    return {"errcode": 0, "errmsg": "ok", "access_token": granted.value, "expires_in": left}


def send(call: Call) -> dict[str, Any]:
    """POST message/send: to each person of the list; who is not there is named, who has too much gets nothing."""
    corp, agent = _app(call)
    data = call.json()
    words = app_message(data)
    known, unknown = _receivers(call, corp, str(data.get("touser") or ""))
    if not known:
        raise WecomError(81013, caller=call.caller)
    msgid = str(call.state.next_msgid())
    for userid, person in known.items():
        _deliver(call, corp, agent, userid, person, words, msgid, data)
    return {"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(unknown), "msgid": msgid}


def robot_send(call: Call) -> dict[str, Any]:
    """POST webhook/send?key=: into the robot's group, at most twenty a minute."""
    found = call.state.wecom.robot(call.query.get("key", ""))
    if found is None:
        raise WecomError(93000, caller=call.caller)
    corp, robot = found
    data = call.json()
    words = robot_message(data)
    if not call.state.wecom.robot_may_speak(robot.key):
        raise WecomError(45009, caller=call.caller)
    msgid = str(call.state.next_msgid())
    for userid, person in _members(call, corp, robot).items():
        call.state.letters.append(_letter(call, corp, "robot", robot.name, userid, person, words, msgid, data))
    return {"errcode": 0, "errmsg": "ok"}


def unknown(call: Call) -> dict[str, Any]:
    """Any other address below /qyapi/."""
    raise WecomError(40058, call.path, caller=call.caller)


def _app(call: Call) -> tuple[Corp, Agent]:
    """The app whose token came with the call: 41001, 40014, 42001, 60020 or 301002."""
    value = call.query.get("access_token", "")
    if not value:
        raise WecomError(41001, caller=call.caller)
    granted = call.state.wecom.token(value)
    if granted is None:
        raise WecomError(40014, caller=call.caller)
    if granted.expires_at <= call.state.clock.now():
        raise WecomError(42001, caller=call.caller)
    corp = call.state.wecom.corps[granted.corpid]
    _check_address(call, corp)
    return corp, _check_agent(call, corp, granted)


def _check_address(call: Call, corp: Corp) -> None:
    address = corp.seen_ip or call.caller
    if corp.trusted_ips is not None and address not in corp.trusted_ips:
        raise WecomError(60020, caller=address)


def _check_agent(call: Call, corp: Corp, granted: AgentToken) -> Agent:
    if str(call.json().get("agentid")) != str(granted.agentid) or granted.agentid not in corp.agents:
        raise WecomError(301002, caller=call.caller)
    return corp.agents[granted.agentid]


def _receivers(call: Call, corp: Corp, touser: str) -> tuple[dict[str, Person], list[str]]:
    """Those of the list who are there, by userid, and the names of those who are not."""
    staff = _staff(call, corp)
    if touser == "@all":
        return staff, []
    names = [name for name in touser.split("|") if name]
    return {name: staff[name] for name in names if name in staff}, [name for name in names if name not in staff]


def _staff(call: Call, corp: Corp) -> dict[str, Person]:
    people = call.state.people.values()
    return {person.wecom[corp.corpid]: person for person in people if corp.corpid in person.wecom}


def _members(call: Call, corp: Corp, robot: Robot) -> dict[str, Person]:
    staff = _staff(call, corp)
    return {name: person for name, person in staff.items() if not robot.members or name in robot.members}


def _deliver(
    call: Call, corp: Corp, agent: Agent, userid: str, person: Person, words: Words, msgid: str, data: dict[str, Any]
) -> None:
    """One message to one person, unless it is a repetition, too much, or dropped on purpose."""
    wecom, content = call.state.wecom, json.dumps(data.get(data["msgtype"]), sort_keys=True)
    if data.get("enable_duplicate_check"):
        interval = min(int(data.get("duplicate_check_interval") or USUAL_INTERVAL_S), LONGEST_INTERVAL_S)
        first = wecom.repeated(corp.corpid, agent.agentid, userid, content, interval)
        if first:
            _count_copy(call, first, userid)
            return
    letter = _letter(call, corp, "wecom", agent.name, userid, person, words, msgid, data)
    too_much = wecom.is_too_much(corp.corpid, agent.agentid, userid)
    letter.delivered = not too_much and not call.injected("silent")
    wecom.remember(corp.corpid, agent.agentid, userid, content, msgid)
    call.state.letters.append(letter)


def _count_copy(call: Call, msgid: str, userid: str) -> None:
    for letter in call.state.letters:
        if (letter.msgid, letter.to) == (msgid, userid):
            letter.copies += 1


def _letter(
    call: Call, corp: Corp, channel: Any, sender: str, userid: str, person: Person, words: Words, msgid: str,
    data: dict[str, Any],
) -> Letter:  # fmt: skip
    return Letter(
        msgid=msgid,
        channel=channel,
        appid=corp.corpid,
        to=userid,
        user_id=person.user_id,
        kind=data["msgtype"],
        title=words.title,
        text=words.text,
        url=words.url,
        at=call.state.clock.now(),
        sender=sender,
        content=data,
    )
