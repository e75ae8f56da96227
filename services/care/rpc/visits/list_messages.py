"""Rules, scripts, agents and queues as messages, and back."""

from membercare.care.v1 import call_list_pb2 as pb
from membercare.care.v1 import visits_service_pb2 as service_pb2
from services.care.domain.visits.agents import CallAgent
from services.care.domain.visits.kinds import VisitMeans
from services.care.domain.visits.rules import VisitRule
from services.care.domain.visits.scripts import CallScript
from services.care.ports.calling import Queue, QueueView
from services.care.rpc.visits.messages import KINDS, MEANS, rule_to_pb, to_rule
from services.chassis.checks import civil_date
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.timestamps import to_timestamp

FULL_POST = 100
_VIEWS = {
    pb.QUEUE_VIEW_UNSPECIFIED: QueueView.ALL,
    pb.QUEUE_VIEW_MINE: QueueView.MINE,
    pb.QUEUE_VIEW_UNASSIGNED: QueueView.UNASSIGNED,
    pb.QUEUE_VIEW_OVERDUE: QueueView.OVERDUE,
}


def visit_rule_to_pb(rule: VisitRule) -> pb.VisitRule:
    return pb.VisitRule(
        event=rule.id,
        kind=KINDS.number(rule.kind),
        days=rule.days,
        enabled=rule.enabled,
        means=MEANS.number(rule.means),
        script_code=rule.script_code,
        skill=rule.skill,
        window_from=rule.window_from,
        window_to=rule.window_to,
        attempt_rule=rule_to_pb(rule.attempt_rule),
        etag=str(rule.version),
        update_time=to_timestamp(rule.update_time),
    )


def to_visit_rule(message: pb.VisitRule) -> VisitRule:
    kind = KINDS.member(message.kind, "rule.kind")
    if kind is None:
        raise InvalidField("rule.kind", "rule.kind is missing: say what kind of visit follows.")
    return VisitRule(
        id=message.event,
        kind=kind,
        days=message.days,
        enabled=message.enabled,
        means=MEANS.member(message.means, "rule.means") or VisitMeans.CALL,
        script_code=message.script_code,
        skill=message.skill,
        window_from=message.window_from,
        window_to=message.window_to,
        attempt_rule=to_rule(message.attempt_rule, "rule.attempt_rule"),
    )


def script_to_pb(script: CallScript) -> pb.CallScript:
    return pb.CallScript(
        code=script.id,
        title_en=script.title_en,
        title_zh=script.title_zh,
        text_en=script.text_en,
        text_zh=script.text_zh,
        etag=str(script.version),
        update_time=to_timestamp(script.update_time),
    )


def to_script(message: pb.CallScript) -> CallScript:
    return CallScript(
        id=message.code,
        title_en=message.title_en,
        title_zh=message.title_zh,
        text_en=message.text_en,
        text_zh=message.text_zh,
    )


def agent_to_pb(agent: CallAgent) -> pb.CallAgent:
    return pb.CallAgent(
        agent_id=agent.id,
        skills=agent.skills,
        share=agent.share,
        away_from=agent.away_from,
        away_through=agent.away_through,
        retired=not agent.active,
        etag=str(agent.version),
        update_time=to_timestamp(agent.update_time),
    )


def to_agent(message: pb.CallAgent) -> CallAgent:
    return CallAgent(
        id=message.agent_id,
        skills=tuple(message.skills),
        share=message.share or FULL_POST,
        away_from=message.away_from,
        away_through=message.away_through,
        active=not message.retired,
    )


def to_queue(message: service_pb2.CallQueueFilter) -> Queue:
    view = _VIEWS.get(message.view)
    if view is None:
        raise InvalidField("filter.view", f"filter.view: {message.view} is not one of its values.")
    agent_id = optional_id(message.agent_id, "emp", field="filter.agent_id")
    if view is QueueView.MINE and not agent_id:
        raise InvalidField("filter.agent_id", "filter.agent_id is missing: whose queue is wanted?")
    if view is QueueView.UNASSIGNED and agent_id:
        raise InvalidField("filter.agent_id", "filter.agent_id cannot be set: what is unassigned is nobody's.")
    through = message.due_through and civil_date(message.due_through, "filter.due_through").isoformat()
    return Queue(
        view=view,
        agent_id=agent_id,
        kind=KINDS.member(message.kind, "filter.kind"),
        skill=message.skill,
        due_through=through,
    )
