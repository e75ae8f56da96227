"""Members who are asked to confirm a consent."""

from datetime import UTC, datetime
from typing import Any

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import Consent, ConsentSource, ConsentWord
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.links import Link
from services.care.domain.members.member import Member

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
PERSON, STAFF, IMPORT = ConsentSource.PERSON, ConsentSource.STAFF, ConsentSource.IMPORT
MEMBER, OTHER = "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YA", "mem_01J9Z3N5XK8QJ7V2M4T6R8W0YB"


def a_member(member_id: str = MEMBER, **details: Any) -> Member:
    told = MemberDetails(**{"name": "王", "email": "wang@example.com", "phone": "+8613800138000"} | details)
    return Member.register(member_id, told, now=NOON)


def a_word(granted: bool, source: ConsentSource = STAFF, **fields: Any) -> ConsentWord:
    told: dict[str, Any] = {"channel": Channel.EMAIL, "purpose": Purpose.MARKETING} | fields
    return ConsentWord(granted=granted, source=source, **told)


def an_ask(source: ConsentSource = STAFF, **fields: Any) -> ConsentWord:
    return a_word(True, source, **fields).awaiting()


def asked(member: Member | None = None, *, at: datetime = NOON, **fields: Any) -> Member:
    return (member or a_member()).take_over({}, now=at, words=[an_ask(**fields)])


def fact_of(member: Member) -> Consent:
    (fact,) = member.consent_facts
    return fact


def link_of(member: Member) -> Link:
    return Link(member.id, fact_of(member).asked_touch_id, Channel.EMAIL, Purpose.CARE)
