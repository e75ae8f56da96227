"""Says why a member is, or is not, greeted by a campaign, by the same policy that sends."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.calendars.birthday_rules import keys_due, next_date
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.explanation import (
    ALREADY_PLANNED,
    CAMPAIGN_NOT_RUNNING,
    NEVER_DUE,
    NO_BIRTHDAY,
    WILL_BE_GREETED,
    Explanation,
)
from services.care.domain.members.member import Member
from services.care.domain.sending.channel_choice import unreachable
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import Touch, TouchState, touch_id
from services.care.domain.sending.windows import zone_of
from services.care.ports.campaigns import Campaigns
from services.care.ports.members import Members
from services.care.ports.touches import TouchLedger
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class ExplainMember:
    """Answers for one member and one campaign; changes nothing."""

    campaigns: Campaigns
    members: Members
    touches: TouchLedger
    clock: Clock

    def __call__(self, campaign_id: str, member_id: str) -> Explanation:
        """Return the verdict as of now, or refuse with CAMPAIGN_NOT_FOUND or MEMBER_NOT_FOUND."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        member = self.members.get(check_id(member_id, "mem", field="member_id"))
        if member.birthday is None or member.birthday_key is None:
            return Explanation(NO_BIRTHDAY)
        terms, today = terms_of(campaign), self.clock.now().astimezone(ZoneInfo(member.time_zone or "UTC")).date()
        early = timedelta(days=terms.days_before)
        celebrated = next_date(member.birthday, campaign.plan.rules, after=today + early - timedelta(days=1))
        if celebrated is None:
            return Explanation(NEVER_DUE)
        day = celebrated - early
        if known := self._in_ledger(campaign, member.id, celebrated=celebrated, key=member.birthday_key):
            return Explanation(ALREADY_PLANNED if known.state in _PENDING_OR_SENT else known.reason, day)
        reason = _unreachable(_recipient(member), terms)
        if reason or zone_of(member.time_zone) is None:
            return Explanation(reason or Reason.UNKNOWN_TIME_ZONE, day)
        if campaign.state is not CampaignState.RUNNING:
            return Explanation(CAMPAIGN_NOT_RUNNING, day)
        return Explanation(WILL_BE_GREETED, day)

    def _in_ledger(self, campaign: Campaign, member_id: str, *, celebrated: date, key: int) -> Touch | None:
        names = [due.occurrence for due in keys_due(celebrated, campaign.plan.rules) if due.key == key]
        channel = campaign.plan.channels[0]
        found = self.touches.batch_get(
            [touch_id(campaign.id, member_id, occurrence=name, channel=channel) for name in names]
        )
        return found[0] if found else None


_PENDING_OR_SENT = {TouchState.PLANNED, TouchState.HELD, TouchState.SENT, TouchState.DELIVERED}


def _unreachable(recipient: Recipient, terms: Terms) -> Reason | None:
    """Return why no channel of the campaign reaches the member, by the first of them; None: one does."""
    reasons = [unreachable(recipient, channel, purpose=terms.purpose) for channel in terms.channels]
    return reasons[0] if all(reasons) else None


def _recipient(member: Member) -> Recipient:
    return Recipient(
        id=member.id,
        name=member.name,
        gender=member.gender or "",
        language=member.language,
        time_zone=member.time_zone,
        email=member.email,
        birthday_key=member.birthday_key,
        phone=member.phone,
        wecom_id=member.wecom_id,
        wechat_id=member.wechat_id,
        do_not_contact=member.do_not_contact,
        consents=member.consents,
        suppressed=member.suppressed,
        preferred_channel=member.preferred_channel or "",
        cheerless_until=member.cheerless_until.isoformat() if member.cheerless_until else "",
        complaints=member.complaints,
        attributes=member.attributes,
    )
