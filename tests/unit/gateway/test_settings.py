from pathlib import Path

from gateway.config import Settings, mistakes
from services.chassis.config import read, variables

README = Path(__file__).parents[3] / "gateway" / "README.md"
GOOD = {
    "CONTRACTS_ADDRESS": "127.0.0.1:1",
    "CARE_ADDRESS": "[::1]:2",
    "FEEDBACK_ADDRESS": "feedback:3",
    "KPI_ADDRESS": "kpi:4",
    "INTERNAL_TOKEN_PRIVATE_KEY_FILE": __file__,
}


def told(**changes: str) -> list[str]:
    settings, found = read(Settings, {**GOOD, **changes})
    assert settings is not None, found
    return mistakes(settings)


def test_addresses_and_a_key_are_enough_while_developing() -> None:
    assert told() == []


def test_production_needs_a_provider() -> None:
    assert len(told(ENV="production")) == 3
    whole = {"OIDC_ISSUER": "https://id", "OIDC_AUDIENCE": "a", "OIDC_JWKS_URL": "https://id/keys"}
    assert told(ENV="production", **whole) == []


def test_half_a_provider_is_a_mistake_while_developing_too() -> None:
    assert told(OIDC_ISSUER="https://id") == [
        "OIDC_AUDIENCE is missing: OIDC sign-in needs it",
        "OIDC_JWKS_URL is missing: OIDC sign-in needs it",
    ]


def test_an_address_needs_host_and_port() -> None:
    for wrong in ("here", ":80", "here:", "here:x", "here:70000"):
        assert told(CARE_ADDRESS=wrong) == ["CARE_ADDRESS must be host:port, for example 127.0.0.1:8000"]


def test_the_readme_names_every_setting() -> None:
    text = README.read_text()
    assert [name for name in variables(Settings) if f"`{name}`" not in text] == []
