"""Asks about a message whose fate is unknown whoever carries its channel now, where an answer can be trusted."""

from dataclasses import dataclass

from services.care.domain.channels import Channel
from services.care.ports.sending import ProviderLookup
from services.care.usecases.providers.channel_board import ChannelBoard


@dataclass(frozen=True, slots=True)
class AskChannel:
    """One channel. Of a provider on record nobody knows, unless it takes a message twice for once.

    That holds for itself alone: where another one is on record, also out of use, that one may have had the message.
    """

    channel: Channel
    board: ChannelBoard
    given: ProviderLookup | None
    """Who can be asked where no provider is on record."""
    book: ProviderLookup | None = None
    """What we noted of messages ourselves, where there is a provider on record."""

    async def has(self, message_id: str) -> bool | None:
        """Say whether it was accepted; False means that it may be sent again, None that a person must decide."""
        if self.board.has_providers(self.channel):
            if self.book:
                return await self.book.has(message_id)
            line = self.board.only_provider(self.channel)
            if not line or not line.deduplicates:
                return None
            return False if len(await self.board.book.of_channel(self.channel)) == 1 else None
        return await self.given.has(message_id) if self.given else None
