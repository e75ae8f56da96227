"""Secret parts of an address, for providers that sign nothing: who knows the address is the provider."""

import hmac

from services.care.domain.providers.callbacks import Callback

LEAST = 32
"""Characters: a shorter one could be guessed, and counts as none."""


def is_one_of(token: str, secret: str) -> bool:
    """Say whether it is one of the tokens of a secret, one a line: so it is changed without a gap."""
    known = [each for each in secret.split() if len(each) >= LEAST]
    return any(hmac.compare_digest(token.encode(errors="replace"), each.encode()) for each in known)


class TokenInPath:
    """A provider that signs nothing: the address of its callbacks holds a secret token."""

    def __init__(self, tokens: str) -> None:
        """Take the tokens that the address may hold, one a line."""
        self._tokens = tokens

    def is_genuine(self, callback: Callback) -> bool:
        """Hold the token of the address against those on record."""
        return is_one_of(callback.token, self._tokens)
