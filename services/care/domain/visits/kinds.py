"""Words for visits: where one stands, why it is owed, how it is made, and what came of it. Data: add, never rename."""

from collections.abc import Mapping
from enum import StrEnum

from services.care.domain.channels import Purpose


class VisitState(StrEnum):
    DUE = "VISIT_STATE_DUE"
    COMPLETED = "VISIT_STATE_COMPLETED"
    CANCELLED = "VISIT_STATE_CANCELLED"


class VisitOutcome(StrEnum):
    SATISFIED = "VISIT_OUTCOME_SATISFIED"
    DISSATISFIED = "VISIT_OUTCOME_DISSATISFIED"
    UNREACHABLE = "VISIT_OUTCOME_UNREACHABLE"
    SENT = "VISIT_OUTCOME_SENT"
    """A letter or an SMS left; nobody was spoken with."""

    @property
    def reached(self) -> bool:
        """Whether somebody was spoken with."""
        return self in {VisitOutcome.SATISFIED, VisitOutcome.DISSATISFIED}


class VisitKind(StrEnum):
    AFTER_ACTIVATION = "VISIT_KIND_AFTER_ACTIVATION"
    AFTER_DELIVERY = "VISIT_KIND_AFTER_DELIVERY"
    AFTER_SERVICE = "VISIT_KIND_AFTER_SERVICE"
    CAMPAIGN = "VISIT_KIND_CAMPAIGN"
    CONFIRM = "VISIT_KIND_CONFIRM"
    PLAN = "VISIT_KIND_PLAN"

    @property
    def purpose(self) -> Purpose:
        """By which blackouts it is held: what a campaign wants is care, all else the customer waits for."""
        return Purpose.CARE if self is VisitKind.CAMPAIGN else Purpose.SERVICE


class VisitMeans(StrEnum):
    CALL = "VISIT_MEANS_CALL"
    ONSITE = "VISIT_MEANS_ONSITE"
    SMS = "VISIT_MEANS_SMS"
    LETTER = "VISIT_MEANS_LETTER"

    @property
    def one_way(self) -> bool:
        """Whether it leaves without anybody being spoken with."""
        return self in {VisitMeans.SMS, VisitMeans.LETTER}


class AttemptOutcome(StrEnum):
    NO_ANSWER = "ATTEMPT_OUTCOME_NO_ANSWER"
    BUSY = "ATTEMPT_OUTCOME_BUSY"
    WRONG_NUMBER = "ATTEMPT_OUTCOME_WRONG_NUMBER"
    CALL_BACK = "ATTEMPT_OUTCOME_CALL_BACK"
    REACHED = "ATTEMPT_OUTCOME_REACHED"

    @property
    def in_vain(self) -> bool:
        """Whether it counts as a try that did not reach anybody."""
        return self in {AttemptOutcome.NO_ANSWER, AttemptOutcome.BUSY, AttemptOutcome.WRONG_NUMBER}


class CancelReason(StrEnum):
    CONTRACT_ENDED = "CONTRACT_ENDED"
    CASE_REOPENED = "CASE_REOPENED"
    REACHED_OTHERWISE = "REACHED_OTHERWISE"
    """Somebody was spoken with before the SMS or letter left."""
    PLAN_CHANGED = "PLAN_CHANGED"
    BY_STAFF = "BY_STAFF"
    MEMBER_ERASED = "MEMBER_ERASED"
    CAMPAIGN_ARCHIVED = "CAMPAIGN_ARCHIVED"


CANCEL_WORDS: Mapping[str, tuple[str, str]] = {
    CancelReason.CONTRACT_ENDED: ("The contract has ended.", "合同已终止。"),
    CancelReason.CASE_REOPENED: ("The case was opened again.", "工单已重新打开。"),
    CancelReason.REACHED_OTHERWISE: ("Somebody was spoken with meanwhile.", "期间已与客户取得联系。"),
    CancelReason.PLAN_CHANGED: ("The service plan was changed.", "服务计划已变更。"),
    CancelReason.BY_STAFF: ("One of our people cancelled it.", "已由工作人员取消。"),
    CancelReason.MEMBER_ERASED: ("The personal data of the member were erased.", "该会员的个人数据已被删除。"),
    CancelReason.CAMPAIGN_ARCHIVED: ("The campaign that asked for it is archived.", "发起该任务的活动已归档。"),
}
"""English, Simplified Chinese."""
