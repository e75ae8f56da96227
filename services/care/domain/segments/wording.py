"""Rules in the words of two languages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    AttributeKnown,
    AttributeRule,
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
    NoneOf,
    NumberAttribute,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    SegmentRule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    ValueTier,
    YesNoAttribute,
)
from services.care.domain.segments.windows import DateWindow


@dataclass(frozen=True, slots=True)
class Words:
    """The same in English and in Simplified Chinese."""

    english: str
    chinese: str


NOTHING = Words("nothing on record", "无记录")

NameOf = Callable[[str], str]
"""Returns the name of a segment."""

PROFILE: Mapping[ProfileField, Words] = {
    ProfileField.GENDER: Words("gender", "性别"),
    ProfileField.LANGUAGE: Words("language", "语言"),
    ProfileField.TIME_ZONE: Words("time zone", "时区"),
    ProfileField.CUSTOMER: Words("customer", "客户"),
    ProfileField.EXTERNAL_REF: Words("external reference", "外部编号"),
    ProfileField.HOUSEHOLD: Words("household", "家庭"),
    ProfileField.OWNER: Words("responsible employee", "负责员工"),
    ProfileField.PREFERRED_CHANNEL: Words("preferred channel", "首选渠道"),
    ProfileField.EMAIL: Words("e-mail address", "电子邮箱"),
    ProfileField.PHONE: Words("phone number", "电话号码"),
    ProfileField.WECOM: Words("WeCom id", "企业微信账号"),
    ProfileField.WECHAT: Words("WeChat id", "微信账号"),
}
NUMBERS: Mapping[NumberField, Words] = {
    NumberField.POINTS: Words("points", "积分"),
    NumberField.BIRTH_YEAR: Words("year of birth", "出生年份"),
}
_MOMENTS: Mapping[MomentField, Words] = {
    MomentField.REGISTERED: Words("registered", "注册时间在"),
    MomentField.CHANGED: Words("last changed", "最近修改时间在"),
}
_FLAGS: Mapping[Flag, Words] = {
    Flag.DO_NOT_CONTACT: Words("must not be contacted", "已标记请勿联系"),
    Flag.COMPLAINT_OPEN: Words("has an open complaint", "有未结投诉"),
    Flag.NO_CHEER: Words("gets no cheerful messages today", "今日不发送喜庆消息"),
    Flag.BIRTHDAY_KNOWN: Words("birthday is known", "已登记生日"),
}
_CHANNELS: Mapping[Channel, Words] = {
    Channel.EMAIL: Words("e-mail", "电子邮件"),
    Channel.SMS: Words("text message", "短信"),
    Channel.WECOM: Words("WeCom", "企业微信"),
    Channel.WECHAT: Words("WeChat", "微信"),
    Channel.WEBHOOK: Words("webhook", "接口"),
    Channel.CALL: Words("phone", "电话"),
}
_PURPOSES: Mapping[Purpose, Words] = {
    Purpose.CARE: Words("care", "关怀"),
    Purpose.MARKETING: Words("marketing", "营销"),
    Purpose.SERVICE: Words("service", "服务"),
}
STATES: Mapping[ContractState, Words] = {
    ContractState.ACTIVE: Words("active", "生效中"),
    ContractState.SUSPENDED: Words("suspended", "已暂停"),
    ContractState.EXPIRED: Words("expired", "已到期"),
    ContractState.TERMINATED: Words("terminated", "已终止"),
}
VALUE_TIERS: Mapping[ValueTier, Words] = {
    ValueTier.HIGH_VALUE: Words("high value", "高价值"),
    ValueTier.GROWING: Words("growing", "成长"),
    ValueTier.STABLE: Words("stable", "稳定"),
    ValueTier.POTENTIAL: Words("potential", "潜力"),
    ValueTier.AT_RISK: Words("at risk", "流失风险"),
}
_VALUES: Mapping[str, Words] = {
    "GENDER_FEMALE": Words("female", "女"),
    "GENDER_MALE": Words("male", "男"),
    "LANGUAGE_ZH_HANS": Words("Simplified Chinese", "简体中文"),
    "LANGUAGE_EN": Words("English", "英文"),
    **{str(channel): words for channel, words in _CHANNELS.items()},
}


def rule_words(rule: Rule, name_of: NameOf) -> Words:
    """Say what a rule asks; of a group only how what follows belongs together."""
    match rule:
        case AllOf(rules):
            return Words("all of these hold:", "以下全部满足：") if rules else Words("every member", "所有会员")
        case AnyOf():
            return Words("at least one of these holds:", "以下至少一项满足：")
        case NoneOf():
            return Words("none of these holds:", "以下均不满足：")
        case SegmentRule(segment_id):
            name = name_of(segment_id)
            return Words(f"is in the segment “{name}”", f"属于分群“{name}”")
        case _:
            return _leaf(rule)


def word(value: str) -> Words:
    """Return a stored word as people say it; what is not ours is shown as it is."""
    return _VALUES.get(value, Words(value, value))


def _leaf(rule: Leaf) -> Words:  # noqa: C901, PLR0911  # a case a leaf
    match rule:
        case ProfileRule(field, any_of):
            return _one_of(PROFILE[field], any_of) if any_of else _known(PROFILE[field])
        case FlagRule(flag):
            return _FLAGS[flag]
        case ConsentRule(channel, purpose):
            way, what = _CHANNELS[channel], _PURPOSES[purpose]
            return Words(
                f"agreed to {what.english} messages by {way.english}", f"同意通过{way.chinese}接收{what.chinese}消息"
            )
        case TagRule(any_of):
            return _one_of(Words("one of the tags", "标签之一"), any_of)
        case TierRule(any_of):
            return _one_of(Words("tier", "等级"), any_of)
        case NumberRule(field, at_least, at_most):
            return _ranged(NUMBERS[field], at_least, most=at_most)
        case MomentRule(field, window):
            return _join(_MOMENTS[field], window_words(window))
        case BirthdayRule(window):
            return _join(Words("birthday is celebrated", "生日在"), window_words(window))
        case ActRule() | AnswerRule():
            return _behaviour(rule)
        case ContractRule(states, ends):
            return _contract(states, ends)
        case ValueRule():
            return _worth(rule)
        case _:
            return _attribute(rule)


def _attribute(rule: AttributeRule) -> Words:
    label = Words(f"“{rule.name}”", f"“{rule.name}”")
    match rule:
        case TextAttribute(_, any_of):
            return _one_of(label, any_of)
        case NumberAttribute(_, at_least, at_most):
            return _ranged(label, at_least, most=at_most)
        case YesNoAttribute(_, value):
            return Words(
                f"{label.english} is {'yes' if value else 'no'}", f"{label.chinese}为{'是' if value else '否'}"
            )
        case DateAttribute(_, window):
            when = window_words(window)
            return Words(f"{label.english} lies {when.english}", f"{label.chinese}在{when.chinese}")
        case AttributeKnown():
            return _known(label)
        case _:
            assert_never(rule)


def _behaviour(rule: ActRule | AnswerRule) -> Words:
    recent = Words("", "") if rule.days is None else window_words(DateWindow(last_days=rule.days))
    open_range = rule.at_least is None and rule.at_most is None
    bounds = Words("any", "任意") if open_range else range_words(rule.at_least, rule.at_most)
    if isinstance(rule, AnswerRule):
        english = f"gave a score of {bounds.english} in “{rule.survey}” {recent.english}"
        return Words(english.strip(), f"{recent.chinese}在“{rule.survey}”中打分：{bounds.chinese}")
    english = f"did “{rule.name}” {bounds.english} times {recent.english}"
    return Words(english.strip(), f"{recent.chinese}“{rule.name}”次数：{bounds.chinese}")


def _contract(states: Iterable[ContractState], ends: DateWindow | None) -> Words:
    named = [STATES[state] for state in states]
    english = f"has a contract that is {' or '.join(each.english for each in named)}" if named else "has a contract"
    chinese = f"有{'或'.join(each.chinese for each in named)}的合同" if named else "有合同"
    if ends is None:
        return Words(english, chinese)
    when = window_words(ends)
    joint = "and" if named else "that"
    return Words(f"{english} {joint} ends {when.english}", f"{chinese}，到期日在{when.chinese}")


def _worth(rule: ValueRule) -> Words:
    named = [VALUE_TIERS[tier] for tier in rule.tiers]
    english, chinese = " or ".join(each.english for each in named), "或".join(each.chinese for each in named)
    of_tier = Words(english, chinese) if named else Words("any", "任意")
    if not rule.currency:
        return Words(f"value of the customer: {of_tier.english}", f"客户价值：{of_tier.chinese}")
    bounds = range_words(rule.at_least, rule.at_most)
    return Words(
        f"value of the customer: {of_tier.english}, {bounds.english} in smallest units of {rule.currency}",
        f"客户价值：{of_tier.chinese}，金额（{rule.currency} 最小单位）{bounds.chinese}",
    )


def window_words(window: DateWindow) -> Words:  # noqa: PLR0911  # one for each way to say it
    """Say when; a window of one day is today."""
    if window.last_days == 0 or window.next_days == 0:
        return Words("today", "今天")
    if window.last_days is not None:
        return Words(f"in the last {_days(window.last_days)}", f"最近 {window.last_days} 天内")
    if window.next_days is not None:
        return Words(f"in the next {_days(window.next_days)}", f"未来 {window.next_days} 天内")
    if window.before_last_days is not None:
        return Words(f"more than {_days(window.before_last_days)} ago", f"{window.before_last_days} 天以前")
    if window.first and window.last:
        return Words(f"from {window.first} to {window.last}", f"{window.first} 至 {window.last}")
    if window.first:
        return Words(f"on {window.first} or later", f"{window.first} 及以后")
    return Words(f"on {window.last} or earlier", f"{window.last} 及以前")


def range_words(least: float | None, most: float | None) -> Words:
    """Say between which bounds, both included."""
    if least is not None and least == most:
        return Words(f"exactly {least:.15g}", f"恰好 {least:.15g}")
    if least is not None and most is not None:
        return Words(f"{least:.15g} to {most:.15g}", f"{least:.15g} 至 {most:.15g}")
    if least is not None:
        return Words(f"at least {least:.15g}", f"至少 {least:.15g}")
    return Words(f"at most {most:.15g}", f"至多 {most:.15g}")


def _ranged(label: Words, least: float | None, *, most: float | None) -> Words:
    bounds = range_words(least, most)
    return Words(f"{label.english}: {bounds.english}", f"{label.chinese}：{bounds.chinese}")


def _one_of(label: Words, values: Iterable[str]) -> Words:
    said = [word(value) for value in values]
    return Words(
        f"{label.english}: {' or '.join(each.english for each in said)}",
        f"{label.chinese}：{'、'.join(each.chinese for each in said)}",
    )


def _known(label: Words) -> Words:
    return Words(f"{label.english} is known", f"已登记{label.chinese}")


def _join(label: Words, when: Words) -> Words:
    return Words(f"{label.english} {when.english}", f"{label.chinese}{when.chinese}")


def _days(count: int) -> str:
    return "day" if count == 1 else f"{count} days"
