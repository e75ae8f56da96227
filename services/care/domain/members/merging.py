"""Two records of one person become one: the doublet stays as it was, the survivor takes over what it lacks."""

from dataclasses import replace
from datetime import date, datetime

from services.care.domain.channels import Channel
from services.care.domain.members.consents import Consent, ConsentSource, asked_anew, current
from services.care.domain.members.details import MOST_TAGS
from services.care.domain.members.member import Member
from services.care.domain.members.refusals import MemberIsErased, MemberIsMerged
from services.chassis.errors import InvalidField

_LENT = (
    "customer_id", "gender", "time_zone", "birthday", "birthday_key", "email", "phone", "household_id", "owner_id",
    "wecom_id", "wechat_id", "preferred_channel",
)  # fmt: skip


def merge(doublet: Member, survivor: Member, *, now: datetime) -> tuple[Member, Member]:
    """Return doublet and survivor after the merge; asked again, both as they are.

    What the survivor does not know it takes from the doublet. Of two words on consent the newer stands, but what the
    person withdrew only yields to a newer grant of the person; do-not-contact of either holds for both. Refuses with
    INVALID_FIELD (a member into itself), MEMBER_ERASED, MEMBER_MERGED.
    """
    if doublet.id == survivor.id:
        raise InvalidField("into_id", "into_id names the same member: a merge needs two.")
    if doublet.merged_into_id == survivor.id:
        return doublet, survivor
    if ended := next((each for each in (doublet, survivor) if each.erased_time is not None), None):
        raise MemberIsErased(ended.id)
    if doublet.merged_into_id:
        raise MemberIsMerged(doublet.id, doublet.merged_into_id, "member_id")
    if survivor.merged_into_id:
        raise MemberIsMerged(survivor.id, survivor.merged_into_id, "into_id")
    kept = replace(
        survivor,
        **{field: getattr(survivor, field) or getattr(doublet, field) for field in _LENT if field != "birthday_key"},
        birthday_key=survivor.birthday_key if survivor.birthday else doublet.birthday_key,
        tags=tuple(dict.fromkeys([*survivor.tags, *doublet.tags]))[:MOST_TAGS],
        attributes={**doublet.attributes, **survivor.attributes},
        do_not_contact=survivor.do_not_contact or doublet.do_not_contact,
        cheerless_until=_later(survivor.cheerless_until, doublet.cheerless_until),
        suppressed=_suppressed(doublet, survivor),
        complaints=tuple(dict.fromkeys([*survivor.complaints, *doublet.complaints])),
        merged_ids=(*survivor.merged_ids, doublet.id, *doublet.merged_ids),
    )
    kept = _asked_again(
        kept.with_facts(_facts(doublet, survivor), unasked=survivor.unasked or doublet.unasked), doublet, now=now
    )
    ended = _ended(doublet, survivor)
    return ended.saying_changed(doublet, now=now), kept.saying_changed(survivor, now=now)


def _ended(doublet: Member, survivor: Member) -> Member:
    return replace(
        doublet,
        merged_into_id=survivor.id,
        merged_ids=(),
        birthday_key=None,
        do_not_contact=True,
        unasked=False,
        unsettled=True,
    )


def _facts(doublet: Member, survivor: Member) -> tuple[Consent, ...]:
    places = {(fact.channel, fact.purpose): fact for fact in survivor.consent_facts}
    for fact in doublet.consent_facts:
        known = current(survivor.consent_facts, channel=fact.channel, purpose=fact.purpose)
        places[fact.channel, fact.purpose] = fact if known is None else stronger(known, fact)
    return tuple(places[place] for place in sorted(places))


def _asked_again(kept: Member, doublet: Member, *, now: datetime) -> Member:
    """Return the survivor, asked anew for what the doublet was asked by an address that the survivor does not have."""
    facts = tuple(
        asked_anew(kept.id, fact, now=now)
        if fact.pending and fact in doublet.consent_facts and not shares_address(kept, doublet, by=fact.channel)
        else fact
        for fact in kept.consent_facts
    )
    return kept if facts == kept.consent_facts else kept.with_facts(facts, unasked=True)


def stronger(one: Consent, other: Consent) -> Consent:
    """Return the word that holds for a person of whom two are on record."""
    closed = [each for each in (one, other) if each.withdrawn and each.source is ConsentSource.PERSON]
    if closed:
        last = max(closed, key=lambda each: each.time)
        opened = [each for each in (one, other) if each.granted and each.source is ConsentSource.PERSON]
        return next((each for each in opened if each.time > last.time), last)
    granted = next((each for each in (one, other) if each.granted), None)
    if granted and (one.pending or other.pending):
        return granted
    return max(one, other, key=lambda each: (each.time, not each.granted))


def shares_address(one: Member, other: Member, *, by: Channel) -> bool:
    """Say whether both are reached by the same address of a channel."""
    return _address(one, by) == _address(other, by) != ""


def _address(member: Member, channel: Channel) -> str:
    return {
        Channel.EMAIL: member.email,
        Channel.SMS: member.phone,
        Channel.CALL: member.phone,
        Channel.WECOM: member.wecom_id,
        Channel.WECHAT: member.wechat_id,
        Channel.WEBHOOK: member.id,
    }.get(channel, "")


def _suppressed(doublet: Member, survivor: Member) -> dict[str, str]:
    """A suppression belongs to an address: the doublet's counts where the survivor takes its address."""
    taken = {each for each in Channel if not _address(survivor, each) or shares_address(survivor, doublet, by=each)}
    return {**{channel: why for channel, why in doublet.suppressed.items() if channel in taken}, **survivor.suppressed}


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)
