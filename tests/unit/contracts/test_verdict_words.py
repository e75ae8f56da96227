from datetime import date

import pytest

from services.contracts.domain.entitlement.coverage import Facts, Judgement, Reason, ServiceUnit, Verdict
from services.contracts.domain.entitlement.entitlement import Entitlement, entitlement
from services.contracts.domain.entitlement.judge_coverage import judge
from services.contracts.domain.entitlement.service_rates import Offer, ServiceRates, Tariff
from services.contracts.domain.entitlement.verdict_words import explain, quantity_words, reason_words
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.money import Money
from tests.unit.contracts.cover_facts import (
    NOON,
    START,
    a_line,
    a_promise,
    allowing,
    an_ask,
    counter,
    facts,
    move,
    terms,
)

MINUTES = ServiceUnit.MINUTES
TARIFF = Tariff(
    rates=ServiceRates(hour=Money("CNY", 30_000)),
    offer=Offer(product_id="prd_1", name_en="Full care", name_zh="全面维护"),
)


def said(known: Facts, tariff: Tariff = TARIFF, *, quantity: int = 120) -> Entitlement:
    return entitlement(judge(an_ask(quantity=quantity, unit=MINUTES), known), tariff, known_at=NOON)


def test_a_covered_request_says_by_what_and_what_it_would_cost_otherwise() -> None:
    told = said(facts(a_promise(terms(a_line(allowances=allowing(hours=10))))))
    assert (told.list_price, told.price, told.saved, told.hint) == (
        Money("CNY", 60_000),
        Money("CNY", 0),
        Money("CNY", 60_000),
        None,
    )
    assert explain(told).en == (
        "Free of charge: covered by contract “Care” (con_1, version 1), in force to 2026-12-31 inclusive; "
        "8 h left of its allowance. Without cover it would cost CNY 600.00."
    )
    assert explain(told).zh == (
        "免费：由合同“Care”（con_1，第1版）承保，有效期至2026-12-31（含当日），额度还剩8小时。"
        "如无保障，费用为CNY 600.00。"
    )


def test_a_partly_covered_request_says_how_much_is_charged() -> None:
    known = facts(a_promise(terms(a_line(allowances=allowing(hours=10)))), used={counter(MINUTES): 570})
    told = said(known)
    assert (told.price, told.saved) == (Money("CNY", 45_000), Money("CNY", 15_000))
    assert explain(told).en == (
        "Partly charged: of 2 h, 30 min is covered by contract “Care” (con_1, version 1); its allowance is used up "
        "then, and 1 h 30 min is charged. The price is CNY 450.00. With “Full care” it would have cost CNY 0.00."
    )
    assert "其余1小时30分钟需要收费" in explain(told).zh


def test_the_customers_own_contract_is_named_before_an_offer() -> None:
    told = said(facts(a_promise(terms(end_date=date(2026, 6, 1), title="Old care"))))
    assert told.hint is not None
    assert (told.hint.contract_id, told.hint.product_id, told.hint.saved) == ("con_1", "", Money("CNY", 60_000))
    assert explain(told).en.endswith("The price is CNY 600.00. With “Old care” it would have cost CNY 0.00.")


def test_without_a_contract_the_offer_of_the_list_is_named() -> None:
    told = said(facts())
    assert told.hint is not None
    assert (told.hint.contract_id, told.hint.product_id) == ("", "prd_1")
    assert explain(told).zh.endswith("价格为CNY 600.00。如有“全面维护”，费用为CNY 0.00。")


def test_what_the_list_does_not_price_needs_a_quote() -> None:
    told = said(facts(), Tariff())
    assert (told.list_price, told.price, told.saved, told.hint) == (None, None, None, None)
    assert explain(told).en.endswith("The price list has no price for it: a quote is needed.")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_in_both_languages(reason: Reason) -> None:
    judgement = Judgement(
        ask=an_ask(),
        verdict=Verdict.CHARGEABLE,
        reason=reason,
        contract_id="con_1",
        terms_number=1,
        contract_title="{Care}",
        on_date=START,
    )
    words = explain(entitlement(judgement, Tariff(), known_at=NOON))
    assert words.en.startswith(("Free of charge", "Partly charged", "Charged"))
    assert words.zh.startswith(("免费", "部分收费", "收费"))
    assert "None" not in words.en + words.zh


def test_a_suspended_contract_is_told_as_such() -> None:
    moves = (move(ContractState.ACTIVE, START), move(ContractState.SUSPENDED, date(2026, 6, 1)))
    assert "was suspended on that day" in explain(said(facts(a_promise(moves=moves)))).en


@pytest.mark.parametrize(
    ("quantity", "unit", "en", "zh"),
    [
        (1, ServiceUnit.CASES, "1 case", "1个工单"),
        (2, ServiceUnit.VISITS, "2 visits", "2次上门"),
        (0, MINUTES, "0 min", "0分钟"),
        (60, MINUTES, "1 h", "1小时"),
        (95, MINUTES, "1 h 35 min", "1小时35分钟"),
        (1, None, "one call for service", "一次服务请求"),
    ],
)
def test_quantities_are_told_as_people_say_them(quantity: int, unit: ServiceUnit | None, en: str, zh: str) -> None:
    assert (quantity_words(quantity, unit).en, quantity_words(quantity, unit).zh) == (en, zh)


@pytest.mark.parametrize(
    ("allowed", "covered", "charged", "covered_zh", "charged_zh"),
    [
        (1, "1 visit is covered", "2 visits are charged", "1次上门由", "其余2次上门"),
        (2, "2 visits are covered", "1 visit is charged", "2次上门由", "其余1次上门"),
    ],
)
def test_one_visit_is_charged_and_two_are(
    allowed: int, covered: str, charged: str, covered_zh: str, charged_zh: str
) -> None:
    known = facts(a_promise(terms(a_line(allowances=allowing(visits=allowed)))))
    words = reason_words(judge(an_ask(quantity=3, unit=ServiceUnit.VISITS), known))
    assert words.en == (
        f"Partly charged: of 3 visits, {covered} by contract “Care” (con_1, version 1); "
        f"its allowance is used up then, and {charged}."
    )
    assert words.zh == (
        f"部分收费：共3次上门，其中{covered_zh}合同“Care”（con_1，第1版）承保；额度随即用完，{charged_zh}需要收费。"
    )
