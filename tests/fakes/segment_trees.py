"""Random trees of rules and random members, from words so few that they meet often."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.rules import (
    ADDRESSES,
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    AttributeKnown,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    DateAttribute,
    Flag,
    FlagRule,
    MomentField,
    MomentRule,
    NoneOf,
    NumberAttribute,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    ValueTier,
    YesNoAttribute,
)
from services.care.domain.segments.windows import DateWindow, Today

TODAY = Today(datetime(2026, 11, 22, 2, tzinfo=UTC), "Asia/Shanghai")
_DAY = date(2026, 11, 22)

_words = st.sampled_from(["a", "b", "GENDER_MALE", "2026-11-22", "email"])
_some_words = st.lists(_words, min_size=1, max_size=2, unique=True).map(tuple)
_small = st.integers(0, 3)
_bounds: st.SearchStrategy[tuple[int | None, int | None]] = st.sampled_from(
    [(None, 2), (1, None), (1, 2), (0, 3), (2, 2)]
)
_days = st.none() | st.integers(1, 3)
_dates = st.integers(-3, 3).map(lambda days: _DAY + timedelta(days=days))
_closed = st.tuples(_dates, _dates).map(lambda pair: DateWindow(first=min(pair), last=max(pair)))
_ahead = st.builds(DateWindow, next_days=st.integers(0, 366))
_back = st.builds(DateWindow, last_days=st.integers(0, 3))
_windows = (
    _closed
    | _back
    | st.builds(DateWindow, next_days=_small)
    | st.builds(DateWindow, before_last_days=_small)
    | st.builds(DateWindow, first=_dates)
    | st.builds(DateWindow, last=_dates)
)
_attributes = st.sampled_from(["x", "y"])
_acts = st.sampled_from(["visit_completed", "case_opened"])
_surveys = st.sampled_from(["visit", "sur_1"])

_tiers = st.lists(st.sampled_from(ValueTier), max_size=2, unique=True).map(tuple)
_currencies = st.sampled_from(["CNY", "EUR"])

leaves: st.SearchStrategy[Rule] = st.one_of(
    st.builds(ProfileRule, st.sampled_from(sorted(set(ProfileField) - ADDRESSES)), st.just(()) | _some_words),
    st.builds(ProfileRule, st.sampled_from(sorted(ADDRESSES))),
    st.builds(FlagRule, st.sampled_from(Flag)),
    st.builds(ConsentRule, st.sampled_from([Channel.EMAIL, Channel.SMS]), st.sampled_from(Purpose)),
    st.builds(TagRule, _some_words),
    st.builds(TierRule, _some_words),
    st.builds(lambda bounds: NumberRule(NumberField.POINTS, *bounds), _bounds),
    st.builds(NumberRule, st.just(NumberField.BIRTH_YEAR), st.integers(1989, 1991)),
    st.builds(MomentRule, st.sampled_from(MomentField), _windows),
    st.builds(BirthdayRule, _closed | _ahead | _back),
    st.builds(TextAttribute, _attributes, _some_words),
    st.builds(lambda name, bounds: NumberAttribute(name, *bounds), _attributes, _bounds),
    st.builds(NumberAttribute, _attributes, at_most=st.floats(0, 3)),
    st.builds(YesNoAttribute, _attributes, st.booleans()),
    st.builds(DateAttribute, _attributes, _windows),
    st.builds(AttributeKnown, _attributes),
    st.builds(
        ActRule, _acts, at_least=st.integers(1, 3), at_most=_days.map(lambda more: more and more + 2), days=_days
    ),
    st.builds(ActRule, _acts, at_most=_small, days=_days),
    st.builds(lambda survey, bounds, days: AnswerRule(survey, bounds[0], bounds[1], days), _surveys, _bounds, _days),
    st.builds(AnswerRule, _surveys, days=_days),
    st.builds(
        ContractRule,
        st.lists(st.sampled_from(ContractState), max_size=2, unique=True).map(tuple),
        st.none() | _windows,
    ),
    st.builds(ValueRule, _tiers),
    st.builds(lambda tiers, currency, bounds: ValueRule(tiers, currency, *bounds), _tiers, _currencies, _bounds),
)


def _groups(below: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    some = st.lists(below, min_size=1, max_size=3).map(tuple)
    return st.builds(AllOf, some | st.just(())) | st.builds(AnyOf, some) | st.builds(NoneOf, some)


trees: st.SearchStrategy[Rule] = st.recursive(leaves, _groups, max_leaves=12)

_moments = st.integers(-80, 20).map(lambda hours: TODAY.now + timedelta(hours=hours))
_strange: st.SearchStrategy[Any] = st.sampled_from([None, "", "a", 1, 2.5, float("nan"), True, False, _DAY.isoformat()])
"""What may be stored in place of what a rule expects."""


def _rarely_strange(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(usual, usual, usual, _strange)


def _newest_first(moments: list[datetime]) -> list[datetime]:
    return sorted(moments, reverse=True)


_birthdays = st.one_of(
    st.builds(
        lambda month, day, year: {
            "birthday": {"calendar": "BIRTHDAY_CALENDAR_SOLAR", "month": month, "day": day, "year": year},
            "birthday_key": month * 100 + day,
        },
        st.sampled_from([2, 11, 12]),
        st.integers(19, 29),
        st.none() | st.integers(1989, 1991),
    ),
    st.builds(
        lambda month, day, leap: {
            "birthday": {"calendar": "BIRTHDAY_CALENDAR_LUNAR", "month": month, "day": day, "leap_month": leap},
            "birthday_key": month * 100 + day + (20_000 if leap else 10_000),
        },
        st.sampled_from([6, 10, 11]),
        st.integers(10, 30),
        st.booleans(),
    ),
    st.just({"birthday": None, "birthday_key": None}),
)

_PROFILE = [field.value for field in ProfileField if field is not ProfileField.EXTERNAL_REF]  # which is unique
_facts = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(_PROFILE, _words | _strange),
        "do_not_contact": _rarely_strange(st.booleans()),
        "complaints": st.lists(st.just("cas_1"), max_size=1),
        "cheerless_until": _rarely_strange(_dates.map(str)),
        "consents": st.dictionaries(
            st.sampled_from([str(Channel.EMAIL), str(Channel.SMS)]),
            st.dictionaries(st.sampled_from([str(each) for each in Purpose]), _rarely_strange(st.booleans())),
        ),
        "tags": st.lists(_words, max_size=2),
        "tier": _words | _strange,
        "points": _rarely_strange(_small),
        "create_time": _rarely_strange(_moments),
        "update_time": _rarely_strange(_moments),
        "attributes": st.dictionaries(_attributes, _words | _strange | _dates.map(str) | _small),
        "acts": st.dictionaries(_acts, st.lists(_moments, max_size=5).map(_newest_first)),
        "answers": st.lists(
            st.fixed_dictionaries({"survey": _surveys}, optional={"score": _rarely_strange(_small), "at": _moments}),
            max_size=2,
        ),
        "customer_value": _rarely_strange(
            st.fixed_dictionaries(
                {"tier": st.sampled_from([*(str(each) for each in ValueTier), "unheard_of"])},
                optional={"currency_code": _currencies, "minor_units": _rarely_strange(st.integers(-1, 3))},
            )
        ),
        "merged_into_id": st.sampled_from([None, "", "mem_z"]),
        "contracts": st.lists(
            st.fixed_dictionaries(
                {"state": st.sampled_from([*(str(each) for each in ContractState), "unheard_of"])},
                optional={"end_date": _rarely_strange(_dates.map(str))},
            ),
            max_size=2,
        ),
    },
)  # fmt: skip

members: st.SearchStrategy[dict[str, Any]] = st.builds(lambda facts, birthday: facts | birthday, _facts, _birthdays)
