"""Words of providers through the public API: heard once, a refusal by reply ends consent, a wrong one refuses all."""

from collections.abc import Callable
from typing import Any

import pytest

from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1 import receipt_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from services.care.domain.members.member import Member
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar

Sent = Callable[..., receipt_pb2.Receipt]


@pytest.fixture
async def member(greetings: Greetings) -> Member:
    """Somebody who was greeted by e-mail just now."""
    member = greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(greetings.running())
    await greetings.dispatch()
    return member


@pytest.fixture
def word(greetings: Greetings, member: Member) -> Sent:
    (touch,) = greetings.database["touches"].find()

    def say(kind: int, **told: Any) -> receipt_pb2.Receipt:
        defaults: dict[str, Any] = {
            "event_id": "e1",
            "message_id": f"<{touch['_id']}.1@membercare.example>",
            "time": to_timestamp(greetings.clock.now()),
        }
        return receipt_pb2.Receipt(kind=kind, **defaults | told)  # type: ignore[arg-type]  # a number of the enum

    return say


def test_a_word_is_heard_once_and_moves_the_touch(calling: Calling, greetings: Greetings, word: Sent) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    request = pb.RecordReceiptsRequest(provider="smtp", receipts=[word(receipt_pb2.RECEIPT_KIND_DELIVERED)])
    assert [stub.RecordReceipts(request).recorded for _ in range(2)] == [1, 0]
    assert greetings.ledger() == [("2026-11-22", "DELIVERED", "")]


def test_a_hard_bounce_suppresses_the_address(calling: Calling, greetings: Greetings, word: Sent) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    request = pb.RecordReceiptsRequest(provider="smtp", receipts=[word(receipt_pb2.RECEIPT_KIND_BOUNCED)])
    assert stub.RecordReceipts(request).recorded == 1
    assert greetings.ledger() == [("2026-11-22", "FAILED", "BOUNCED")]
    (stored,) = greetings.database["members"].find()
    assert stored["suppressed"] == {"email": "bounced"}


@pytest.mark.parametrize("same_address", [True, False])
def test_what_is_told_of_a_doublet_counts_for_the_person_who_stays(
    calling: Calling, greetings: Greetings, member: Member, word: Sent, *, same_address: bool
) -> None:
    stays = greetings.member(**({"email": member.email} if same_address else {}))
    people = calling.as_role(MembersServiceStub, "ops")
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=member.id, into_id=stays.id))
    replied = word(receipt_pb2.RECEIPT_KIND_REPLIED, text="STOP")
    bounced = word(receipt_pb2.RECEIPT_KIND_BOUNCED, event_id="e2")
    stub = calling.as_role(SendingServiceStub, "ops")
    assert stub.RecordReceipts(pb.RecordReceiptsRequest(provider="smtp", receipts=[replied, bounced])).recorded == 2
    stored = greetings.database["members"].find_one({"_id": stays.id}) or {}
    assert stored["consents"]["email"]["care"] is False
    assert stored["suppressed"] == ({"email": "bounced"} if same_address else {})


@pytest.mark.parametrize(
    ("text", "granted"), [("R", False), (" 退订。", False), ("ｔｄ", False), ("Rather nice!", True)]
)
def test_a_refusal_by_reply_ends_consent_for_the_channel(
    calling: Calling, greetings: Greetings, member: Member, word: Sent, text: str, *, granted: bool
) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    replied = word(receipt_pb2.RECEIPT_KIND_REPLIED, text=text)
    for _ in range(2):
        stub.RecordReceipts(pb.RecordReceiptsRequest(provider="sms", receipts=[replied]))
    (stored,) = greetings.database["members"].find()
    assert stored["consents"]["email"]["care"] is granted
    words = list(greetings.database["consents"].find({"source": "person"}))
    assert len(words) == (0 if granted else 2)
    (filed,) = greetings.database["receipts"].find()
    assert set(filed["words"][0]) == {"key", "touch_id", "kind", "at"}  # the words themselves are not kept


def test_opens_and_clicks_are_dropped_unless_the_service_is_set_to_record_them(
    calling: Calling, greetings: Greetings, word: Sent
) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    opened = word(receipt_pb2.RECEIPT_KIND_OPENED)
    assert stub.RecordReceipts(pb.RecordReceiptsRequest(provider="smtp", receipts=[opened])).recorded == 0
    assert greetings.database["receipts"].count_documents({}) == 0


def test_one_wrong_word_refuses_all_and_nothing_is_recorded(calling: Calling, greetings: Greetings, word: Sent) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    good = word(receipt_pb2.RECEIPT_KIND_DELIVERED)
    for wrong, field in (
        (word(0), "receipts[1].kind"),
        (word(1, event_id=""), "receipts[1].event_id"),
        (word(1, message_id=" "), "receipts[1].message_id"),
        (word(1, time=None), "receipts[1].time"),
        (word(1, time={"seconds": -62_135_596_800}), "receipts[1].time"),
    ):
        refusal = refused(stub.RecordReceipts, pb.RecordReceiptsRequest(provider="smtp", receipts=[good, wrong]))
        assert (refusal.reason, refusal.field) == ("INVALID_FIELD", field)
    assert refused(stub.RecordReceipts, pb.RecordReceiptsRequest(provider="smtp")).field == "receipts"
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]
