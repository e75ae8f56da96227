import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.local.ports import free_ports
from deploy.local.sink_client import SinkProcess
from services.care.clients.provider import HttpProviderLookup
from services.care.domain.channels import Channel
from services.care.usecases.sending.dispatch_batch import CHUNK, Lease, LeaseLost
from tests.integration.care.crashes import die_while_sending
from tests.integration.care.greetings import Greetings, smtp_mailer, solar, utc

BORN = solar("1990-11-22")


async def test_an_address_refused_for_good_fails_at_once_with_the_reason(greetings: Greetings) -> None:
    greetings.member(birthday=BORN, email=f"permanent-{uuid4().hex}@example.com")
    greetings.plan(greetings.running())
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "FAILED", "PROVIDER_REFUSED")]


async def test_a_temporary_refusal_is_tried_again_after_growing_pauses(greetings: Greetings, sink: SinkProcess) -> None:
    member = greetings.member(birthday=BORN, email=f"temporary-2-{uuid4().hex}@example.com")
    greetings.plan(greetings.running())
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "PLANNED", "")]
    greetings.clock.advance(timedelta(seconds=59))
    assert await greetings.dispatch() == 0
    greetings.clock.advance(timedelta(seconds=2))
    await greetings.dispatch()
    greetings.clock.advance(timedelta(minutes=5))
    assert await greetings.dispatch() == 1
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]
    assert len(sink.messages(to=member.email)) == 1


async def test_an_address_refused_for_now_too_often_fails_with_the_reason(greetings: Greetings) -> None:
    greetings.member(birthday=BORN, email=f"temporary-99-{uuid4().hex}@example.com")
    greetings.plan(greetings.running())
    for _ in range(5):
        await greetings.dispatch()
        greetings.clock.advance(timedelta(hours=2))
    assert greetings.ledger() == [("2026-11-22", "FAILED", "PROVIDER_REFUSED_TOO_OFTEN")]
    (touch,) = greetings.database["touches"].find()
    assert touch["attempts"] == 5


