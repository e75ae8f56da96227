"""What the room of paper refuses, beside what every service refuses."""

from services.chassis.errors import DomainError, Forbidden, Kind


class ClauseInvalid(DomainError):
    """The words of a clause are no Liquid template, name an unknown variable, or do not end."""

    kind, reason = Kind.INVALID, "CLAUSE_INVALID"


class ClauseRenderingFailed(DomainError):
    """A clause that is sound by itself cannot be filled with what this contract says."""

    kind, reason = Kind.PRECONDITION, "CLAUSE_RENDERING_FAILED"


class ContractTextTooLong(DomainError):
    """The clauses together are more than anybody reads."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_TEXT_TOO_LONG"

    def __init__(self, contract_id: str, *, length: int, most: int) -> None:
        """Name the contract and give both lengths in characters."""
        super().__init__(
            f"The clauses of {contract_id} have {length} characters; at most {most} are allowed.",
            contract_id=contract_id,
            length=str(length),
            most=str(most),
        )


class PublisherIsAuthor(Forbidden):
    """Four eyes: whoever wrote a version does not publish it."""

    reason = "PUBLISHER_IS_AUTHOR"

    def __init__(self, template_id: str) -> None:
        """Name the template."""
        super().__init__(
            f"You wrote this version of {template_id}: somebody else must publish it.", template_id=template_id
        )


class ClauseHasNoDraft(DomainError):
    """There is nothing to publish."""

    kind, reason = Kind.PRECONDITION, "CLAUSE_HAS_NO_DRAFT"

    def __init__(self, template_id: str) -> None:
        """Name the template."""
        super().__init__(f"{template_id} has no draft: revise it first.", template_id=template_id)


class ClauseRetired(DomainError):
    """The clause is out of use."""

    kind, reason = Kind.PRECONDITION, "CLAUSE_RETIRED"

    def __init__(self, template_id: str, *, name: str) -> None:
        """Name the template."""
        super().__init__(
            f"The clause {name} ({template_id}) is retired: it can neither be chosen nor signed.",
            template_id=template_id,
            name=name,
        )


class ClauseNotPublished(DomainError):
    """Nobody has published a version of the clause yet."""

    kind, reason = Kind.PRECONDITION, "CLAUSE_NOT_PUBLISHED"

    def __init__(self, template_id: str, *, name: str) -> None:
        """Name the template."""
        super().__init__(
            f"The clause {name} ({template_id}) has no published version.", template_id=template_id, name=name
        )


class DocumentEmpty(DomainError):
    """The file holds nothing."""

    kind, reason = Kind.INVALID, "DOCUMENT_EMPTY"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The file is empty.", field="content")


class DocumentTooLarge(DomainError):
    """The file is over the limit."""

    kind, reason = Kind.INVALID, "DOCUMENT_TOO_LARGE"

    def __init__(self, size: int, *, most: int) -> None:
        """Give both sizes in bytes."""
        super().__init__(
            f"The file has {size} bytes; at most {most} are kept.", field="content", size=str(size), most=str(most)
        )


class DocumentTypeRefused(DomainError):
    """The bytes are of no type that is kept, or of another than the name says."""

    kind, reason = Kind.INVALID, "DOCUMENT_TYPE_REFUSED"


class DocumentKept(DomainError):
    """What belongs to a signed contract stays."""

    kind, reason = Kind.PRECONDITION, "DOCUMENT_KEPT"

    def __init__(self, document_id: str, *, contract_id: str) -> None:
        """Name both."""
        super().__init__(
            f"The contract {contract_id} is signed: its documents stay.",
            document_id=document_id,
            contract_id=contract_id,
        )


class ContractNotApproved(DomainError):
    """A paper cannot be signed before it is approved."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_NOT_APPROVED"

    def __init__(self, contract_id: str, *, state: str) -> None:
        """Name the contract and where it stands."""
        super().__init__(
            f"The contract {contract_id} is {state}: nobody can have signed it.", contract_id=contract_id, state=state
        )


class ContractHasTooManyDocuments(DomainError):
    """The contract is no file store."""

    kind, reason = Kind.PRECONDITION, "CONTRACT_HAS_TOO_MANY_DOCUMENTS"

    def __init__(self, contract_id: str, *, most: int) -> None:
        """Name the contract and the limit."""
        super().__init__(f"The contract {contract_id} has {most} documents already.", contract_id=contract_id)
