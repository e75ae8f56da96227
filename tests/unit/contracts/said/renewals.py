"""What the room says: one of each event."""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.renewals.likelihood import LikelihoodModel
from services.contracts.domain.renewals.next_term import Quotes, next_term
from services.contracts.domain.renewals.renewal import Outcome, Renewal
from services.contracts.domain.renewals.renewal_opening import opened_renewal
from services.contracts.domain.renewals.renewal_settling import lost_for, won_by_itself
from services.contracts.domain.renewals.renewal_stages import LostReason
from services.contracts.domain.renewals.warranty_expiry import EndingWarranty, grouped
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import RenewalTerms, TermsVersion

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
CONTRACT = "con_01JTDB8D40CQS3K9Q8YV1H2T3B"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
ASSET = "ast_01JTDB8D40CQS3K9Q8YV1H2T3D"
PRODUCT = "prd_01JTDB8D40CQS3K9Q8YV1H2T3E"
MODEL = LikelihoodModel(version="test", base=50, base_english="Base.", base_chinese="起始。", factors=())


def a_contract(renewal: RenewalTerms | None = None) -> Contract:
    """A contract in force that ends on 31 March 2027."""
    terms = TermsVersion(
        number=1,
        effective_date=date(2026, 4, 1),
        recorded_time=NOON,
        recorded_by="li.wen",
        title="Care",
        start_date=date(2026, 4, 1),
        end_date=date(2027, 3, 31),
        price=Money("CNY", 120_000),
        renewal=renewal or RenewalTerms(),
    )
    return Contract(
        id=CONTRACT,
        customer_id=CUSTOMER,
        owner_id=OWNER,
        author="li.wen",
        state=ContractState.ACTIVE,
        time_zone="Asia/Shanghai",
        versions=(terms,),
        moves=(),
        create_time=NOON,
        update_time=NOON,
    )


def a_renewal(contract: Contract | None = None, *, now: datetime = NOON) -> Renewal:
    """The renewal of that contract."""
    of = contract or a_contract()
    return opened_renewal(of, next_term(of, Quotes()), signals=(), model=MODEL, now=now)


def an_outcome(renewal: Renewal, by: str = "li.wen") -> Outcome:
    return Outcome(by=by, time=NOON, amount=renewal.amount)


def said() -> list[object]:
    """A warranty that ends, a renewal that is opened, one that is won, one that is lost."""
    ending = EndingWarranty(asset_id=ASSET, customer_id=CUSTOMER, product_id=PRODUCT, warranty_end=date(2026, 12, 31))
    (group,) = grouped([ending], owners={CUSTOMER: OWNER}, now=NOON)
    renewal = a_renewal()
    won = won_by_itself(replace(renewal, events=()), Money("CNY", 126_000), now=NOON)
    lost = lost_for(replace(renewal, events=()), LostReason.PRICE, now=NOON)
    return [*group.events, *renewal.events, *won.events, *lost.events]
