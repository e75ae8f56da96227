"""What the room of members refuses, each with its own reason."""

from services.chassis.errors import AlreadyExists, DomainError, Kind


class MemberExternalRefTaken(AlreadyExists):
    """Another member has this key of the company's own system."""

    reason = "MEMBER_EXTERNAL_REF_TAKEN"

    def __init__(self, external_ref: str) -> None:
        super().__init__(
            f"Another member has the external reference {external_ref}.",
            field="external_ref",
            external_ref=external_ref,
        )


class MemberIsErased(DomainError):
    """The person was erased; nothing is recorded of them any more."""

    kind, reason = Kind.PRECONDITION, "MEMBER_ERASED"

    def __init__(self, member_id: str) -> None:
        super().__init__("This person was erased: nothing can be recorded any more.", member_id=member_id)


class MemberIsMerged(DomainError):
    """The member is a doublet; its survivor is the one to change."""

    kind, reason = Kind.PRECONDITION, "MEMBER_MERGED"

    def __init__(self, member_id: str, into_id: str, field: str = "") -> None:
        super().__init__(
            f"{member_id} was merged into {into_id}: use that one.", field=field, member_id=member_id, into_id=into_id
        )
