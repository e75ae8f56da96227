"""What other services say leads to visits, by a table of rules; a closed case to a call that confirms the fix."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.care.domain.visits.kinds import CancelReason
from services.care.ports.calling import CaseStates, VisitRules
from services.care.ports.visits import CallTasks, ContractStates, VisitFilter, Visits
from services.care.usecases.visits.visits import CancelVisits


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something after which somebody calls."""

    event: str
    key: str
    """What makes it the same thing: hearing it twice plans one visit."""
    happened_at: datetime
    customer_id: str = ""
    member_id: str = ""
    owner_id: str = ""
    contract_id: str = ""
    source_id: str = ""
    topic: str = ""
    case_id: str = ""
    round: int = 0
    avoid_id: str = ""


@dataclass(frozen=True, slots=True)
class FollowEvent:
    """Plans the visit that follows an event, if its rule is on. Hearing it twice plans one."""

    plan_call: CallTasks
    rules: VisitRules
    time_zone: str

    def __call__(self, news: Happened) -> None:
        """Plan it; nothing where nobody is known who could be called."""
        rule = self.rules.get(news.event)
        if not rule.enabled or not (news.customer_id or news.member_id):
            return
        self.plan_call(
            rule.task(
                (news.event, news.key),
                happened=news.happened_at,
                zone=ZoneInfo(self.time_zone),
                customer_id=news.customer_id,
                member_id=news.member_id,
                owner_id=news.owner_id,
                contract_id=news.contract_id,
                source_id=news.source_id,
                topic=news.topic,
                case_id=news.case_id,
                round=news.round,
                avoid_id=news.avoid_id,
            )
        )


@dataclass(frozen=True, slots=True)
class ActivatedContract:
    """What care needs to know of a contract that came into force."""

    contract_id: str
    customer_id: str
    owner_id: str
    version: int
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """A contract came into force: somebody calls some days later. Hearing it twice plans one visit."""

    follow: FollowEvent
    contracts: ContractStates
    cancel_visits: CancelVisits

    def __call__(self, contract: ActivatedContract) -> None:
        """Plan the visit, unless newer news says that the contract has ended, or comes in this moment."""
        if not self.contracts.heard(contract.contract_id, version=contract.version, ended=False):
            return
        self.follow(
            Happened(
                event="contract_activated",
                key=contract.contract_id,
                happened_at=contract.activated_at,
                customer_id=contract.customer_id,
                owner_id=contract.owner_id,
                contract_id=contract.contract_id,
            )
        )
        if self.contracts.ended(contract.contract_id):  # whoever heard of it found no visit yet
            self.cancel_visits.withdraw(contract.contract_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNews:
    """A case was closed, or opened again."""

    case_id: str
    round: int
    """Which closing it is, counted from 1; of a reopening, the one that it leads to."""
    at: datetime
    customer_id: str = ""
    member_id: str = ""
    assignee_id: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmFix:
    """A case was closed: somebody other than who closed it asks whether it is really mended, once for each closing."""

    follow: FollowEvent
    cases: CaseStates
    visits: Visits

    def closed(self, news: CaseNews) -> None:
        """Plan the call, unless the case was opened again since; a call of an earlier round is not made any more."""
        if not self._is_newest(news):
            return
        self._cancel(news)
        self.follow(
            Happened(
                event="case_closed",
                key=f"{news.case_id}/{news.round}",
                happened_at=news.at,
                customer_id=news.customer_id,
                member_id=news.member_id,
                source_id=news.case_id,
                case_id=news.case_id,
                round=news.round,
                avoid_id=news.assignee_id,
            )
        )
        if not self._is_newest(news):  # whoever heard of it found no call yet
            self._cancel(replace(news, round=news.round + 1))

    def _is_newest(self, news: CaseNews) -> bool:
        return self.cases.heard(news.case_id, version=2 * news.round, ended=False)

    def reopened(self, news: CaseNews) -> None:
        """Withdraw the call that waits; hearing it before the closing does no harm."""
        self.cases.heard(news.case_id, version=2 * news.round - 1, ended=True)
        self._cancel(news)

    def _cancel(self, news: CaseNews) -> None:
        for visit in self.visits.due_of(VisitFilter(case_id=news.case_id)):
            if visit.round < news.round:
                self.visits.change(
                    visit.id, lambda stored: stored.cancel(CancelReason.CASE_REOPENED), etag="", request_id=""
                )
