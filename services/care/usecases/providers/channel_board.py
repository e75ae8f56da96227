"""The channels that are set up, as the registry of providers says now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.care.domain.channels import Channel
from services.care.domain.providers.provider import Provider
from services.care.ports.http import Http
from services.care.ports.providers import ProviderBook
from services.care.ports.sending import ChannelSender
from services.care.usecases.providers.send_by_providers import Line, SendByProviders


@dataclass(slots=True)
class ChannelBoard(Mapping[str, ChannelSender]):
    """By channel what sends: providers on record first, else what this process was given; else it is not set up."""

    book: ProviderBook
    connect: Callable[[Provider], Line | None]
    """Makes what speaks with a provider; None if a secret is missing."""
    new_channel: Callable[[], SendByProviders]
    http: Http
    """Closed with the board."""
    given: Mapping[str, ChannelSender] = field(default_factory=dict)
    _channels: dict[str, SendByProviders] = field(default_factory=dict)
    _known: dict[str, Line] = field(default_factory=dict)

    async def refresh(self) -> None:
        """Read the registry; what has not changed keeps its connections and its token, what is left is closed."""
        providers = await self.book.enabled()
        lines: dict[str, list[Line]] = {}
        before = self._known
        for provider in providers:
            connected = self._connected(provider)
            lines.setdefault(provider.channel, []).extend([connected] if connected else [])
        self._known = {line.provider.id: line for each in lines.values() for line in each}
        for channel in self._channels.keys() - lines.keys():
            self._channels[channel].lines = ()
            del self._channels[channel]
        for channel, found in lines.items():
            self._channels.setdefault(channel, self.new_channel()).lines = found
        for line in before.values():
            now = self._known.get(line.provider.id)
            if now is None or now.sender is not line.sender:
                await line.sender.close()

    def has_providers(self, channel: Channel) -> bool:
        """Say whether providers on record carry this channel."""
        return channel in self._channels

    def only_provider(self, channel: Channel) -> Line | None:
        """Return the provider of a channel that has exactly one."""
        found: Sequence[Line] = self._channels[channel].lines if channel in self._channels else ()
        return found[0] if len(found) == 1 else None

    async def close(self) -> None:
        """Say goodbye to all."""
        for sender in (*self._channels.values(), *self.given.values()):
            await sender.close()
        await self.http.close()

    def _connected(self, provider: Provider) -> Line | None:
        known = self._known.get(provider.id)
        if known and known.provider.version == provider.version:
            return known
        return self.connect(provider)  # reads its secrets again: whoever resumed it may have put in others

    def __getitem__(self, channel: str) -> ChannelSender:
        return self._channels[channel] if channel in self._channels else self.given[channel]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.given, **self._channels})

    def __len__(self) -> int:
        return len({*self.given, *self._channels})
