"""Says why a member is, or is not, greeted by a campaign, by the rules that plan and the policy that sends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.due.lines import Line
from services.care.domain.campaigns.explanation import (
    ALREADY_PLANNED,
    CAMPAIGN_NOT_RUNNING,
    IN_JOURNEY,
    NEVER_DUE,
    NO_BIRTHDAY,
    NOT_DUE,
    NOT_IN_AUDIENCE,
    WILL_BE_GREETED,
    Explanation,
)
from services.care.domain.campaigns.triggers import BirthdayTrigger
from services.care.domain.members.member import Member
from services.care.domain.sending.channel_choice import unreachable
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import TouchState
from services.care.domain.sending.windows import zone_of
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.members import Members
from services.care.ports.touches import TouchFilter, TouchLedger
from services.care.usecases.campaigns.next_line import NextLine
from services.chassis.clock import Clock
from services.chassis.ids import check_id

_MOST_TOUCHES = 500


@dataclass(frozen=True, slots=True)
class ExplainMember:
    """Answers for one member and one campaign; changes nothing."""

    campaigns: Campaigns
    members: Members
    touches: TouchLedger
    next_line: NextLine
    calendars: Calendars
    clock: Clock

    def __call__(self, campaign_id: str, member_id: str) -> Explanation:
        """Return the verdict as of now, or refuse with CAMPAIGN_NOT_FOUND or MEMBER_NOT_FOUND."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        member = self.members.get(check_id(member_id, "mem", field="member_id"))
        now, by_birthday = self.clock.now(), isinstance(campaign.plan.trigger, BirthdayTrigger)
        if member.merged_into_id or member.erased_time:
            return Explanation(Reason.MEMBER_GONE)
        if by_birthday and member.birthday is None:
            return Explanation(NO_BIRTHDAY)
        facts = self.next_line.record(campaign, member.id, now=now)
        known = self.next_line.known(campaign, member.id)
        today = now.astimezone(ZoneInfo(member.time_zone or "UTC")).date()
        if facts is None:
            return self._in_ledger(campaign, member.id, known=known, since=today) or Explanation(NOT_IN_AUDIENCE)
        line = self.next_line(campaign, member, facts=facts, known=known, book=self.calendars.read(), now=now)
        if line is None:
            never = NEVER_DUE if by_birthday else NOT_DUE
            return self._in_ledger(campaign, member.id, known=known) or Explanation(never)
        if line.occurrence in known and (told := self._in_ledger(campaign, member.id, known={line.occurrence})):
            return told
        return self._foreseen(campaign, member, line=line)

    def _foreseen(self, campaign: Campaign, member: Member, *, line: Line) -> Explanation:
        day = line.due_at.astimezone(ZoneInfo(member.time_zone or "UTC")).date()
        if line.reason:
            return Explanation(line.reason, line.day)
        recipient = self.next_line.due_lines.members.recipients([member.id])[member.id]
        reason = _unreachable(recipient, terms_of(campaign.on(day)))
        if reason or zone_of(member.time_zone) is None:
            return Explanation(reason or Reason.UNKNOWN_TIME_ZONE, day)
        return Explanation(WILL_BE_GREETED if campaign.state is CampaignState.RUNNING else CAMPAIGN_NOT_RUNNING, day)

    def _in_ledger(
        self, campaign: Campaign, member_id: str, *, known: Collection[str], since: date = date.min
    ) -> Explanation | None:
        """Return what the ledger says of the latest of these occasions; None: nothing since that day."""
        if campaign.plan.steps:
            return Explanation(IN_JOURNEY) if known else None
        found = self.touches.page(TouchFilter(campaign.id, member_id), size=_MOST_TOUCHES, after="").items
        had = [each for each in found if each.occurrence in known and date.fromisoformat(each.date) >= since]
        if not had:
            return None
        last = max(had, key=lambda each: (each.date, each.state in _PENDING_OR_SENT))
        verdict = ALREADY_PLANNED if last.state in _PENDING_OR_SENT else last.reason
        return Explanation(verdict, date.fromisoformat(last.date))


_PENDING_OR_SENT = {TouchState.PLANNED, TouchState.HELD, TouchState.SENT, TouchState.DELIVERED}


def _unreachable(recipient: Recipient, terms: Terms) -> Reason | None:
    """Return why no channel of the campaign reaches the member, by the first of them; None: one does."""
    reasons = [unreachable(recipient, channel, purpose=terms.purpose) for channel in terms.channels]
    return reasons[0] if all(reasons) else None
