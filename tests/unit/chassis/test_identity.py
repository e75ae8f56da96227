from datetime import datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.chassis.clock import SystemClock
from services.chassis.errors import Unauthenticated
from services.chassis.identity import Caller, TokenIssuer, TokenVerifier
from tests.fakes.clock import FrozenClock

KEY, STRANGE_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def an_issuer(key: Ed25519PrivateKey = KEY) -> TokenIssuer:
    return TokenIssuer(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def a_verifier(clock: FrozenClock | None = None) -> TokenVerifier:
    return TokenVerifier(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), clock)


def real_now() -> datetime:
    """Of the real clock, which the library goes by when it sees a token for the first time."""
    return SystemClock().now().replace(microsecond=0)


def a_token(issuer: TokenIssuer | None = None, *, now: datetime | None = None, subject: str = "li.wen") -> str:
    return (issuer or an_issuer()).issue(
        subject=subject, roles=["agent", "sales"], request_id="req-1", now=now or real_now()
    )


def test_a_token_says_who_calls_as_often_as_it_is_shown() -> None:
    verifier, token = a_verifier(), a_token()

    assert [verifier.verify(token) for _ in range(2)] == [Caller("li.wen", frozenset({"agent", "sales"}), "req-1")] * 2


def test_a_token_that_is_known_already_is_refused_from_the_moment_on_in_which_it_expires() -> None:
    now = real_now()
    clock = FrozenClock(now)
    verifier, token = a_verifier(clock), a_token(now=now)
    verifier.verify(token)

    clock.set(now + timedelta(seconds=64))
    assert verifier.verify(token).subject == "li.wen"
    clock.set(now + timedelta(seconds=65))
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="expired"):
            verifier.verify(token)


def test_a_token_that_has_expired_before_it_is_first_seen_is_refused() -> None:
    verifier, token = a_verifier(), a_token(now=real_now() - timedelta(days=1))

    for _ in range(2):
        with pytest.raises(Unauthenticated, match="expired"):
            verifier.verify(token)


def test_a_forged_token_is_refused_however_much_it_resembles_one_that_is_known() -> None:
    verifier, token = a_verifier(), a_token()
    verifier.verify(token)
    head, claims, _ = token.split(".")
    forged = [
        a_token(an_issuer(STRANGE_KEY)),
        f"{head}.{claims}.{a_token(subject='somebody').split('.')[2]}",
        f"{head}.{a_token(subject='somebody').split('.')[1]}.{token.split('.')[2]}",
        token[:-4],
        jwt.encode({"sub": "li.wen"}, "", algorithm="none"),
    ]

    for each in forged * 2:
        with pytest.raises(Unauthenticated, match="not valid"):
            verifier.verify(each)


def test_more_tokens_than_are_remembered_are_verified_all_the_same() -> None:
    verifier, issuer = a_verifier(), an_issuer()
    tokens = [a_token(issuer, subject=str(number)) for number in range(501)]

    assert [verifier.verify(each).subject for each in tokens] == [str(number) for number in range(501)]
    assert verifier.verify(tokens[0]).subject == "0"
