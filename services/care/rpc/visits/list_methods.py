"""The methods about the data of calling: rules, scripts, agents. Unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import visits_service_pb2 as pb
from services.care.domain.members.masks import visible_to
from services.care.domain.visits.script_words import spoken
from services.care.ports.calling import CallAgents, CallScripts, VisitRules
from services.care.ports.members import Members
from services.care.ports.visits import Visits
from services.care.rpc.visits.list_messages import (
    agent_to_pb,
    script_to_pb,
    to_agent,
    to_script,
    to_visit_rule,
    visit_rule_to_pb,
)
from services.care.usecases.visits.keep_calling import PutCallAgent, PutCallScript, PutVisitRule
from services.chassis.identity import current_caller
from services.chassis.ids import check_id

_NOBODY = "…"


@dataclass(frozen=True, kw_only=True)
class CallDataMethods:
    """Reads go to the stores, writes to the use cases."""

    visits: Visits
    members: Members
    rules: VisitRules
    scripts: CallScripts
    agents: CallAgents
    put_rule: PutVisitRule
    put_script: PutCallScript
    put_agent: PutCallAgent

    def GetSpokenScript(
        self, request: pb.GetSpokenScriptRequest, context: grpc.ServicerContext
    ) -> pb.GetSpokenScriptResponse:
        visit = self.visits.get(check_id(request.visit_id, "vis", field="visit_id"))
        found = self.members.batch_get([visit.member_id]) if visit.member_id else ()
        name = visible_to(current_caller(), found[0]).name if found else _NOBODY
        do_not_contact = bool(found) and found[0].do_not_contact
        if not visit.script_code:
            titles = {"title_en": visit.topic, "title_zh": visit.topic}
            return pb.GetSpokenScriptResponse(**titles, do_not_contact=do_not_contact)
        script = self.scripts.get(visit.script_code)
        english, chinese = spoken(script, visit, name=name)
        return pb.GetSpokenScriptResponse(
            script_code=script.id,
            title_en=script.title_en,
            title_zh=script.title_zh,
            text_en=english,
            text_zh=chinese,
            do_not_contact=do_not_contact,
        )

    def PutVisitRule(self, request: pb.PutVisitRuleRequest, context: grpc.ServicerContext) -> pb.PutVisitRuleResponse:
        rule = self.put_rule(to_visit_rule(request.rule), etag=request.etag, request_id=request.request_id)
        return pb.PutVisitRuleResponse(rule=visit_rule_to_pb(rule))

    def ListVisitRules(
        self, request: pb.ListVisitRulesRequest, context: grpc.ServicerContext
    ) -> pb.ListVisitRulesResponse:
        return pb.ListVisitRulesResponse(rules=map(visit_rule_to_pb, self.rules.all()))

    def PutCallScript(
        self, request: pb.PutCallScriptRequest, context: grpc.ServicerContext
    ) -> pb.PutCallScriptResponse:
        script = self.put_script(to_script(request.script), etag=request.etag, request_id=request.request_id)
        return pb.PutCallScriptResponse(script=script_to_pb(script))

    def ListCallScripts(
        self, request: pb.ListCallScriptsRequest, context: grpc.ServicerContext
    ) -> pb.ListCallScriptsResponse:
        return pb.ListCallScriptsResponse(scripts=map(script_to_pb, self.scripts.all()))

    def PutCallAgent(self, request: pb.PutCallAgentRequest, context: grpc.ServicerContext) -> pb.PutCallAgentResponse:
        agent = self.put_agent(to_agent(request.agent), etag=request.etag, request_id=request.request_id)
        return pb.PutCallAgentResponse(agent=agent_to_pb(agent))

    def ListCallAgents(
        self, request: pb.ListCallAgentsRequest, context: grpc.ServicerContext
    ) -> pb.ListCallAgentsResponse:
        return pb.ListCallAgentsResponse(agents=map(agent_to_pb, self.agents.all()))
