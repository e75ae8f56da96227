from babel.numbers import list_currencies

from services.contracts.domain.terms.currencies import CURRENCIES


def test_every_currency_of_the_table_is_known_to_unicode() -> None:
    assert set(list_currencies()) >= CURRENCIES
    assert len(CURRENCIES) == 155


def test_the_table_holds_what_people_pay_with_today_and_nothing_that_is_history_or_no_money() -> None:
    assert {"CNY", "HKD", "MOP", "TWD", "JPY", "USD", "EUR", "GBP", "KWD", "XOF", "XCG", "ZWG"} <= CURRENCIES
    assert CURRENCIES.isdisjoint({"DEM", "FRF", "HRK", "BGN", "ANG", "ZWL", "XAU", "XTS", "XXX", "USN", "CLF", "BTC"})
