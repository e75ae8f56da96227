"""A person is forgotten: what identifies them goes, ids stay, so that the ledger still adds up."""

from dataclasses import replace
from datetime import datetime

from services.care.domain.language import Language
from services.care.domain.members.events import MemberErased
from services.care.domain.members.member import Member


def erase(member: Member, *, now: datetime) -> Member:
    """Return what is left of the member, or itself if the person was erased before."""
    if member.erased_time is not None:
        return member
    said = MemberErased(member_id=member.id, customer_id=member.customer_id, occurred_time=now)
    return replace(
        member,
        name="",
        name_search="",
        external_ref="",
        gender=None,
        language=Language.ZH_HANS,
        time_zone="",
        birthday=None,
        birthday_key=None,
        email="",
        phone="",
        do_not_contact=True,
        tags=(),
        attributes={},
        household_id="",
        owner_id="",
        wecom_id="",
        wechat_id="",
        preferred_channel=None,
        cheerless_until=None,
        consents={},
        consent_facts=(),
        unconfirmed={},
        unasked=False,
        suppressed={},
        complaints=(),
        erased_time=now,
        unsettled=True,
        update_time=now,
        events=(said,),
    )
