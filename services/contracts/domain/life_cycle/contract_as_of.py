"""The contract as it was: what held on a day, as it was known at a moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from services.chassis.errors import NotFound
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_due import move_when_due
from services.contracts.domain.life_cycle.contract_states import Comment, ContractState, Review, Suspension
from services.contracts.domain.terms.terms import TermsVersion


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which day is asked about, and by whose knowledge; see `as_of`."""

    day: date | None = None
    known_at: datetime | None = None

    @property
    def now(self) -> bool:
        """Whether a contract is asked for as it stands."""
        return self.day is None and self.known_at is None

    def knows(self, contract: Contract) -> bool:
        """Say whether anything of the contract was known by then."""
        return self.known_at is None or _is_known(contract, self.known_at)

    def __call__(self, contract: Contract) -> Contract:
        """Return the contract as it was, or refuse with CONTRACT_NOT_FOUND what `knows` does not."""
        return contract if self.now else as_of(contract, self.day, known_at=self.known_at)


def as_of(contract: Contract, day: date | None, *, known_at: datetime | None) -> Contract:
    """Return the contract with the terms and the state of a day, made of nothing that was recorded after a moment.

    Without a day, what was agreed and moved last by then; before its first day, the terms that it begins with. Without
    a moment, all that is known. A term that is over by the day has ended, and a suspension whose planned end has passed
    is over, whether or not a job has said so yet. Refused with CONTRACT_NOT_FOUND where nothing of it was known by
    then; what a draft said before it was last written is not kept.
    """
    known = contract if known_at is None else _known(contract, known_at)
    if day is None:
        return known
    terms = known.terms_at(day) or min(known.versions, key=lambda each: (each.effective_date, each.number))
    state = _settled(known, day).state_at(day) or known.moves[0].state
    versions = _leading(known, terms)
    return replace(known, state=state, versions=versions, term_number=_terms_in(versions))


def _settled(contract: Contract, day: date) -> Contract:
    """Return the contract after all that becomes of it by itself before the day."""
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(contract.time_zone))
    while (moved := move_when_due(contract, now=noon)) is not contract:
        contract = moved
    return contract


def _leading(contract: Contract, terms: TermsVersion) -> tuple[TermsVersion, ...]:
    """Leave out what took effect later, so that `terms` are the last agreed."""
    rank = (terms.effective_date, terms.number)
    return tuple(each for each in contract.versions if (each.effective_date, each.number) <= rank)


def _terms_in(versions: tuple[TermsVersion, ...]) -> int:
    """Count the terms: each begins on a day of its own, and no amendment moves that."""
    return len({each.start_date for each in versions})


def _is_known(contract: Contract, known_at: datetime) -> bool:
    return all(
        any(each.recorded_time <= known_at for each in recorded) for recorded in (contract.versions, contract.moves)
    )


def _known(contract: Contract, known_at: datetime) -> Contract:
    if not _is_known(contract, known_at):
        raise NotFound.of("contract", contract.id)
    versions = tuple(each for each in contract.versions if each.recorded_time <= known_at)
    moves = tuple(each for each in contract.moves if each.recorded_time <= known_at)
    agreed = contract.termination
    return replace(
        contract,
        state=moves[-1].state,
        versions=versions,
        moves=moves,
        term_number=_terms_in(versions),
        successor_id=contract.successor_id if moves[-1].state is ContractState.RENEWED else "",
        review=_review(contract.review, known_at),
        gates=tuple(each for each in contract.gates if each.time <= known_at),
        suspensions=_suspensions(contract, known_at),
        termination=agreed if agreed and agreed.recorded_time <= known_at else None,
        renewal_cancelled_time=_by(contract.renewal_cancelled_time, known_at),
        signed_time=_by(contract.signed_time, known_at),
        signed_text_sha256=contract.signed_text_sha256 if _by(contract.signed_time, known_at) else "",
        activated_time=_by(contract.activated_time, known_at),
        terminated_time=_by(contract.terminated_time, known_at),
        update_time=max(versions[-1].recorded_time, moves[-1].recorded_time),
    )


def _review(review: Review, known_at: datetime) -> Review:
    comments: tuple[Comment, ...] = tuple(each for each in review.comments if each.time <= known_at)
    if not _by(review.submitted_time, known_at):
        return Review(comments=comments)
    if not _by(review.approved_time, known_at):
        return replace(review, approved_by="", approved_time=None, comments=comments)
    return replace(review, comments=comments)


def _suspensions(contract: Contract, known_at: datetime) -> tuple[Suspension, ...]:
    """Each suspension was recorded with its move; the moves into and out of it come in pairs."""
    begun = [each.recorded_time for each in contract.moves if each.state is ContractState.SUSPENDED]
    known = [each for each, time in zip(contract.suspensions, begun, strict=True) if time <= known_at]
    open_one = bool(known) and _state_known(contract, known_at) is ContractState.SUSPENDED
    return (*known[:-1], replace(known[-1], end_date=None)) if open_one else tuple(known)


def _state_known(contract: Contract, known_at: datetime) -> ContractState:
    return [each for each in contract.moves if each.recorded_time <= known_at][-1].state


def _by(moment: datetime | None, known_at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= known_at else None
