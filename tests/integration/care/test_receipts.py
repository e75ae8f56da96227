"""What providers tell later: delivered, bounced, complained, clicked; each word once, in whatever order it comes."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.sending.receipts import Receipt, ReceiptKind, handover_of
from services.care.ports.sending import Handover
from services.care.store.members.members import MongoMembers
from services.care.store.sending.receipts import MongoReceiptBook
from services.care.usecases.sending.record_receipts import RecordReceipts
from tests.integration.care.greetings import TEMPLATES, Greetings, solar
from tests.integration.care.keeping import Keeping

BORN = solar("1990-11-22")
Told = Callable[..., int]


@pytest.fixture
def told(greetings: Greetings) -> Told:
    """Record one word of a provider about the only message that left."""
    clock = greetings.clock
    record = RecordReceipts(MongoReceiptBook(clock), MongoMembers(clock), greetings.campaigns, clock)

    def say(kind: ReceiptKind, event_id: str = "e1", *, minutes: int = 1, touch_id: str = "", attempt: int = 1) -> int:
        sent = greetings.database["touches"].find_one({"attempts": {"$gt": 0}}) or {}
        at = clock.now() + timedelta(minutes=minutes)
        return record([Receipt("smtp", event_id, touch_id or sent["_id"], kind, at, attempt=attempt)])

    return say


async def sent_to_one(greetings: Greetings, **plan: Any) -> Campaign:
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    greetings.set_on(member.id, consents={"email": {"care": True}, "sms": {"care": True}})
    campaign = greetings.running(**plan)
    greetings.plan(campaign)
    await greetings.dispatch()
    return campaign


def said(greetings: Greetings) -> list[tuple[str, Any]]:
    found = greetings.database["receipts"].find().sort("_id", 1)
    return [(event["type"], event["data"]) for each in found for event in each["outbox"]]


async def test_a_message_that_arrived_is_delivered_once(greetings: Greetings, mail: Keeping, told: Told) -> None:
    await sent_to_one(greetings)
    assert told(ReceiptKind.DELIVERED) == 1
    assert told(ReceiptKind.DELIVERED) == 0
    assert greetings.lines() == [("email", "DELIVERED", "")]
    assert greetings.database["receipts"].count_documents({}) == 1
    assert said(greetings) == []


async def test_a_bounce_fails_the_touch_suppresses_the_address_and_falls_back(
    greetings: Greetings, mail: Keeping, sms: Keeping, told: Told
) -> None:
    by_sms = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)
    campaign = await sent_to_one(greetings, channels=(Channel.EMAIL, Channel.SMS), templates=(*TEMPLATES, *by_sms))
    assert told(ReceiptKind.BOUNCED) == 1
    assert told(ReceiptKind.BOUNCED) == 0
    await greetings.dispatch()
    assert greetings.lines() == [("email", "FAILED", "BOUNCED"), ("sms", "SENT", "")]
    (member,) = greetings.database["members"].find()
    assert member["suppressed"] == {"email": "bounced"}
    ((event, data),) = said(greetings)
    assert (event, data["campaign_id"], data["outcomes"][0]["reason"]) == ("touch_failed", campaign.id, "BOUNCED")
    assert len(sms.kept) == 1
    greetings.plan(greetings.running())
    await greetings.dispatch()
    assert ("email", "SKIPPED", "ADDRESS_SUPPRESSED") in greetings.lines()
    assert len(mail.kept) == 1


@pytest.mark.parametrize("told_twice", [False, True])
async def test_when_the_channel_a_member_prefers_did_not_deliver_the_one_that_stepped_back_takes_over(
    greetings: Greetings, mail: Keeping, sms: Keeping, told: Told, *, told_twice: bool
) -> None:
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    both = {"email": {"care": True}, "sms": {"care": True}}
    greetings.set_on(member.id, consents=both, preferred_channel="sms")
    by_sms = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)
    greetings.plan(greetings.running(channels=(Channel.EMAIL, Channel.SMS), templates=(*TEMPLATES, *by_sms)))
    await greetings.dispatch()
    assert greetings.lines() == [("email", "SKIPPED", "OTHER_CHANNEL_PREFERRED"), ("sms", "SENT", "")]
    assert told(ReceiptKind.FAILED) == 1
    if told_twice:
        assert told(ReceiptKind.BOUNCED, "e2") == 1
    await greetings.dispatch()
    assert greetings.lines() == [("email", "SENT", ""), ("sms", "FAILED", "NOT_DELIVERED")]
    assert (len(mail.kept), len(sms.kept)) == (1, 1)
    by_mail = greetings.database["touches"].find_one({"channel": "email"}) or {}
    assert told(ReceiptKind.BOUNCED, "e3", touch_id=by_mail["_id"]) == 1
    await greetings.dispatch()
    assert greetings.lines() == [("email", "FAILED", "BOUNCED"), ("sms", "FAILED", "NOT_DELIVERED")]


async def test_a_word_settles_a_touch_that_nobody_knew_of_and_it_is_told_as_sent_once(
    greetings: Greetings, mail: Keeping, told: Told
) -> None:
    await sent_to_one(greetings)
    (touch,) = greetings.database["touches"].find()
    greetings.database["touches"].update_one({"_id": touch["_id"]}, {"$set": {"state": "TOUCH_STATE_UNKNOWN"}})
    greetings.database["batches"].update_many({}, {"$unset": {"outbox": ""}})
    told(ReceiptKind.DELIVERED)
    told(ReceiptKind.DELIVERED, "e2")
    await greetings.dispatch()
    assert greetings.lines() == [("email", "DELIVERED", "")]
    (batch,) = greetings.database["batches"].find({"outbox": {"$exists": True}})
    outcomes = [each for said in batch["outbox"] for each in said["data"]["outcomes"]]
    assert [(each["touch_id"], each["state"]) for each in outcomes] == [(touch["_id"], "TOUCH_STATE_SENT")]


async def test_a_delivery_that_is_told_after_the_bounce_changes_nothing(
    greetings: Greetings, mail: Keeping, told: Told
) -> None:
    await sent_to_one(greetings)
    told(ReceiptKind.BOUNCED, "e1")
    told(ReceiptKind.DELIVERED, "e2")
    assert greetings.lines() == [("email", "FAILED", "BOUNCED")]


@pytest.mark.parametrize(
    ("kind", "line", "told_of"),
    [
        (ReceiptKind.DELIVERED, ("email", "DELIVERED", ""), []),
        (ReceiptKind.FAILED, ("email", "FAILED", "NOT_DELIVERED"), ["touch_failed"]),
    ],
)
async def test_a_word_that_is_faster_than_our_own_record_of_the_handover_counts(
    greetings: Greetings, mail: Keeping, told: Told, kind: ReceiptKind, line: tuple[str, str, str], told_of: list[str]
) -> None:
    mail.gate = asyncio.Event()
    sending = asyncio.create_task(sent_to_one(greetings))
    await mail.reached.wait()
    (touch,) = greetings.database["touches"].find()
    assert touch["state"] == "TOUCH_STATE_PLANNED"
    assert told(kind, touch_id=touch["_id"]) == 1
    mail.gate.set()
    await sending
    assert greetings.lines() == [line]
    assert (greetings.database["touches"].find_one() or {})["attempts"] == 1
    (batch,) = greetings.database["batches"].find()
    assert [each["state"] for each in batch["outbox"][0]["data"]["outcomes"]] == ["TOUCH_STATE_SENT"]
    assert [event for event, _ in said(greetings)] == told_of


async def test_what_arrived_after_all_is_not_sent_again_and_an_old_failure_stops_no_new_attempt(
    greetings: Greetings, mail: Keeping, told: Told
) -> None:
    mail.answer = Handover.DEFERRED
    await sent_to_one(greetings)
    (touch,) = greetings.database["touches"].find()
    assert (touch["state"], touch["attempts"]) == ("TOUCH_STATE_PLANNED", 1)
    told(ReceiptKind.FAILED, "e1")
    told(ReceiptKind.DELIVERED, "e2", attempt=3)
    assert greetings.lines() == [("email", "PLANNED", "")]
    told(ReceiptKind.DELIVERED, "e3")
    mail.answer = Handover.ACCEPTED
    greetings.clock.advance(timedelta(hours=3))
    await greetings.dispatch()
    assert greetings.lines() == [("email", "DELIVERED", "")]
    assert mail.kept == []


async def test_a_complaint_closes_the_address_and_says_so(greetings: Greetings, mail: Keeping, told: Told) -> None:
    await sent_to_one(greetings)
    told(ReceiptKind.COMPLAINED)
    assert greetings.lines() == [("email", "DELIVERED", "")]
    (member,) = greetings.database["members"].find()
    assert member["suppressed"] == {"email": "complained"}
    ((event, data),) = said(greetings)
    assert (event, [each["kind"] for each in data["engagements"]]) == ("touch_engaged", ["complained"])


async def test_a_receipt_about_a_touch_that_nobody_knows_is_filed_and_does_nothing(
    greetings: Greetings, mail: Keeping, told: Told
) -> None:
    await sent_to_one(greetings)
    assert told(ReceiptKind.BOUNCED, touch_id="tch_00000000000000000000000000") == 1
    assert greetings.lines() == [("email", "SENT", "")]
    assert said(greetings) == []


async def test_the_same_word_from_many_at_once_is_taken_once(greetings: Greetings, mail: Keeping, told: Told) -> None:
    await sent_to_one(greetings)
    together, taken = threading.Barrier(6), list[int]()

    def say() -> None:
        together.wait()
        taken.append(told(ReceiptKind.CLICKED))

    threads = [threading.Thread(target=say) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 0, 0, 0, 0, 1]
    assert [event for event, _ in said(greetings)] == ["touch_engaged"]


async def test_a_message_id_names_its_touch(greetings: Greetings, mail: Keeping) -> None:
    await sent_to_one(greetings)
    (message,) = mail.kept
    (touch,) = greetings.database["touches"].find()
    assert handover_of(message.message_id) == (touch["_id"], 1)
    assert handover_of("<somebody@example.com>") == ("", 0)
