"""What the use cases of points and tiers need of the outside."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Claim, Entry
from services.care.domain.loyalty.program import LoyaltyProgram
from services.chassis.paging import Page

Step = Callable[[Account], tuple[Account, Entry]]
Unite = Callable[[Account, Account], tuple[tuple[Account, Entry], tuple[Account, Entry]] | None]


class AccountsStuck(Exception):
    """Accounts that cannot be settled: their ledgers hold something that cannot be."""

    def __init__(self, member_ids: Collection[str]) -> None:
        """Name whose they are."""
        super().__init__(f"The ledger contradicts the accounts of {', '.join(member_ids)}.")
        self.member_ids = member_ids


class Programs(Protocol):
    """The rules."""

    def get(self) -> LoyaltyProgram:
        """Return the program; without terms until some are set."""

    def change(
        self, step: Callable[[LoyaltyProgram], LoyaltyProgram], *, etag: str, request_key: str
    ) -> LoyaltyProgram:
        """Store what a step makes of it."""


class PointsLedger(Protocol):
    """Accounts and their entries: both change together or not at all."""

    def payee(self, member_id: str) -> str:
        """Return the member, or whom it was merged into; refuses MEMBER_NOT_FOUND, MEMBER_ERASED."""

    def post(self, asked: str, claim: Claim, *, step: Step) -> tuple[Account, Entry]:
        """Apply a step once: a repeat returns the account and the first entry, another content POINTS_KEY_TAKEN.

        `asked` is the member as the caller named it; whom it is merged into at that moment is paid. What was posted for
        a doublet before the merge is a repeat, too. Refuses MEMBER_NOT_FOUND, MEMBER_ERASED.
        """

    def change(self, member_id: str, step: Callable[[Account], Account], *, customer_id: str) -> Account:
        """Store what a step makes of an account, without an entry, as long as the member belongs to this customer.

        That of a doublet or an erased member stays as it is. An empty customer stands for none.
        """

    def unite(self, doublet_id: str, survivor_id: str, *, step: Unite) -> None:
        """Store what a step makes of two accounts, or nothing; the doublet's is left alone if there is none.

        Where the survivor was merged meanwhile, its own survivor's account is the other one.
        """

    def account(self, member_id: str) -> Account:
        """Return the account; a new one for a member who never had points."""

    def accounts(self, member_ids: Sequence[str]) -> Sequence[Account]:
        """Return the accounts that exist."""

    def entry(self, entry_id: str) -> Entry:
        """Return the entry, or refuse with POINTS_ENTRY_NOT_FOUND."""

    def entries(self, entry_ids: Sequence[str]) -> Sequence[Entry]:
        """Return the entries that exist."""

    def page(self, member_id: str, *, size: int, before: int) -> Page[Entry]:
        """Return entries of a member below a number (0: all), the newest first; the token is a number."""

    def due(self, today: date, judged_by: date | None, *, most: int) -> Sequence[Account]:
        """Return some accounts with ended lots, a tier that may end, or one that was judged by other rules."""

    def settle(self, changes: Sequence[tuple[Account, Account, Entry | None]], *, day: date, now: datetime) -> bool:
        """Store a page of changes with one event, or nothing at all if any account has moved meanwhile.

        What members show of their accounts follows at once, or, after a kill, with the next `catch_up`.
        Raises AccountsStuck, and stores nothing, where entries contradict what the ledger holds.
        """

    def catch_up(self) -> None:
        """Let members show what pages have made of their accounts, where a kill came in between."""


class CustomersMembers(Protocol):
    """Who belongs to a customer."""

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        """Return the members of a customer."""
