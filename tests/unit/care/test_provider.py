from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.care.domain.channels import Channel
from services.care.domain.providers.kinds import NumberLimit, ProviderKind
from services.care.domain.providers.mail_servers import MailServer, MailTls
from services.care.domain.providers.provider import Pause, ProviderNotPaused
from services.chassis.errors import InvalidField
from tests.unit.care.providers import NOON, a_provider


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_provider_of_each_kind_with_what_it_needs_is_fine(kind: ProviderKind) -> None:
    assert a_provider(kind).checked() == a_provider(kind)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": " "}, "provider.name"),
        ({"channel": Channel.EMAIL}, "provider.channel"),
        ({"priority": 101}, "provider.priority"),
        ({"per_second": -1}, "provider.per_second"),
        ({"number_limits": (NumberLimit(0, 1),)}, "provider.number_limits[0].most"),
        ({"number_limits": (NumberLimit(1, 0),)}, "provider.number_limits[0].minutes"),
        ({"number_limits": (NumberLimit(1, 1),) * 6}, "provider.number_limits"),
        ({"settings": {"url": "file:///etc/passwd"}}, "provider.settings"),
        ({"settings": {"url": "http://user:password@example.com"}}, "provider.settings"),
        ({"settings": {"url": ""}}, "provider.settings"),
        ({"settings": {"colour": "red"}}, "provider.settings"),
        ({"secrets": {}}, "provider.secrets"),
        ({"secrets": {"signing": "A", "more": "B"}}, "provider.secrets"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(told: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        a_provider(**told).checked()
    assert refused.value.field == field


def test_a_secret_sent_in_place_of_its_name_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidField) as refused:
        a_provider(secrets={"signing": "whsec_C2FVsBQIhrscChlQIMV"}).checked()
    assert "C2FVsBQ" not in refused.value.message


def test_channel_and_kind_cannot_change_and_a_pause_outlives_a_change() -> None:
    pause = Pause(NOON, "error-rate", "40 of 50 failed")
    stored = a_provider(ProviderKind.TWILIO_SMS, pause=pause, version=4)
    later = NOON + timedelta(hours=1)
    told = stored.told(replace(stored, name="New", pause=None), by="ops", now=later)
    assert (told.name, told.pause, told.version, told.updated_by) == ("New", pause, 4, "ops")
    with pytest.raises(InvalidField):
        stored.told(a_provider(ProviderKind.ALIYUN_SMS), by="ops", now=later)


def test_a_paused_provider_keeps_its_first_reason_until_somebody_resumes_it() -> None:
    paused = a_provider().paused(by="error-rate", reason="40 of 50 failed", now=NOON)
    assert paused.paused(by="ops", reason="again", now=NOON) is paused
    assert paused.resumed(by="ops", now=NOON).pause is None
    with pytest.raises(ProviderNotPaused):
        a_provider().resumed(by="ops", now=NOON)


def test_limits_of_its_own_replace_those_its_kind_is_known_for() -> None:
    assert a_provider(ProviderKind.ALIYUN_SMS).limits_per_number == (NumberLimit(50, 1440),)
    own = a_provider(ProviderKind.ALIYUN_SMS, number_limits=(NumberLimit(2, 1),))
    assert own.limits_per_number == (NumberLimit(2, 1),)
    assert a_provider().limits_per_number == ()


@pytest.mark.parametrize(
    "settings",
    [
        {"quota": "year"},
        {"per_month": "0"},
        {"per_month": "32"},
        {"senders": "emp_01JD0000000000000000000001"},
        {"senders": "somebody=zhangsan"},
    ],
)
def test_what_wecom_is_told_wrongly_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidField) as refused:
        a_provider(ProviderKind.WECOM, settings=settings).checked()
    assert refused.value.field == "provider.settings"


@pytest.mark.parametrize("settings", [{"quota": "day"}, {"quota": "week"}, {"quota": "month", "per_month": "4"}])
def test_the_quota_that_the_company_set_in_wecom_is_data(settings: dict[str, str]) -> None:
    asked = a_provider(ProviderKind.WECOM, settings=settings | {"senders": "emp_01JD0000000000000000000001=lisi"})
    assert asked.checked() == asked


@pytest.mark.parametrize(
    ("settings", "secrets", "field"),
    [
        ({"host": "mail.example.com:25"}, {}, "provider.settings"),
        ({"host": "smtp://mail.example.com"}, {}, "provider.settings"),
        ({"from": "care"}, {}, "provider.settings"),
        ({"from": "a@example.com> BODY=8BITMIME <b@example.com"}, {}, "provider.settings"),
        ({"port": "0"}, {}, "provider.settings"),
        ({"port": "65536"}, {}, "provider.settings"),
        ({"port": "-1"}, {}, "provider.settings"),
        ({"connections": "65"}, {}, "provider.settings"),
        ({"tls": "yes"}, {}, "provider.settings"),
        ({"lookup_url": "mail.example.com"}, {}, "provider.settings"),
        ({"user": "care"}, {}, "provider.secrets"),
        ({}, {"password": "MAIL_PASSWORD"}, "provider.secrets"),
        ({"user": "care"}, {"password": "hush"}, "provider.secrets"),
        ({"user": "care", "tls": "offered"}, {"password": "MAIL_PASSWORD"}, "provider.settings"),
    ],
)
def test_what_a_mail_server_is_told_wrongly_is_refused(
    settings: dict[str, str], secrets: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidField) as refused:
        a_provider(ProviderKind.SMTP, settings=settings, secrets=secrets).checked()
    assert refused.value.field == field


def test_a_mail_server_without_more_wants_starttls_at_its_usual_port() -> None:
    told = {"user": "care", "host": "[2001:db8::25]", "from": "care@example.com"}
    wanted = a_provider(ProviderKind.SMTP, settings=told, secrets={"password": "MAIL_PASSWORD"}).checked()
    server = MailServer.of(wanted.settings)
    assert server == MailServer("2001:db8::25", 587, MailTls.STARTTLS, "care", "care@example.com", 8)
    assert [MailServer.of(told | {"tls": mode}).port for mode in ("implicit", "offered", "none")] == [465, 25, 25]


@pytest.mark.parametrize(
    ("kind", "name", "address"),
    [
        (ProviderKind.WEBHOOK, "url", "http://[::1"),
        (ProviderKind.WEBHOOK, "url", "http://127.0.0.1:99999/hook"),
        (ProviderKind.WEBHOOK, "url", "http://127.0.0.1:0/hook"),
        (ProviderKind.ALIYUN_SMS, "endpoint", "https://user@sms.example"),
        (ProviderKind.ALIYUN_SMS, "endpoint", "https://sms.example?region=1"),
        (ProviderKind.WECHAT, "endpoint", "https://wechat.example#1"),
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused(kind: ProviderKind, name: str, address: str) -> None:
    with pytest.raises(InvalidField) as refused:
        a_provider(kind, settings={name: address}).checked()
    assert refused.value.field == "provider.settings"
