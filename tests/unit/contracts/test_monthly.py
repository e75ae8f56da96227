from datetime import UTC, date, datetime
from fractions import Fraction

from services.contracts.domain.figures.attached import Asked, EndedWarranty
from services.contracts.domain.figures.booked import BookedContract, CoveringLine
from services.contracts.domain.figures.monthly import (
    ChargedService,
    OwnerMonth,
    Sources,
    owners_of,
    total_of,
)
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span
from tests.unit.contracts.figures_builders import LONG_AGO, a_booked, a_step, a_version

MAY = Asked(
    span=Span(date(2026, 5, 1), date(2026, 5, 31)), known_at=datetime(2026, 11, 1, tzinfo=UTC), today=date(2026, 11, 1)
)
S = ContractState


def may(*contracts: BookedContract, asked: Asked = MAY, **more: object) -> OwnerMonth:
    sources = Sources(contracts=contracts, covering=contracts, **more)  # type: ignore[arg-type]
    return total_of(owners_of(sources, asked))


def expired(*versions: object, end: str, **more: object) -> BookedContract:
    start = versions[0].start_date.isoformat()  # type: ignore[attr-defined]
    steps = (a_step(S.SIGNED, start), a_step(S.ACTIVE, start), a_step(S.EXPIRED, end))
    return a_booked(*versions, steps=steps, **more)  # type: ignore[arg-type]


def test_a_contract_counts_as_signed_on_its_day_with_the_price_that_was_signed() -> None:
    signed = datetime(2026, 5, 20, tzinfo=UTC)
    contract = a_booked(
        a_version(1_200, "2026-06-01", end="2027-05-31", recorded=LONG_AGO),
        a_version(9_999, "2026-06-01", end="2027-05-31", number=2, recorded=datetime(2026, 8, 1, tzinfo=UTC)),
        steps=(a_step(S.DRAFT, "2026-05-01"), a_step(S.SIGNED, "2026-05-20", recorded=signed)),
    )
    assert (may(contract).signed.count, may(contract).signed.amounts) == (1, {"CNY": 1_200})


def test_a_term_that_ran_out_is_lost_with_its_price() -> None:
    found = may(expired(a_version(1_200, "2025-06-01", end="2026-05-31"), end="2026-06-01"))
    assert (found.lost.count, found.lost.amounts, found.renewed.count) == (1, {"CNY": 1_200}, 0)
    assert found.renewal_rate == 0


def test_a_term_followed_by_another_of_the_same_contract_is_renewed_with_the_next_price() -> None:
    found = may(
        a_booked(
            a_version(1_200, "2025-06-01", end="2026-05-31"), a_version(1_320, "2026-06-01", end="2027-05-31", number=2)
        )
    )
    assert (found.renewed.count, found.renewed.amounts, found.lost.count) == (1, {"CNY": 1_320}, 0)
    assert found.renewal_rate == 1


def test_a_term_followed_by_a_signed_successor_is_renewed_and_by_a_draft_it_is_not() -> None:
    old = a_version(1_200, "2025-06-01", end="2026-05-31")
    signed = a_booked(a_version(1_500, "2026-06-01", end="2027-05-31"), contract_id="con_2", predecessor="con_1")
    draft = a_booked(
        a_version(1_500, "2026-06-01", end="2027-05-31"),
        contract_id="con_2",
        predecessor="con_1",
        steps=(a_step(S.DRAFT, "2026-05-20"),),
    )
    renewed = may(
        a_booked(
            old, steps=(a_step(S.SIGNED, "2025-06-01"), a_step(S.ACTIVE, "2025-06-01"), a_step(S.RENEWED, "2026-06-01"))
        ),
        signed,
    )
    assert (renewed.renewed.amounts, renewed.lost.count) == ({"CNY": 1_500}, 0)
    lost = may(expired(old, end="2026-06-01"), draft)
    assert (lost.renewed.count, lost.lost.count) == (0, 1)


def test_a_termination_is_lost_in_the_month_of_its_last_day_and_a_replacement_is_not() -> None:
    terms = a_version(1_200, "2026-01-01", end="2026-12-31")
    assert may(a_booked(terms, ends="2026-05-10")).lost.amounts == {"CNY": 1_200}
    assert may(a_booked(terms, ends="2026-06-10")).lost.count == 0
    assert may(a_booked(terms, ends="2026-05-10", code=TerminationCode.REPLACED)).lost.count == 0


