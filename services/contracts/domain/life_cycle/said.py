"""What is said of a contract that goes on changed, or has ended."""

from datetime import datetime
from typing import TYPE_CHECKING

from services.contracts.domain.life_cycle.life_cycle_events import ContractAmended, ContractExpired
from services.contracts.domain.terms.terms import TermsVersion

if TYPE_CHECKING:
    from services.contracts.domain.life_cycle.contract import Contract


def contract_amended(contract: "Contract", version: TermsVersion, *, now: datetime) -> ContractAmended:
    """Return what is said of a new version of a signed contract."""
    return ContractAmended(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        number=version.number,
        effective_date=version.effective_date,
        start_date=version.start_date,
        end_date=version.end_date,
        price=version.price,
        reason=version.reason,
        term_number=contract.term_number,
        contract_version=contract.version + 1,
        occurred_time=now,
    )


def contract_expired(contract: "Contract", *, now: datetime) -> ContractExpired:
    """Return what is said of a term that ran out."""
    return ContractExpired(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        end_date=contract.end_date,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
