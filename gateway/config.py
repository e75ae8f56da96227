"""Settings of the gateway."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.chassis.config import setting


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the gateway reads from the environment."""

    env: Literal["development", "production"] = setting("development", doc="`production` switches every shortcut off")
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", doc="least level that is logged")
    gateway_address: str = setting("127.0.0.1:8000", doc="`host:port` to listen on")
    contracts_address: str = setting(doc="`host:port` of the contracts service")
    care_address: str = setting(doc="`host:port` of the care service")
    feedback_address: str = setting(doc="`host:port` of the feedback service")
    kpi_address: str = setting(doc="`host:port` of the kpi service")
    internal_token_private_key_file: Path = setting(  # noqa: RUF009  # a field, not a value
        doc="PEM file of the Ed25519 key that internal tokens are signed with"
    )
    dev_issuer_key_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="PEM file of the Ed25519 key of the built-in issuer; development only"
    )
    oidc_issuer: str = setting("", doc="`iss` of sign-in tokens; production needs it")
    oidc_audience: str = setting("", doc="`aud` of sign-in tokens")
    oidc_jwks_url: str = setting("", doc="where the issuer publishes its keys")
    oidc_roles_claim: str = setting("roles", doc="claim that lists the roles")
    inbox_url: str = setting("", doc="http base of the mail sink that `/inbox` shows; development only")
    receipt_secrets_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="file with `<provider> whsec_...` a line, by which receipts at `/receipts/<provider>` are verified"
    )
    request_seconds: float = setting(
        30.0, doc="a request that takes longer is given up, unless it brings or takes a file or tells results"
    )
    call_seconds: float = setting(10.0, doc="the longest that one call to a service may take")
    file_seconds: float = setting(
        600.0, doc="the longest that a request may take which brings or takes a file or tells results"
    )
    max_body_bytes: int = setting(32 * 1024 * 1024, doc="largest body of a request; 256 KiB for callers not signed in")
    max_query_depth: int = setting(12, doc="levels of a query")
    max_query_cost: int = setting(20_000, doc="things that an answer may hold")
    metrics_address: str = setting("", doc="`host:port` of `/metrics`; empty: off")


def mistakes(settings: Settings) -> list[str]:
    """Return what is wrong between settings that are each well written."""
    found = [
        f"{name.upper()} must be host:port, for example 127.0.0.1:8000"
        for name in ("gateway_address", "contracts_address", "care_address", "feedback_address", "kpi_address")
        if not _is_address(getattr(settings, name))
    ]
    found += [
        f"{name.upper()}={path}: there is no such file"
        for name in ("internal_token_private_key_file", "dev_issuer_key_file", "receipt_secrets_file")
        if (path := getattr(settings, name)) is not None and not path.is_file()
    ]
    oidc = {name: getattr(settings, name) for name in ("oidc_issuer", "oidc_audience", "oidc_jwks_url")}
    needed = settings.env == "production" or any(oidc.values())
    found += [
        f"{name.upper()} is missing: OIDC sign-in needs it" for name, value in oidc.items() if needed and not value
    ]
    if settings.env == "production" and settings.dev_issuer_key_file is not None:
        found.append("DEV_ISSUER_KEY_FILE is set, but ENV is production: the built-in issuer is for development only")
    if settings.env == "production" and settings.inbox_url:
        found.append("INBOX_URL is set, but ENV is production: the inbox page is for development only")
    found += [
        f"{name.upper()} must be more than 0"
        for name in (
            *("request_seconds", "call_seconds", "file_seconds"),
            *("max_body_bytes", "max_query_depth", "max_query_cost"),
        )
        if getattr(settings, name) <= 0
    ]
    return found


def _is_address(value: str) -> bool:
    host, _, port = value.rpartition(":")
    return bool(host) and port.isdecimal() and int(port) < 65536  # noqa: PLR2004  # what a port is


@dataclass(frozen=True, kw_only=True)
class TokenSettings:
    """What `python -m gateway token` reads."""

    env: Literal["development", "production"] = setting("development", doc="tokens are printed in development only")
    dev_issuer_key_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="PEM file of the Ed25519 key of the built-in issuer"
    )
