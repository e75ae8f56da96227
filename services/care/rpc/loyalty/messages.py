"""Programs, accounts and entries as messages, and back."""

from datetime import date

from membercare.care.v1 import loyalty_pb2
from services.care.domain.loyalty.account import Account, use_of
from services.care.domain.loyalty.entry import Entry, EntryKind
from services.care.domain.loyalty.months import within_window
from services.care.domain.loyalty.program import LoyaltyProgram, LoyaltyTerms, Privilege, Tier
from services.chassis.checks import civil_date
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

_KINDS = EnumTable(EntryKind, loyalty_pb2.PointsEntryKind)
_NO_LIMIT = -1


def program_to_pb(program: LoyaltyProgram) -> loyalty_pb2.LoyaltyProgram:
    """Return the rules as a message."""
    return loyalty_pb2.LoyaltyProgram(
        terms=map(_terms_to_pb, program.terms),
        etag=str(program.version),
        updated_by=program.updated_by,
        update_time=to_timestamp(program.updated_at),
    )


def to_terms(message: loyalty_pb2.LoyaltyTerms) -> LoyaltyTerms:
    """Return the rules, not yet checked but for their day."""
    return LoyaltyTerms(
        effective_from=civil_date(message.effective_from, "terms.effective_from"),
        window_months=message.window_months,
        protection_months=message.protection_months,
        points_live_months=message.points_live_months,
        tiers=tuple(map(_to_tier, message.tiers)),
    )


def account_to_pb(account: Account, terms: LoyaltyTerms | None, *, today: date) -> loyalty_pb2.PointsAccount:
    """Return an account as it stands on a day."""
    tier = terms.tier(account.tier.code) if terms else None
    return loyalty_pb2.PointsAccount(
        member_id=account.id,
        balance=account.balance(today),
        lots=[
            loyalty_pb2.PointsLot(points=lot.points, expires_on=_day(lot.expires_on))
            for lot in account.lots
            if lot.expires_on is None or lot.expires_on >= today
        ],
        lifetime_points=account.lifetime,
        window_points=within_window(account.earned, today, months=terms.window_months) if terms else 0,
        tier=account.tier.code,
        tier_since=_day(account.tier.since),
        tier_protected_until=_day(account.tier.protected_until),
        privileges=[_left(each, account, today=today) for each in tier.privileges] if tier else (),
    )


def entry_to_pb(entry: Entry) -> loyalty_pb2.PointsEntry:
    """Return a line of the ledger as a message."""
    return loyalty_pb2.PointsEntry(
        id=entry.id,
        member_id=entry.member_id,
        number=entry.number,
        kind=_KINDS.number(entry.kind),
        points=entry.points,
        balance=entry.balance,
        key=entry.key,
        reason=entry.reason,
        reference=entry.reference,
        expires_on=_day(entry.expires_on),
        by=entry.by,
        create_time=to_timestamp(entry.create_time),
    )


def _terms_to_pb(terms: LoyaltyTerms) -> loyalty_pb2.LoyaltyTerms:
    return loyalty_pb2.LoyaltyTerms(
        effective_from=_day(terms.effective_from),
        window_months=terms.window_months,
        protection_months=terms.protection_months,
        points_live_months=terms.points_live_months,
        tiers=map(_tier_to_pb, terms.tiers),
    )


def _tier_to_pb(tier: Tier) -> loyalty_pb2.Tier:
    return loyalty_pb2.Tier(
        code=tier.code,
        name_en=tier.name_en,
        name_zh=tier.name_zh,
        least_points=tier.least_points,
        value_tiers=tier.value_tiers,
        privileges=map(_privilege_to_pb, tier.privileges),
    )


def _to_tier(message: loyalty_pb2.Tier) -> Tier:
    return Tier(
        code=message.code,
        name_en=message.name_en,
        name_zh=message.name_zh,
        least_points=message.least_points,
        value_tiers=tuple(message.value_tiers),
        privileges=tuple(
            Privilege(code=each.code, name_en=each.name_en, name_zh=each.name_zh, per_year=each.per_year)
            for each in message.privileges
        ),
    )


def _privilege_to_pb(privilege: Privilege) -> loyalty_pb2.TierPrivilege:
    return loyalty_pb2.TierPrivilege(
        code=privilege.code, name_en=privilege.name_en, name_zh=privilege.name_zh, per_year=privilege.per_year
    )


def _left(privilege: Privilege, account: Account, *, today: date) -> loyalty_pb2.PrivilegeLeft:
    used = account.used.get(use_of(privilege.code, today), 0)
    left = max(0, privilege.per_year - used) if privilege.per_year else _NO_LIMIT
    return loyalty_pb2.PrivilegeLeft(privilege=_privilege_to_pb(privilege), used=used, left=left)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
