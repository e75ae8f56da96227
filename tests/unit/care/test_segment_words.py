"""Rules and what is on record, in the words of two languages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.explanation import reasons
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AttributeKnown,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    DateAttribute,
    Flag,
    FlagRule,
    Leaf,
    MomentField,
    MomentRule,
    NumberAttribute,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    ValueTier,
    YesNoAttribute,
)
from services.care.domain.segments.segment import Segment
from services.care.domain.segments.windows import DateWindow, Today
from services.care.domain.segments.wording import window_words
from services.chassis.ids import derived_id

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
ASKED = Asked(Today(NOW, "Asia/Shanghai"), {})
FACTS: dict[str, Any] = {
    "gender": "GENDER_FEMALE",
    "email": "anna@example.com",
    "do_not_contact": False,
    "complaints": ["cas_1"],
    "consents": {"sms": {"marketing": True}},
    "tags": ["vip", "old"],
    "tier": "gold",
    "points": 120,
    "create_time": datetime(2026, 11, 21, 17, tzinfo=UTC),  # the 22nd in Shanghai
    "birthday": {"calendar": "BIRTHDAY_CALENDAR_LUNAR", "month": 10, "day": 15, "leap_month": False, "year": 1990},
    "birthday_key": 11_015,
    "attributes": {"car": "X5", "km": 8_000.5, "garage": True, "bought": "2026-11-30"},
    "acts": {"visit_completed": [datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)]},
    "answers": [{"survey": "visit", "score": 2, "at": NOW}, {"survey": "other", "score": 5, "at": NOW}],
    "customer_value": {"tier": "growing", "minor_units": 400_000, "currency_code": "CNY"},
    "contracts": [{"id": "con_1", "state": "active", "end_date": "2026-12-31"}, {"id": "con_2", "state": "expired"}],
}
SOON = DateWindow(next_days=10)

TOLD: list[tuple[Leaf, bool, tuple[str, str], tuple[str, str]]] = [
    (
        ProfileRule(ProfileField.GENDER, ("GENDER_FEMALE", "GENDER_MALE")),
        True,
        ("gender: female or male", "性别：女、男"),
        ("female", "女"),
    ),
    (ProfileRule(ProfileField.EMAIL), True, ("e-mail address is known", "已登记电子邮箱"), ("yes", "是")),
    (
        ProfileRule(ProfileField.OWNER),
        False,
        ("responsible employee is known", "已登记负责员工"),
        ("nothing on record", "无记录"),
    ),
    (FlagRule(Flag.DO_NOT_CONTACT), False, ("must not be contacted", "已标记请勿联系"), ("no", "否")),
    (FlagRule(Flag.COMPLAINT_OPEN), True, ("has an open complaint", "有未结投诉"), ("cas_1", "cas_1")),
    (
        ConsentRule(Channel.SMS, Purpose.MARKETING),
        True,
        ("agreed to marketing messages by text message", "同意通过短信接收营销消息"),
        ("yes", "是"),
    ),
    (TagRule(("vip",)), True, ("one of the tags: vip", "标签之一：vip"), ("vip, old", "vip, old")),
    (TierRule(("gold", "silver")), True, ("tier: gold or silver", "等级：gold、silver"), ("gold", "gold")),
    (NumberRule(NumberField.POINTS, 200), False, ("points: at least 200", "积分：至少 200"), ("120", "120")),
    (
        NumberRule(NumberField.BIRTH_YEAR, 1980, 1990),
        True,
        ("year of birth: 1980 to 1990", "出生年份：1980 至 1990"),
        ("1990", "1990"),
    ),
    (
        MomentRule(MomentField.REGISTERED, DateWindow(last_days=0)),
        True,
        ("registered today", "注册时间在今天"),
        ("2026-11-22", "2026-11-22"),
    ),
    (
        BirthdayRule(SOON),
        True,
        ("birthday is celebrated in the next 10 days", "生日在未来 10 天内"),
        ("10-15 (lunar)", "10-15（农历）"),
    ),
    (TextAttribute("car", ("X5",)), True, ("“car”: X5", "“car”：X5"), ("X5", "X5")),
    (NumberAttribute("km", at_most=8_000.5), True, ("“km”: at most 8000.5", "“km”：至多 8000.5"), ("8000.5", "8000.5")),
    (YesNoAttribute("garage", value=False), False, ("“garage” is no", "“garage”为否"), ("yes", "是")),
    (
        DateAttribute("bought", DateWindow(first=date(2026, 12, 1))),
        False,
        ("“bought” lies on 2026-12-01 or later", "“bought”在2026-12-01 及以后"),
        ("2026-11-30", "2026-11-30"),
    ),
    (AttributeKnown("boat"), False, ("“boat” is known", "已登记“boat”"), ("nothing on record", "无记录")),
    (
        ActRule("visit_completed", 2, days=30),
        False,
        ("did “visit_completed” at least 2 times in the last 30 days", "最近 30 天内“visit_completed”次数：至少 2"),
        ("2 times, last on 2026-11-20", "2 次，最近一次 2026-11-20"),
    ),
    (
        AnswerRule("visit", at_most=2),
        True,
        ("gave a score of at most 2 in “visit”", "在“visit”中打分：至多 2"),
        ("2", "2"),
    ),
    (
        ContractRule((ContractState.ACTIVE, ContractState.SUSPENDED), SOON),
        False,
        (
            "has a contract that is active or suspended and ends in the next 10 days",
            "有生效中或已暂停的合同，到期日在未来 10 天内",
        ),
        ("active until 2026-12-31; expired", "生效中，至 2026-12-31；已到期"),
    ),
    (
        ValueRule((ValueTier.HIGH_VALUE, ValueTier.GROWING), "CNY", 400_000),
        True,
        (
            "value of the customer: high value or growing, at least 400000 in smallest units of CNY",
            "客户价值：高价值或成长，金额（CNY 最小单位）至少 400000",
        ),
        ("growing (400000 CNY in smallest units)", "成长（400000 CNY，最小单位）"),
    ),
]


@pytest.mark.parametrize(("rule", "holds", "asked", "found"), TOLD, ids=[type(each[0]).__name__ for each in TOLD])
def test_a_test_is_told_with_what_is_on_record_in_both_languages(
    rule: Leaf, *, holds: bool, asked: tuple[str, str], found: tuple[str, str]
) -> None:
    segment = Segment.written(
        derived_id("seg", "x"), name="x", description="", rule=AllOf((rule,)), author="olga", now=NOW
    )
    everything, line = reasons(segment, {}, facts=FACTS, asked=ASKED)
    assert everything.holds is line.holds is holds
    assert (line.rule.english, line.rule.chinese) == asked
    assert line.found
    assert (line.found.english, line.found.chinese) == found


@pytest.mark.parametrize(
    ("window", "english", "chinese"),
    [
        (DateWindow(last_days=1), "in the last day", "最近 1 天内"),
        (DateWindow(before_last_days=30), "more than 30 days ago", "30 天以前"),
        (
            DateWindow(first=date(2026, 1, 1), last=date(2026, 1, 31)),
            "from 2026-01-01 to 2026-01-31",
            "2026-01-01 至 2026-01-31",
        ),
        (DateWindow(last=date(2026, 1, 31)), "on 2026-01-31 or earlier", "2026-01-31 及以前"),
    ],
)
def test_a_window_is_told_as_people_say_it(window: DateWindow, *, english: str, chinese: str) -> None:
    assert (window_words(window).english, window_words(window).chinese) == (english, chinese)
