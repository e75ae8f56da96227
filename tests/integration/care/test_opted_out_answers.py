"""A provider of SMS that says in its answer, and not later, that the person wants nothing more: the "no" holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.member import Member
from services.care.domain.providers.kinds import ProviderKind
from services.care.usecases.sending.dispatch_batch import DispatchBatch, Lease
from services.chassis import clock as chassis_clock
from tests.fakes.provider_server import Answer, Received, serve_provider
from tests.fakes.sms_providers import aliyun, tencent, twilio
from tests.integration.care.channels import Channels
from tests.integration.care.crashes import DiesWhileSending
from tests.integration.care.greetings import TEMPLATES, Greetings, solar
from tests.integration.care.keeping import Keeping

PHONE, OTHER_PHONE = "+8613800138000", "+8613900139000"
WORDS = (*TEMPLATES, *(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES))
BY_SMS_THEN_MAIL = (Channel.SMS, Channel.EMAIL)
_ALL = {"care": True, "marketing": True}
New = Callable[[], Channels]
Refusing = Callable[[Received], Answer]
REFUSALS: list[tuple[ProviderKind, Refusing]] = [
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 400, code=21610)),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "FailedOperation.PhoneNumberInBlacklist")),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "MOBILE_IN_BLACK")),
]
KIND, REFUSE = REFUSALS[0]


def somebody(greetings: Greetings, *, phone: str = PHONE) -> Member:
    """Somebody who agreed to messages of all purposes by SMS and by e-mail."""
    member = greetings.member(birthday=solar("1990-11-22"), phone=phone)
    greetings.set_on(member.id, consents={"sms": _ALL, "email": _ALL})
    return member


async def by(greetings: Greetings, sending: Channels, *, url: str, kind: ProviderKind = KIND) -> None:
    """Set up SMS by this provider alone."""
    sending.sms_provider(kind, url=url)
    await sending.board.refresh()
    greetings.others[Channel.SMS] = sending.board[Channel.SMS]


def plan(greetings: Greetings, channels: Sequence[Channel] = BY_SMS_THEN_MAIL, **told: Any) -> None:
    greetings.plan(greetings.running(channels=tuple(channels), templates=WORDS, **told))


def said_no(greetings: Greetings, member: Member) -> list[tuple[str, bool, str, str, str]]:
    """Return what is on record of consent by SMS: purpose, granted, source, proof, touch."""
    found = greetings.database["members"].find_one({"_id": member.id}) or {}
    return sorted(
        (each["purpose"], each["granted"], each["source"], each["proof"], each["touch_id"])
        for each in found["consent_facts"]
        if each["channel"] == "sms"
    )


def by_reply(greetings: Greetings) -> list[tuple[str, bool, str, str, str]]:
    """Return what a refusal puts on record, of the first message by SMS, however the provider told it."""
    found = greetings.database["touches"].find({"channel": "sms"}).sort("updated_at", 1)
    touch_id = found.next()["_id"]
    return [(purpose, False, "person", "reply to a message", touch_id) for purpose in ("care", "marketing")]


def failed(greetings: Greetings) -> list[tuple[str, str]]:
    """Return (state, reason) of each failure that was told after the fact."""
    said = [event for each in greetings.database["receipts"].find() for event in each["outbox"]]
    assert {event["type"] for event in said} <= {"touch_failed"}
    return [(each["state"], each["reason"]) for event in said for each in event["data"]["outcomes"]]


def lapse(greetings: Greetings) -> None:
    """Let the leases of who died end."""
    expired = {"$set": {"lease_until": chassis_clock.epoch_ms() - 1}}
    greetings.database["batches"].update_many({"state": "ready"}, expired)


@pytest.mark.parametrize(("kind", "refuse"), REFUSALS)
async def test_a_no_in_the_answer_ends_consent_as_one_in_a_callback_and_the_next_channel_takes_over(
    greetings: Greetings, mail: Keeping, channels: New, kind: ProviderKind, refuse: Refusing
) -> None:
    member = somebody(greetings)
    with serve_provider(refuse) as provider:
        await by(greetings, channels(), url=provider.url, kind=kind)
        plan(greetings)
        await greetings.dispatch()
        assert greetings.lines() == [("email", "SENT", ""), ("sms", "FAILED", "OPTED_OUT")]
        assert said_no(greetings, member) == by_reply(greetings)
        assert failed(greetings) == [("TOUCH_STATE_FAILED", "OPTED_OUT")]
        plan(greetings)
        await greetings.dispatch()
        assert len(provider.received) == 1
    assert ("sms", "SKIPPED", "NO_CONSENT") in greetings.lines()
    assert len(mail.kept) == 2


async def test_who_else_is_in_the_chunk_keeps_consent_and_message(greetings: Greetings, channels: New) -> None:
    member, other = somebody(greetings), somebody(greetings, phone=OTHER_PHONE)

    def answer(got: Received) -> Answer:
        return REFUSE(got) if PHONE.removeprefix("+").encode() in got.body else twilio(got)

    with serve_provider(answer) as provider:
        await by(greetings, channels(), url=provider.url)
        plan(greetings, (Channel.SMS,))
        await greetings.dispatch()
        assert len(provider.received) == 2
    assert greetings.lines() == [("sms", "FAILED", "OPTED_OUT"), ("sms", "SENT", "")]
    assert [len(said_no(greetings, each)) for each in (member, other)] == [2, 0]
    attempts = [each["attempts"] for each in greetings.database["touches"].find()]
    assert attempts == [1, 1]


async def test_the_channel_that_stepped_back_for_the_wish_of_the_member_takes_over_again(
    greetings: Greetings, mail: Keeping, channels: New
) -> None:
    member = somebody(greetings)
    greetings.set_on(member.id, preferred_channel="sms")
    with serve_provider(REFUSE) as provider:
        await by(greetings, channels(), url=provider.url)
        plan(greetings, (Channel.EMAIL, Channel.SMS))
        await greetings.dispatch()
    assert greetings.lines() == [("email", "SENT", ""), ("sms", "FAILED", "OPTED_OUT")]
    assert len(mail.kept) == 1


async def test_the_same_no_said_again_adds_nothing(greetings: Greetings, channels: New) -> None:
    member = somebody(greetings)
    with serve_provider(REFUSE) as provider:
        await by(greetings, channels(), url=provider.url)
        for _ in range(2):  # a message of service needs no consent
            plan(greetings, (Channel.SMS,), purpose=Purpose.SERVICE)
            await greetings.dispatch()
        assert len(provider.received) == 2
    assert greetings.lines() == [("sms", "FAILED", "OPTED_OUT")] * 2
    assert said_no(greetings, member) == by_reply(greetings)
    assert failed(greetings) == [("TOUCH_STATE_FAILED", "OPTED_OUT")] * 2


async def test_a_no_whose_answer_is_lost_with_the_process_is_heard_with_the_next_message(
    greetings: Greetings, channels: New
) -> None:
    member = somebody(greetings)
    with serve_provider(REFUSE) as provider:
        await by(greetings, channels(), url=provider.url)
        alive = greetings.others[Channel.SMS]
        greetings.others[Channel.SMS] = DiesWhileSending(alive, survivors=1)
        plan(greetings, (Channel.SMS,))
        with pytest.raises(ConnectionAbortedError):
            await greetings.dispatch()
        greetings.others[Channel.SMS] = alive
        lapse(greetings)
        await greetings.dispatch()
        assert greetings.lines() == [("sms", "UNKNOWN", "INTERRUPTED")]
        assert (len(provider.received), said_no(greetings, member)) == (1, [])
        plan(greetings, (Channel.SMS,))
        await greetings.dispatch()
        assert len(provider.received) == 2
    assert greetings.lines() == [("sms", "FAILED", "OPTED_OUT"), ("sms", "UNKNOWN", "INTERRUPTED")]
    assert len(said_no(greetings, member)) == 2


@dataclass(frozen=True, slots=True)
class DiesBefore:
    """A part of the dispatcher with whose named step the process is gone."""

    inner: Any
    step: str

    def __getattr__(self, name: str) -> Any:
        return _gone if name == self.step else getattr(self.inner, name)


def _gone(*_: object, **__: object) -> None:
    raise ConnectionAbortedError("the power is gone")


def before_settling(work: DispatchBatch) -> DispatchBatch:
    hear = work.hear_receipts
    book: Any = DiesBefore(hear.record.book, "settle")
    return replace(work, hear_receipts=replace(hear, record=replace(hear.record, book=book)))


def before_filing(work: DispatchBatch) -> DispatchBatch:
    hear = work.hear_receipts
    book: Any = DiesBefore(hear.record.book, "file")
    return replace(work, hear_receipts=replace(hear, record=replace(hear.record, book=book)))


def before_the_end_of_the_chunk(work: DispatchBatch) -> DispatchBatch:
    batches: Any = DiesBefore(work.batches, "end")
    return replace(work, batches=batches)


@pytest.mark.parametrize(
    ("dying", "line"),
    [
        (before_settling, ("sms", "UNKNOWN", "INTERRUPTED")),  # as any answer that is lost with a process
        (before_filing, ("sms", "FAILED", "OPTED_OUT")),
        (before_the_end_of_the_chunk, ("sms", "FAILED", "OPTED_OUT")),
    ],
)
async def test_a_dispatcher_that_dies_after_it_heard_the_no_loses_and_doubles_nothing(
    greetings: Greetings,
    mail: Keeping,
    channels: New,
    dying: Callable[[DispatchBatch], DispatchBatch],
    line: tuple[str, str, str],
) -> None:
    member = somebody(greetings)
    with serve_provider(REFUSE) as provider:
        await by(greetings, channels(), url=provider.url)
        plan(greetings)
        batches, work = greetings.work()
        batch = await batches.lease(greetings.clock.now())
        assert batch is not None
        with pytest.raises(ConnectionAbortedError):
            await dying(work)(batch, Lease(lambda: True))
        lapse(greetings)
        await greetings.dispatch()
        assert len(provider.received) == 1
    assert greetings.lines() == [("email", "SENT", ""), line]
    assert failed(greetings) == [("TOUCH_STATE_FAILED", "OPTED_OUT")] * (line[1] == "FAILED")
    assert said_no(greetings, member) == by_reply(greetings)
    assert len(mail.kept) == 1
