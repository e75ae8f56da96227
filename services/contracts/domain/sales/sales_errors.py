"""What the room of leads, opportunities, quotes and orders refuses."""

from datetime import date

from services.chassis.errors import DomainError, Forbidden, Kind


class SalesTransitionRefused(DomainError):
    """Where the thing stands does not allow the verb; the reason carries its noun, as LEAD_TRANSITION_REFUSED."""

    kind, reason = Kind.PRECONDITION, "TRANSITION_REFUSED"

    def __init__(self, noun: str, key: str, *, state: str, verb: str) -> None:
        """Name the thing, where it stands and what was asked."""
        told = state.replace("_", " ")
        super().__init__(
            f"You cannot {verb.replace('_', ' ')} the {noun} {key}: it is {told}.",
            **{f"{noun}_id": key, "state": state, "verb": verb},
        )
        self.noun = noun

    @property
    def code(self) -> str:
        """`<NOUN>_TRANSITION_REFUSED`."""
        return f"{self.noun.upper()}_{self.reason}"


class QuoteApproverIsAuthor(Forbidden):
    """Four eyes: who wrote a quote does not approve it."""

    reason = "QUOTE_APPROVER_IS_AUTHOR"

    def __init__(self, quote_id: str) -> None:
        """Name the quote."""
        super().__init__("The author cannot approve the quote: four eyes are needed.", quote_id=quote_id)


class QuoteExpired(DomainError):
    """The signing window is over."""

    kind, reason = Kind.PRECONDITION, "QUOTE_EXPIRED"

    def __init__(self, quote_id: str, *, sign_by: date) -> None:
        """Name the quote and its last day."""
        super().__init__(
            f"The quote {quote_id} could be signed until {sign_by}; revise it for a new signing window.",
            quote_id=quote_id,
            sign_by=sign_by.isoformat(),
        )


class QuoteNotAccepted(DomainError):
    """Only what the customer accepted becomes an order or a contract."""

    kind, reason = Kind.PRECONDITION, "QUOTE_NOT_ACCEPTED"

    def __init__(self, quote_id: str, *, state: str) -> None:
        """Name the quote and where it stands."""
        super().__init__(f"The quote {quote_id} is {state}, not accepted.", quote_id=quote_id, state=state)


class QuoteHasNothingToPromise(DomainError):
    """A contract needs at least one line that lasts; goods that are sold once are an order."""

    kind, reason = Kind.PRECONDITION, "QUOTE_HAS_NO_TERM"

    def __init__(self, quote_id: str) -> None:
        """Name the quote."""
        super().__init__(f"No line of the quote {quote_id} has a term: make an order of it.", quote_id=quote_id)


class QuoteRhythmsDiffer(DomainError):
    """A contract bills in one rhythm, and no number says how many days a month has."""

    kind, reason = Kind.PRECONDITION, "QUOTE_RHYTHMS_DIFFER"

    def __init__(self, quote_id: str) -> None:
        """Name the quote."""
        super().__init__(
            f"Some lines of the quote {quote_id} count in days, some in months: make a quote of each.",
            quote_id=quote_id,
        )


class OpportunityNotOpen(DomainError):
    """A quote is written, and accepted, for an opportunity that is not lost."""

    kind, reason = Kind.PRECONDITION, "OPPORTUNITY_NOT_OPEN"

    def __init__(self, opportunity_id: str, *, stage: str) -> None:
        """Name the opportunity and its stage."""
        super().__init__(
            f"The opportunity {opportunity_id} is {stage}; reopen it first.",
            opportunity_id=opportunity_id,
            stage=stage,
        )


class SerialsDifferFromQuantity(DomainError):
    """A piece without its number would be no asset, and nobody would miss it: all pieces have one, or none has."""

    kind, reason = Kind.INVALID, "SERIALS_DIFFER_FROM_QUANTITY"

    def __init__(self, line_id: str, *, quantity: int, serials: int) -> None:
        """Name the line, its pieces and how many serial numbers were said."""
        super().__init__(
            f"The line {line_id} has {quantity} pieces and {serials} serial numbers: name one for each, or none.",
            field="serials.serials",
            line_id=line_id,
            quantity=str(quantity),
            serials=str(serials),
        )
