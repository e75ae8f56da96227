"""Secret parts of an address, for providers that sign nothing: who knows the address is the provider."""

import hmac

LEAST = 32
"""Characters: a shorter one could be guessed, and counts as none."""


def is_one_of(token: str, secret: str) -> bool:
    """Say whether it is one of the tokens of a secret, one a line: so it is changed without a gap."""
    known = [each for each in secret.split() if len(each) >= LEAST]
    return any(hmac.compare_digest(token.encode(errors="replace"), each.encode()) for each in known)