async def test_a_mail_server_that_is_away_costs_no_attempt_and_loses_nobody(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member = greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    (nobody,) = free_ports(1)
    at_home, greetings.mailer = greetings.mailer, smtp_mailer(f"smtp://127.0.0.1:{nobody}")
    assert await greetings.dispatch() == 0
    assert greetings.ledger() == [("2026-11-22", "PLANNED", "")]
    greetings.mailer = at_home
    greetings.clock.advance(timedelta(seconds=10))
    assert await greetings.dispatch() == 1
    assert len(sink.messages(to=member.email)) == 1
    (touch,) = greetings.database["touches"].find()
    assert touch["attempts"] == 1


async def test_one_bad_address_does_not_stop_the_others_of_its_batch(greetings: Greetings) -> None:
    for number in range(250):
        greetings.member(birthday=BORN, email=f"{'permanent' if number == 7 else 'x'}-{uuid4().hex}@example.com")
    greetings.plan(greetings.running())
    assert await greetings.dispatch() == 250
    assert sorted(greetings.ledger()).count(("2026-11-22", "SENT", "")) == 249


async def test_two_dispatchers_at_once_send_everything_once(greetings: Greetings, sink: SinkProcess) -> None:
    members = [greetings.member(birthday=BORN) for _ in range(40)]
    for _ in range(8):
        greetings.plan(greetings.running())
    settled = await asyncio.gather(*(greetings.dispatch() for _ in range(4)))
    assert sum(settled) == 8 * 40
    assert [len(sink.messages(to=member.email)) for member in members] == [8] * 40


async def test_what_a_dead_dispatcher_was_sending_is_unknown_and_never_sent_blindly(
    greetings: Greetings, sink: SinkProcess
) -> None:
    members = [greetings.member(birthday=BORN) for _ in range(CHUNK + 30)]
    greetings.plan(greetings.running())
    await die_while_sending(greetings, survivors=10)
    assert await greetings.dispatch() == 30  # the rest of the batch goes on
    states = [state for _, state, _ in greetings.ledger()]
    assert (states.count("UNKNOWN"), states.count("SENT")) == (CHUNK, 30)
    greetings.clock.advance(timedelta(minutes=1))
    assert await greetings.settle_unknown() == 0  # nobody can be asked: a person must decide
    assert sum(len(sink.messages(to=member.email)) for member in members) == 40


async def test_the_provider_tells_what_a_dead_dispatcher_had_sent_and_the_rest_is_sent_once(
    greetings: Greetings, sink: SinkProcess
) -> None:
    members = [greetings.member(birthday=BORN) for _ in range(60)]
    greetings.plan(greetings.running())
    await die_while_sending(greetings, survivors=25)
    await greetings.dispatch()
    greetings.clock.advance(timedelta(minutes=1))
    greetings.providers = {Channel.EMAIL: HttpProviderLookup(sink.http_url)}
    assert await greetings.settle_unknown() == 60
    await greetings.dispatch()
    assert {state for _, state, _ in greetings.ledger()} == {"SENT"}
    assert [len(sink.messages(to=member.email)) for member in members] == [1] * 60
    await greetings.dispatch()
    assert sorted(told_as_sent(greetings)) == sorted(each["_id"] for each in greetings.database["touches"].find())


def told_as_sent(greetings: Greetings) -> list[str]:
    """Return the touches of all `touches_settled`; each must have been sent."""
    batches = greetings.database["batches"].find({"outbox": {"$exists": True}})
    outcomes = [each for batch in batches for said in batch["outbox"] for each in said["data"]["outcomes"]]
    assert {(each["state"], each.get("reason", "")) for each in outcomes} <= {("TOUCH_STATE_SENT", "")}
    return [each["touch_id"] for each in outcomes]


@pytest.mark.parametrize(("state", "reason"), [("DELIVERED", ""), ("FAILED", "BOUNCED")])
async def test_what_a_provider_tells_before_the_batch_is_done_was_sent_all_the_same(
    greetings: Greetings, state: str, reason: str
) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    (touch,) = greetings.database["touches"].find()
    told = {"state": f"TOUCH_STATE_{state}", "reason": reason}
    greetings.database["touches"].update_one({"_id": touch["_id"]}, {"$set": told})
    await greetings.dispatch()
    assert told_as_sent(greetings) == [touch["_id"]]
    assert greetings.ledger() == [("2026-11-22", state, reason)]


async def test_a_dispatcher_that_lost_its_lease_sends_nothing_and_records_nothing(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member = greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    batch = await greetings.batches.lease(greetings.clock.now())
    assert batch is not None
    greetings.database["batches"].update_one({"_id": batch.id}, {"$inc": {"token": 1}})  # somebody took it over
    _, work = greetings.work()
    with pytest.raises(LeaseLost):
        await work(batch, Lease(lambda: True))
    assert greetings.ledger() == [("2026-11-22", "PLANNED", "")]
    assert sink.messages(to=member.email) == []


async def test_a_finished_batch_says_what_became_of_each_touch(greetings: Greetings) -> None:
    greetings.member(birthday=BORN)
    greetings.member(birthday=BORN, email="")
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    (batch,) = greetings.database["batches"].find()
    (said,) = batch["outbox"]
    assert (said["type"], said["subject"]) == ("touches_settled", campaign.id)
    assert sorted(outcome["state"] for outcome in said["data"]["outcomes"]) == [
        "TOUCH_STATE_SENT",
        "TOUCH_STATE_SKIPPED",
    ]


async def test_a_name_with_a_line_break_cannot_add_a_header(greetings: Greetings, sink: SinkProcess) -> None:
    member = greetings.member(birthday=BORN)
    forged = {"$set": {"name": "Li\r\nBcc: everybody@example.com"}}
    greetings.database["members"].update_one({"_id": member.id}, forged)
    greetings.plan(greetings.running())
    await greetings.dispatch()
    (mail,) = sink.messages(to=member.email)
    assert b"\r\nBcc:" not in sink.content(mail["id"]).partition(b"\r\n\r\n")[0]


async def test_a_campaign_sends_at_its_hour_on_both_sides_of_a_clock_change(greetings: Greetings) -> None:
    greetings.clock.set(utc("2026-03-07 12:00"))
    greetings.member(birthday=solar("1990-03-08"), time_zone="America/New_York")  # 02:30 does not exist that day
    greetings.plan(greetings.running(send_at="02:30"))
    (touch,) = greetings.database["touches"].find()
    assert touch["due_at"] == utc("2026-03-08 07:30")


async def test_a_touch_of_a_channel_that_is_not_set_up_is_skipped_with_the_reason(greetings: Greetings) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    for name in ("touches", "batches"):
        greetings.database[name].update_many({}, {"$set": {"channel": "wecom"}})
    assert await greetings.dispatch() == 1
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", "CHANNEL_NOT_SET_UP")]


async def test_a_channel_that_is_busy_does_not_keep_the_others_waiting(greetings: Greetings) -> None:
    for channel in ("sms", "email"):
        greetings.clock.advance(timedelta(seconds=1))
        greetings.member(birthday=BORN)
        campaign = greetings.running()
        greetings.plan(campaign)
        where = {"campaign_id": campaign.id}
        greetings.database["batches"].update_many(where, {"$set": {"channel": channel}})
    first = await greetings.batches.lease(greetings.clock.now(), busy=["sms"])
    assert first is not None
    assert first.channel == "email"
    assert await greetings.batches.lease(greetings.clock.now(), busy=["sms"]) is None
    late = await greetings.batches.lease(greetings.clock.now())
    assert late is not None
    assert late.channel == "sms"
