"""What the room of points and tiers refuses."""

from services.chassis.errors import AlreadyExists, DomainError, Kind


class PointsKeyTaken(AlreadyExists):
    """The caller's key names another entry already."""

    reason = "POINTS_KEY_TAKEN"

    def __init__(self, key: str, entry_id: str) -> None:
        super().__init__(
            f"The key {key} belongs to another entry: use a key once, and repeat a call with the same content only.",
            field="key",
            entry_id=entry_id,
        )


class PointsNotEnough(DomainError):
    kind, reason = Kind.PRECONDITION, "POINTS_NOT_ENOUGH"

    def __init__(self, balance: int, wanted: int) -> None:
        super().__init__(
            f"{wanted} points are asked for, and {balance} can be used.",
            field="points",
            balance=str(balance),
            points=str(wanted),
        )


class PointsNotRedeemed(DomainError):
    kind, reason = Kind.PRECONDITION, "POINTS_NOT_REDEEMED"

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"Entry {entry_id} is no redemption: only points that were redeemed return.", field="entry_id")


class MemberErased(DomainError):
    kind, reason = Kind.PRECONDITION, "MEMBER_ERASED"

    def __init__(self, member_id: str) -> None:
        super().__init__(f"Member {member_id} was erased and has no account.", field="member_id", member_id=member_id)


class PrivilegeNotOfTier(DomainError):
    kind, reason = Kind.PRECONDITION, "PRIVILEGE_NOT_OF_TIER"

    def __init__(self, privilege: str, tier: str) -> None:
        super().__init__(
            f"The tier {tier or 'of this member'} has no privilege {privilege}.",
            field="privilege",
            privilege=privilege,
            tier=tier,
        )


class PrivilegeUsedUp(DomainError):
    kind, reason = Kind.PRECONDITION, "PRIVILEGE_USED_UP"

    def __init__(self, privilege: str, per_year: int) -> None:
        super().__init__(
            f"The privilege {privilege} was used {per_year} times this year, as often as it may be.",
            field="privilege",
            privilege=privilege,
            per_year=str(per_year),
        )
