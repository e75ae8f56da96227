"""What callers see of a member who have no need to see the person: enough to tell two members apart."""

from dataclasses import replace

from services.care.domain.members.member import Member
from services.chassis.errors import Forbidden
from services.chassis.identity import Caller

CLEAR_ROLES = frozenset({"ops", "agent", "admin", "approver", "manager"})
"""Roles whose work is with the person; everybody else who may read members sees them masked."""

_DOTS = "***"
_PHONE_HEAD, _PHONE_TAIL = 6, 4


def sees_clearly(caller: Caller) -> bool:
    return caller.has(*CLEAR_ROLES)


def visible_to(caller: Caller, member: Member) -> Member:
    """Return the member as this caller may see it: name, addresses and year of birth are masked for most."""
    return member if sees_clearly(caller) else masked(member)


def refuse_search(caller: Caller, field: str) -> None:
    """Who sees no names and addresses may not search by them either: a search would spell out whose they are."""
    if not sees_clearly(caller):
        raise Forbidden("Your role does not see names and addresses, so it cannot search by them.", field=field)


def masked(member: Member) -> Member:
    return replace(
        member,
        name=masked_name(member.name),
        name_search="",
        email=masked_email(member.email),
        phone=masked_phone(member.phone),
        birthday=member.birthday and replace(member.birthday, year=None),
        wecom_id=masked_name(member.wecom_id),
        wechat_id=masked_name(member.wechat_id),
        attributes={},
        cheerless_until=None,
        consent_facts=tuple(replace(each, proof="", recorded_by="") for each in member.consent_facts),
    )


def masked_name(name: str) -> str:
    """`王小明` is `王***`, `Anna Smith` is `A***`; the number of stars tells nothing of the length."""
    return f"{name[:1]}{_DOTS}" if name else ""


def masked_email(email: str) -> str:
    """`anna@example.com` is `a***@example.com`."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}{_DOTS}@{domain}" if at else ""


def masked_phone(phone: str) -> str:
    """`+8613800138000` is `+86138***8000`: country and network, and what a person can confirm."""
    if len(phone) < _PHONE_HEAD + _PHONE_TAIL + 1:
        return f"{phone[:3]}{_DOTS}" if phone else ""
    return f"{phone[:_PHONE_HEAD]}{_DOTS}{phone[-_PHONE_TAIL:]}"
