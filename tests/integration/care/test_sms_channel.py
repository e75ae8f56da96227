"""SMS providers of three shapes, each against a server that verifies what the real one documents."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.care.domain.providers.kinds import NumberLimit, ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from tests.fakes.provider_server import HANG_UP, Answer, Received, serve_provider
from tests.fakes.sms_providers import SECRETS, aliyun, tencent, twilio
from tests.integration.care.channels import Channels, a_message

New = Callable[[], Channels]
PHONE = "+8613800138000"
SERVERS: Mapping[ProviderKind, Callable[[Received], Answer]] = {
    ProviderKind.ALIYUN_SMS: aliyun,
    ProviderKind.TENCENT_SMS: tencent,
    ProviderKind.TWILIO_SMS: twilio,
}


def _sms(number: int = 1, **told: Any) -> Message:
    return a_message(number, to=PHONE, channel="sms", **told)


@pytest.mark.parametrize("kind", SERVERS)
async def test_a_signed_sms_is_accepted_by_a_provider_that_verifies_it(channels: New, kind: ProviderKind) -> None:
    sending = channels()
    with serve_provider(SERVERS[kind]) as provider:
        sending.sms_provider(kind, url=provider.url)
        assert await sending.send([_sms()], "sms") == [Handover.ACCEPTED]
    assert len(provider.received) == 1


@pytest.mark.parametrize("kind", SERVERS)
async def test_a_wrong_secret_is_the_providers_trouble_and_no_fault_of_the_message(
    channels: New, kind: ProviderKind
) -> None:
    sending = channels()
    with serve_provider(SERVERS[kind]) as provider:
        sending.sms_provider(kind, url=provider.url)
        for name in SECRETS[kind]:
            sending.secret(name, "another")
        assert await sending.send([_sms()], "sms") == [Handover.NOT_REACHED]


async def test_a_chinese_provider_gets_its_template_and_parameters(channels: New) -> None:
    sending = channels()
    told = _sms(headers=(("template_id", "SMS_9"), ("name", "王芳"), ("year", "2026")))
    with serve_provider(aliyun) as first:
        sending.sms_provider(ProviderKind.ALIYUN_SMS, url=first.url)
        assert await sending.send([told, _sms(2)], "sms") == [Handover.ACCEPTED] * 2
    queries = sorted(
        ({name: values[0] for name, values in parse_qs(urlsplit(each.path).query).items()} for each in first.received),
        key=lambda query: query["TemplateCode"],
    )
    assert [(query["TemplateCode"], json.loads(query["TemplateParam"])) for query in queries] == [
        ("SMS_9", {"name": "王芳", "year": "2026"}),
        ("T1", {"content": "祝您生日快乐"}),
    ]
    assert queries[0]["PhoneNumbers"] == "8613800138000"


CODES: list[tuple[ProviderKind, Callable[[Received], Answer], Handover]] = [
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.BUSINESS_LIMIT_CONTROL"), Handover.QUOTA_SPENT),
    (
        ProviderKind.ALIYUN_SMS,
        lambda got: aliyun(got, "isv.BUSINESS_LIMIT_CONTROL", words="触发分钟级流控Permits:1"),
        Handover.DEFERRED,
    ),
    (
        ProviderKind.ALIYUN_SMS,
        lambda got: aliyun(got, "isv.BUSINESS_LIMIT_CONTROL", words="触发天级流控Permits:10"),
        Handover.QUOTA_SPENT,
    ),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.RAM_CHECK_FAILED"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.PRODUCT_UNSUBSCRIBE"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.SMS_SIGN_NAME_ILLEGAL"), Handover.NOT_REACHED),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "IpNotInWhitelist"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.MOBILE_NUMBER_ILLEGAL"), Handover.REFUSED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.BLACK_KEY_CONTROL_LIMIT"), Handover.REFUSED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "MOBILE_IN_BLACK"), Handover.OPTED_OUT),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "USER_REJECT"), Handover.OPTED_OUT),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isv.AMOUNT_NOT_ENOUGH"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "Throttling.User"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda got: aliyun(got, "isp.SYSTEM_ERROR"), Handover.UNCERTAIN),
    (ProviderKind.ALIYUN_SMS, lambda _: (502, b"<html>"), Handover.UNCERTAIN),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "LimitExceeded.PhoneNumberDailyLimit"), Handover.QUOTA_SPENT),
    (
        ProviderKind.TENCENT_SMS,
        lambda got: tencent(got, "LimitExceeded.PhoneNumberThirtySecondLimit"),
        Handover.DEFERRED,
    ),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "LimitExceeded.AppDailyLimit"), Handover.NOT_REACHED),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "FailedOperation.PhoneNumberInBlacklist"), Handover.OPTED_OUT),
    (ProviderKind.TENCENT_SMS, lambda got: tencent(got, "InternalError.Timeout"), Handover.UNCERTAIN),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 400, code=21211), Handover.REFUSED),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 400, code=21610), Handover.OPTED_OUT),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 400, code=21606), Handover.NOT_REACHED),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 400, code=21609), Handover.NOT_REACHED),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 429, code=20429), Handover.NOT_REACHED),
    (ProviderKind.TWILIO_SMS, lambda got: twilio(got, 503), Handover.UNCERTAIN),
    (ProviderKind.TWILIO_SMS, lambda _: (200, b"<html>"), Handover.UNCERTAIN),
    (ProviderKind.TWILIO_SMS, lambda _: (302, b""), Handover.NOT_REACHED),
    (ProviderKind.TWILIO_SMS, lambda _: (408, b""), Handover.UNCERTAIN),
    (ProviderKind.ALIYUN_SMS, lambda _: (302, b""), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda _: (429, b"<html>"), Handover.NOT_REACHED),
    (ProviderKind.ALIYUN_SMS, lambda _: (414, b"<html>"), Handover.REFUSED),
    (ProviderKind.ALIYUN_SMS, lambda _: (200, b'{"Code": "OK"'), Handover.UNCERTAIN),
    (ProviderKind.TENCENT_SMS, lambda _: (407, b"<html>"), Handover.NOT_REACHED),
    (ProviderKind.TWILIO_SMS, lambda _: HANG_UP, Handover.UNCERTAIN),
]


@pytest.mark.parametrize(("kind", "answer", "fate"), CODES)
async def test_a_code_of_a_provider_says_what_became_of_the_message(
    channels: New, kind: ProviderKind, answer: Callable[[Received], Answer], fate: Handover
) -> None:
    sending = channels()
    with serve_provider(answer) as provider:
        sending.sms_provider(kind, url=provider.url)
        assert await sending.send([_sms()], "sms") == [fate]


@pytest.mark.parametrize("kind", SERVERS)
async def test_one_answer_that_nobody_can_read_leaves_the_others_their_own_fates(
    channels: New, kind: ProviderKind
) -> None:
    sending, answers = channels(), iter([b'{"Response": {"SendStatusSet": 5}, "code": [], "Code": {}}', b"[" * 100_000])
    with serve_provider(SERVERS[kind]) as provider:
        genuine = provider.answer
        provider.answer = lambda got: (status, body) if (body := next(answers, b"")) else genuine(got)
        status = 400 if kind is ProviderKind.TWILIO_SMS else 200
        sending.sms_provider(kind, url=provider.url)
        fates = await sending.send([_sms(number) for number in range(10)], "sms")
    assert fates.count(Handover.ACCEPTED) == 8
    assert len(provider.received) == 10


async def test_an_uncertain_sms_is_not_sent_again_by_the_next_provider(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: HANG_UP) as first, serve_provider(twilio) as second:
        sending.sms_provider(ProviderKind.ALIYUN_SMS, url=first.url, priority=90)
        sending.sms_provider(ProviderKind.TWILIO_SMS, url=second.url, priority=10)
        assert await sending.send([_sms()], "sms") == [Handover.UNCERTAIN]
    assert second.received == []


async def test_a_provider_that_is_out_of_money_gives_way_to_the_next(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda got: aliyun(got, "isv.AMOUNT_NOT_ENOUGH")) as first, serve_provider(twilio) as second:
        sending.sms_provider(ProviderKind.ALIYUN_SMS, url=first.url, priority=90)
        sending.sms_provider(ProviderKind.TWILIO_SMS, url=second.url, priority=10)
        assert await sending.send([_sms()], "sms") == [Handover.ACCEPTED]


async def test_a_number_that_has_room_in_a_minute_gets_its_message_then_and_does_not_go_without(channels: New) -> None:
    sending = channels()
    with serve_provider(tencent) as provider:
        sending.sms_provider(ProviderKind.TENCENT_SMS, url=provider.url)  # known to allow one a minute
        assert await sending.send([_sms(1)], "sms") == [Handover.ACCEPTED]
        assert await sending.send([_sms(2)], "sms") == [Handover.DEFERRED]
        sending.clock.advance(timedelta(minutes=1))
        assert await sending.send([_sms(2)], "sms") == [Handover.ACCEPTED]
    assert len(provider.received) == 2


async def test_a_number_gets_no_more_than_its_limit_in_a_rolling_window(channels: New) -> None:
    sending, other = channels(), channels()
    with serve_provider(twilio) as provider:
        sending.sms_provider(ProviderKind.TWILIO_SMS, url=provider.url, number_limits=(NumberLimit(2, 60),))
        for number in (1, 2):
            assert await sending.send([_sms(number)], "sms") == [Handover.ACCEPTED]
            sending.clock.advance(timedelta(minutes=20))
        assert await other.send([_sms(3)], "sms") == [Handover.QUOTA_SPENT]
        sending.clock.advance(timedelta(minutes=21))
        assert await other.send([_sms(3)], "sms") == [Handover.ACCEPTED]
    assert len(provider.received) == 3
    kept = str(await sending.database["number_sends"].find_one({}))
    assert "13800138000" not in kept
