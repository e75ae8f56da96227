"""A merge at the very moment at which something else is written about the doublet: the survivor gets it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.channels import Channel, Purpose
from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Claim, Entry
from services.care.domain.loyalty.refusals import MemberErased
from services.care.domain.segments.facts import Act, Answer
from services.care.domain.sending.receipts import Receipt, ReceiptKind
from services.care.domain.sending.touch import Touch, TouchState
from services.care.ports.loyalty import Step
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.loyalty.ledger import MongoPointsLedger
from services.care.store.loyalty.program import MongoPrograms
from services.care.store.members.closed_complaints import MongoClosedComplaints
from services.care.store.members.members import MongoMembers
from services.care.store.segments.member_facts import MongoMemberFacts
from services.care.store.sending.receipts import MongoReceiptBook
from services.care.store.sending.touches import CODEC
from services.care.usecases.loyalty.post_points import Order, PostPoints
from services.care.usecases.members.hear_complaint import HearComplaint
from services.care.usecases.members.preferences import ChangePreferences, ReadPreferences
from services.care.usecases.providers.end_consent import EndConsent
from services.care.usecases.sending.record_receipts import RecordReceipts
from services.chassis.clock import SystemClock
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling
from tests.integration.care.in_between import Happens, right_after, right_before
from tests.integration.care.people import LINKS, NOBODY, TOUCH, registered, token_of

Documents = Database[dict[str, Any]]
NOON = FrozenClock(SystemClock().now() + timedelta(hours=1))
"""After what the service itself, whose clock goes on, has noted."""
ZONE = "Asia/Shanghai"
CASE = "cas_00000000000000000000000001"


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "admin")


@pytest.fixture
def doublet(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops"), email="wang@example.com", email_consent=True).id


@pytest.fixture
def survivor(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops"), email="wang@example.com", email_consent=True).id


@pytest.fixture
def merging(people: MembersServiceStub, doublet: str, survivor: str) -> Happens:
    return lambda: people.MergeMembers(pb.MergeMembersRequest(member_id=doublet, into_id=survivor))


@pytest.fixture
def erasing(people: MembersServiceStub, doublet: str) -> Happens:
    return lambda: people.EraseMember(pb.EraseMemberRequest(member_id=doublet, reason="asked by letter"))


def order(member: str, key: str) -> Order:
    return Order(member_id=member, key=key, reason="order of Mr Wang", by="ops")


def posting(*, amid: bool, happens: Happens) -> PostPoints:
    """Return what posts points while something happens: amid the transaction, or right before it."""
    if amid:
        return PostPoints(MeetsAnother(happens), MongoPrograms.of(NOON), NOON, ZONE)
    return PostPoints(MongoPointsLedger(NOON), right_after(MongoPrograms.of(NOON), "get", happens=happens), NOON, ZONE)


class MeetsAnother(MongoPointsLedger):
    """A ledger in whose transaction, between reading and writing, somebody else is faster."""

    def __init__(self, happens: Happens) -> None:
        super().__init__(NOON)
        self._happens = [happens]

    def post(self, asked: str, claim: Claim, *, step: Step) -> tuple[Account, Entry]:
        def met(account: Account) -> tuple[Account, Entry]:
            if self._happens:
                self._happens.pop()()
            return step(account)

        return super().post(asked, claim, step=met)


def balances(database: Documents) -> dict[str, int]:
    return {each["_id"]: sum(lot["points"] for lot in each["lots"]) for each in database["points_accounts"].find()}


@pytest.mark.parametrize("amid", [False, True])
def test_points_that_are_earned_while_a_doublet_is_merged_are_the_survivors(
    merging: Happens, doublet: str, survivor: str, database: Documents, amid: bool
) -> None:
    account, entry = posting(amid=amid, happens=merging).earn(order(doublet, "order:1"), 300, expires_on=None)
    assert (account.id, entry.member_id) == (survivor, survivor)
    assert balances(database) == {survivor: 300}
    member = database["members"].find_one({"_id": survivor}) or {}
    assert member["points"] == 300


@pytest.mark.parametrize("amid", [False, True])
def test_points_that_are_earned_while_the_person_is_erased_are_refused_and_no_word_of_them_stays(
    erasing: Happens, doublet: str, database: Documents, amid: bool
) -> None:
    with pytest.raises(MemberErased):
        posting(amid=amid, happens=erasing).earn(order(doublet, "order:1"), 300, expires_on=None)
    assert balances(database) == {}
    assert database["points_entries"].count_documents({}) == 0


class MergedBeforeNoted(MongoMemberFacts):
    """Facts of a member that is merged right before the first is noted."""

    def __init__(self, happens: Happens) -> None:
        self._happens = [happens]

    def _note(self, who: Mapping[str, Any], update: Mapping[str, Any], *, event: str) -> None:
        if self._happens:
            self._happens.pop()()
        super()._note(who, update, event=event)


def test_acts_and_answers_that_are_heard_while_a_doublet_is_merged_are_the_survivors(
    merging: Happens, doublet: str, survivor: str, database: Documents
) -> None:
    facts = MergedBeforeNoted(merging)
    facts.did(Act("visit_completed", NOON.now(), "evt_1"), member_id=doublet)
    facts.answered(Answer("visit", 5, NOON.now(), "evt_1"), member_id=doublet)
    found = database["members"].find_one({"_id": survivor}) or {}
    assert (found.get("acts"), [each["score"] for each in found.get("answers", ())]) == (
        {"visit_completed": [NOON.now()]},
        [5],
    )


def test_a_complaint_that_is_heard_while_its_member_is_merged_stands_with_the_survivor(
    merging: Happens, doublet: str, survivor: str, database: Documents
) -> None:
    members = right_after(MongoMembers(NOON), "get", happens=merging)
    HearComplaint(members, MongoClosedComplaints(), NOON).opened(CASE, doublet)
    assert MongoMembers(NOON).get(survivor).complaints == (CASE,)


def test_who_unsubscribes_while_being_merged_is_unsubscribed(
    merging: Happens, doublet: str, survivor: str, database: Documents
) -> None:
    members = right_after(MongoMembers(NOON), "get", happens=merging)
    change = ChangePreferences(ReadPreferences(members, LINKS), members, NOON)
    change(token_of(doublet), [(Channel.EMAIL, Purpose.CARE, False)], everything=False)
    assert not MongoMembers(NOON).get(survivor).allows(Channel.EMAIL, Purpose.CARE)


def test_who_answers_no_to_a_message_while_being_merged_gets_no_more(
    merging: Happens, doublet: str, survivor: str, database: Documents
) -> None:
    members = right_after(MongoMembers(NOON), "get", happens=merging)
    EndConsent(members, NOON)(doublet, Channel.EMAIL, at=NOON.now(), touch_id="")
    assert not MongoMembers(NOON).get(survivor).allows(Channel.EMAIL, Purpose.CARE)


def test_who_unsubscribes_while_being_erased_is_told_so_and_nothing_is_noted(
    erasing: Happens, doublet: str, database: Documents
) -> None:
    members = right_after(MongoMembers(NOON), "get", happens=erasing)
    change = ChangePreferences(ReadPreferences(members, LINKS), members, NOON)
    left = change(token_of(doublet), [(Channel.EMAIL, Purpose.CARE, False)], everything=False)
    assert left.erased_time is not None
    assert MongoMembers(NOON).get(doublet).consent_facts == ()


def test_a_mail_that_bounces_while_its_member_is_merged_closes_the_address_of_the_survivor(
    merging: Happens, doublet: str, survivor: str, database: Documents
) -> None:
    moment = NOON.now()
    touch = Touch(TOUCH, NOBODY, doublet, "2026", "email", "2026-11-22", moment, "bat_1", moment, TouchState.SENT)
    database["touches"].insert_one(CODEC.to_document(touch))
    members = right_before(MongoMembers(NOON), "change", happens=merging)
    record = RecordReceipts(MongoReceiptBook(NOON), members, MongoCampaigns.of(NOON), NOON)
    assert record([Receipt("mail", "word:1", TOUCH, ReceiptKind.BOUNCED, moment)]) == 1
    assert MongoMembers(NOON).get(survivor).suppressed == {"email": "bounced"}
