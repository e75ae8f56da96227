from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import Codec
from services.contracts.domain.entitlement.coverage import Promise
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move, Termination, TerminationCode
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import CreditPolicy, TermsVersion
from services.contracts.store.entitlement.promises import promise_of
from services.contracts.store.life_cycle.contracts import ContractCodec

BEGIN, LEARNED = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 12).map(lambda days: BEGIN + timedelta(days=days))
MOMENTS = st.integers(0, 6).map(lambda days: LEARNED + timedelta(days=days))


def a_version(day: date, learned: datetime) -> TermsVersion:
    return TermsVersion(
        number=1, effective_date=day, recorded_time=learned, recorded_by="anna", title="Care",
        start_date=BEGIN, end_date=BEGIN + timedelta(days=10), price=Money("CNY", 1),
    )  # fmt: skip


def a_contract(
    versions: list[tuple[date, datetime]], moves: list[tuple[ContractState, date, datetime]], *, ends: date | None
) -> Contract:
    agreed = ends and Termination(
        code=TerminationCode.MUTUAL, reason="x", last_date=ends, by="anna",
        recorded_time=LEARNED + timedelta(days=3), credit_policy=CreditPolicy.NONE,
    )  # fmt: skip
    return Contract(
        id="con_1", customer_id="cus_1", owner_id="", author="anna", state=ContractState.ACTIVE,
        time_zone="Asia/Shanghai", versions=tuple(a_version(*each) for each in versions),
        moves=tuple(Move(state=s, effective_date=d, recorded_time=r, by="anna") for s, d, r in moves),
        termination=agreed or None, create_time=LEARNED, update_time=LEARNED,
    )  # fmt: skip


@given(
    st.lists(st.tuples(DAYS, MOMENTS), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(ContractState), DAYS, MOMENTS), min_size=1, max_size=6),
    st.one_of(st.none(), DAYS),
    DAYS,
    st.one_of(st.none(), MOMENTS),
)
def test_a_contract_as_cover_sees_it_answers_as_the_contract_does(
    versions: list[tuple[date, datetime]],
    moves: list[tuple[ContractState, date, datetime]],
    ends: date | None,
    day: date,
    known_at: datetime | None,
) -> None:
    contract = a_contract(versions, moves, ends=ends)
    document = ContractCodec().to_document(contract)
    promise = promise_of(document)
    assert promise == Codec(Promise).to_aggregate(document)
    theirs, ours = contract.terms_at(day, known_at), promise.terms_at(day, known_at)
    assert (ours and ours.effective_date) == (theirs and theirs.effective_date)
    assert promise.state_at(day, known_at) == contract.state_at(day, known_at)