def test_a_term_that_a_job_has_not_yet_ended_or_prolonged_is_neither_renewed_nor_lost() -> None:
    found = may(a_booked(a_version(1_200, "2025-06-01", end="2026-05-31")))
    assert (found.renewed.count, found.lost.count, found.renewal_rate) == (0, 0, None)


def test_what_lies_ahead_of_the_day_of_asking_has_not_happened() -> None:
    asked = Asked(span=MAY.span, known_at=datetime(2026, 5, 15, tzinfo=UTC), today=date(2026, 5, 15))
    terms = a_version(1_200, "2026-01-01", end="2026-12-31")
    assert may(a_booked(terms, ends="2026-05-20"), asked=asked).lost.count == 0
    assert may(a_booked(terms, ends="2026-05-14"), asked=asked).lost.count == 1


def test_a_month_as_known_at_a_moment_does_not_change_when_more_is_recorded() -> None:
    later = datetime(2026, 10, 1, tzinfo=UTC)
    terms = a_version(1_200, "2026-01-01", end="2026-12-31")
    before = Asked(span=MAY.span, known_at=datetime(2026, 9, 1, tzinfo=UTC), today=date(2026, 9, 1))
    told = a_booked(terms, ends="2026-05-10", ends_known=later)
    assert may(told, asked=before) == may(a_booked(terms), asked=before)
    assert may(told).lost.count == 1


def covering(contract: BookedContract, *assets: str) -> BookedContract:
    from dataclasses import replace

    line = CoveringLine(asset_ids=assets, service_types=("repair",))
    return replace(contract, versions=tuple(replace(each, lines=(line,)) for each in contract.versions))


WARRANTY = EndedWarranty(asset_id="ast_1", customer_id="cus_1", owner_id="emp_2", last_day=date(2026, 5, 12))


def test_a_warranty_is_attached_by_a_contract_that_covers_the_asset_within_ninety_days() -> None:
    for start, attached in (("2026-01-01", 1), ("2026-05-13", 1), ("2026-08-10", 1), ("2026-08-11", 0)):
        contract = covering(
            a_booked(
                a_version(1_200, start, end="2027-05-31"),
                steps=(a_step(S.SIGNED, "2026-01-01"), a_step(S.ACTIVE, start)),
            ),
            "ast_1",
        )
        found = may(contract, warranties=(WARRANTY,))
        assert (start, found.warranties_ended, found.warranties_attached) == (start, 1, attached)


def test_a_warranty_is_not_attached_by_what_covers_another_asset_or_only_bills() -> None:
    contract = a_booked(a_version(1_200, "2026-05-13", end="2027-05-12"))
    assert may(covering(contract, "ast_2"), warranties=(WARRANTY,)).attach_rate == 0
    assert may(contract, warranties=(WARRANTY,)).attach_rate == 0
    assert may(covering(contract), warranties=(WARRANTY,)).attach_rate == 1


def test_owners_add_up_to_the_total_and_currencies_stay_apart() -> None:
    service = ChargedService(
        owner_id="emp_3", charge=Money("CNY", 500), completed_day=date(2026, 5, 5), completed_time=LONG_AGO
    )
    sources = Sources(
        contracts=(
            a_booked(a_version(1_200, "2026-05-01", end="2027-04-30"), owner="emp_1"),
            a_booked(
                a_version(700, "2026-05-02", end="2027-05-01", currency="USD"), owner="emp_2", contract_id="con_2"
            ),
            a_booked(a_version(300, "2026-05-02", end="2027-05-01"), owner="emp_2", contract_id="con_3"),
        ),
        services=(service, service),
        warranties=(WARRANTY,),
    )
    owners = owners_of(sources, MAY)
    whole = total_of(owners)
    assert [each.owner_id for each in owners] == ["emp_1", "emp_2", "emp_3"]
    assert (whole.signed.count, whole.signed.amounts) == (3, {"CNY": 1_500, "USD": 700})
    assert (whole.services.count, whole.services.amounts) == (2, {"CNY": 1_000})
    assert whole.attach_rate == Fraction(0)
