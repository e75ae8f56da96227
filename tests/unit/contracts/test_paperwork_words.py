from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.paperwork.clause_template import ClauseTemplate, ClauseText
from services.contracts.domain.paperwork.clause_words import SAMPLE
from services.contracts.domain.paperwork.contract_paper import ChosenClause, PaperChoice, PaperLanguage
from services.contracts.domain.paperwork.paper import Parties, clause_values, paper_of
from services.contracts.domain.paperwork.paper_html import html_of, sha256_of
from services.contracts.domain.paperwork.paper_words import LABELS, capital_yuan, day_in, every, money_in, period_in
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import ContractLine, Period, PeriodUnit, TermsVersion

ZH, EN = PaperLanguage.ZH_HANS, PaperLanguage.EN
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = TermsVersion(
    number=1,
    effective_date=date(2026, 6, 1),
    recorded_time=NOON,
    recorded_by="sue",
    title="Care",
    start_date=date(2026, 6, 1),
    end_date=date(2027, 5, 31),
    price=Money("CNY", 120_000),
    lines=(ContractLine(id="lin_1", description="Lift", quantity=3, price=Money("CNY", 1_234_550)),),
)
CONTRACT = Contract(
    id="con_1",
    customer_id="cus_1",
    owner_id="",
    author="sue",
    state=ContractState.DRAFT,
    time_zone="Asia/Shanghai",
    versions=(TERMS,),
    moves=(),
    create_time=NOON,
    update_time=NOON,
)
PARTIES = Parties(customer_name="东方仪器", company_name="华安服务")


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money("CNY", 123_456_789), "CNY 1,234,567.89"),
        (Money("JPY", 500), "JPY 500"),
        (Money("KWD", 1_234_567), "KWD 1,234.567"),
        (Money("CNY", 5), "CNY 0.05"),
        (Money("CNY", 2**63 - 1), "CNY 92,233,720,368,547,758.07"),
    ],
)
def test_money_has_the_decimals_of_its_currency(money: Money, written: str) -> None:
    assert money_in(money) == written


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        # The first five are the examples in the rules of the People's Bank of China for bills; where they leave a
        # zero before jiao open ("可以只写一个零字，也可以不写"), there is none here.
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (1_000_000_000_00, "壹拾亿元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (10_0010_0000_00, "壹拾亿零壹拾万元整"),
    ],
)
def test_an_amount_of_yuan_is_written_in_capital_numerals(fen: int, written: str) -> None:
    assert capital_yuan(Money("CNY", fen)) == f"人民币{written}"


@given(st.integers(0, 10**17))
def test_capital_numerals_read_back_as_the_amount(fen: int) -> None:
    assert _read(capital_yuan(Money("CNY", fen)).removeprefix("人民币")) == fen


def _read(words: str) -> int:
    digits, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1_000}
    whole, found, part = words.partition("元")
    if not found:
        whole, part = "", words
    yuan = group = digit = 0
    for mark in whole:
        if mark in digits:
            digit = digits.index(mark)
        elif mark in places:
            group, digit = group + digit * places[mark], 0
        else:
            yuan, group, digit = yuan + (group + digit) * {"万": 10**4, "亿": 10**8, "兆": 10**12}[mark], 0, 0
    yuan += group + digit
    jiao = digits.index(part[part.index("角") - 1]) if "角" in part else 0
    fen = digits.index(part[part.index("分") - 1]) if "分" in part else 0
    return yuan * 100 + jiao * 10 + fen


def test_other_currencies_have_no_capital_numerals() -> None:
    assert capital_yuan(Money("USD", 100)) == ""


@pytest.mark.parametrize(
    ("period", "each", "length"),
    [
        (Period(PeriodUnit.YEAR, 1), ("every year", "每年"), ("1 year", "1年")),
        (Period(PeriodUnit.MONTH, 3), ("every 3 months", "每3个月"), ("3 months", "3个月")),
        (Period(PeriodUnit.QUARTER, 1), ("every quarter", "每季度"), ("1 quarter", "1个季度")),
        (Period(PeriodUnit.WEEK, 2), ("every 2 weeks", "每2周"), ("2 weeks", "2周")),
        (Period(PeriodUnit.DAY, 10), ("every 10 days", "每10天"), ("10 days", "10天")),
    ],
)
def test_a_period_is_said_in_both_languages(period: Period, each: tuple[str, str], length: tuple[str, str]) -> None:
    assert (every(period, EN), every(period, ZH)) == each
    assert (period_in(period, EN), period_in(period, ZH)) == length


def test_a_day_is_written_as_people_of_the_language_write_it() -> None:
    assert (day_in(date(2028, 2, 29), EN), day_in(date(2028, 2, 29), ZH)) == ("29 February 2028", "2028年2月29日")


def test_both_languages_have_the_same_labels() -> None:
    assert LABELS[ZH].keys() == LABELS[EN].keys()


def test_the_values_of_a_contract_have_the_names_that_clauses_were_checked_with() -> None:
    for language in PaperLanguage:
        values = clause_values(CONTRACT, PARTIES, language=language)
        assert {name: set(fields) for name, fields in values.items()} == {
            name: set(fields) for name, fields in SAMPLE.items()
        }
        assert set(values["contract"]["lines"][0]) == set(SAMPLE["contract"]["lines"][0])


def test_a_term_counts_its_last_day() -> None:
    assert clause_values(CONTRACT, PARTIES, language=EN)["contract"]["days"] == 365


def test_a_clause_in_another_language_gets_the_values_of_that_language() -> None:
    texts = (ClauseText(language=EN, title="Term", body="From {{ contract.start_date }}."),)
    template = ClauseTemplate.write("tpl_1", "Term", texts=texts, author="leo", now=NOON)
    contract = replace(CONTRACT, paper=PaperChoice(clauses=(ChosenClause("tpl_1", 1),)))
    paper = paper_of(contract, PARTIES, choice=contract.paper, templates={"tpl_1": template}, language=ZH)
    assert paper.clauses[0].paragraphs == ("From 1 June 2026.",)
    assert paper.other_language_titles == ("Term",)


def test_the_hash_is_that_of_the_page_and_changes_with_every_word() -> None:
    def page(contract: Contract) -> str:
        return html_of(paper_of(contract, PARTIES, choice=PaperChoice(), templates={}, language=EN))

    other = replace(CONTRACT, versions=(replace(TERMS, price=Money("CNY", 120_001)),))
    assert sha256_of(page(CONTRACT)) == sha256_of(page(CONTRACT))
    assert sha256_of(page(CONTRACT)) != sha256_of(page(other))
    assert sha256_of("中") == "a567bdaa11367f260f0708391f4d10766b5962f565d9e432f17981a3584fe1e2"


@given(st.text(max_size=50), st.text(min_size=1, max_size=50))
def test_no_name_or_title_ever_becomes_markup(name: str, title: str) -> None:
    contract = replace(CONTRACT, versions=(replace(TERMS, title=title),))
    parties = Parties(customer_name=name)
    plain = html_of(paper_of(CONTRACT, Parties(customer_name="x"), choice=PaperChoice(), templates={}, language=EN))
    page = html_of(paper_of(contract, parties, choice=PaperChoice(), templates={}, language=EN))
    facts_fewer = 0 if name else 1  # a fact without a value is left out
    assert page.count("<") - plain.count("<") == -4 * facts_fewer
