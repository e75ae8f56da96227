"""How the callbacks of a provider are understood."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.care.domain.providers.callbacks import Callback, CallbackAnswer, CreditWord, ProviderWord
from services.care.domain.providers.provider import Provider


class CallbackDialect(Protocol):
    """The words of one provider."""

    def answer_to(self, callback: Callback) -> CallbackAnswer:
        """Return what it reads when its words were taken: anything else, and it says them again."""

    def is_genuine(self, callback: Callback) -> bool:
        """Say whether nobody else can have sent it; compared in constant time."""

    def words(self, callback: Callback, now: datetime) -> Sequence[ProviderWord | CreditWord]:
        """Return what it tells that has consequences; what cannot be read is left out.

        `now` stands in for a moment that is not told. Refuses with INVALID_FIELD a body that cannot be read at all.
        """


class References(Protocol):
    """What providers call messages of ours."""

    def message_ids(self, provider_id: str, references: Collection[str]) -> Mapping[str, str]:
        """Return our ids of those that are ours, by the provider's reference."""


CallbackDialects = Callable[[Provider], CallbackDialect | None]
"""None: this provider tells nothing, or a secret is missing."""
