"""Reading how a company is described to the control API."""

from typing import Any

from sandbox.parsing import items, text
from sandbox.wecom.memory import Agent, Corp, Robot, Wecom

Data = dict[str, Any]


def upsert_corp(wecom: Wecom, data: Data) -> Corp:
    """Make a company known, or replace what is known of it; its tokens stay good."""
    trusted = data.get("trusted_ips")
    corp = Corp(
        corpid=text(data, "corpid"),
        name=str(data.get("name") or data["corpid"]),
        agents={agent.agentid: agent for agent in map(_agent, items(data, "agents"))},
        robots={robot.key: robot for robot in map(_robot, items(data, "robots"))},
        trusted_ips=None if trusted is None else tuple(map(str, items(data, "trusted_ips"))),
        seen_ip=str(data.get("seen_ip") or ""),
    )
    wecom.corps[corp.corpid] = corp
    return corp


def shown(corp: Corp) -> Data:
    """The company without its secrets."""
    return {
        "corpid": corp.corpid,
        "name": corp.name,
        "agents": [{"agentid": agent.agentid, "name": agent.name} for agent in corp.agents.values()],
        "robots": [{"name": robot.name, "members": list(robot.members)} for robot in corp.robots.values()],
        "trusted_ips": corp.trusted_ips,
    }


def _agent(data: Any) -> Agent:
    if not isinstance(data, dict) or not str(data.get("agentid") or "").isdigit():
        raise ValueError("agents: each is an object with agentid (a number), secret and name")
    return Agent(int(data["agentid"]), text(data, "secret"), str(data.get("name") or "应用"))


def _robot(data: Any) -> Robot:
    if not isinstance(data, dict):
        raise ValueError("robots: each is an object with key, name and members")
    return Robot(text(data, "key"), str(data.get("name") or "机器人"), tuple(map(str, items(data, "members"))))
