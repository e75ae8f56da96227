"""The settings of the care service."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.care.domain.providers.mail_servers import MOST_CONNECTIONS
from services.care.domain.results.prices import Prices
from services.care.domain.wall_time import checked_wall_time
from services.chassis import checks
from services.chassis.config import CommonSettings, setting

_DOMAIN = re.compile(r"[^\s@.]+(\.[^\s@.]+)+")
_MOST, _MOST_DAYS, _MOST_MINUTES = 1_000_000, 3_650, 2 * 24 * 60


def _zone(value: str) -> None:
    checks.zone(value, "the value")


def _wall_time(value: str) -> None:
    checked_wall_time(value, "the value")


def _smtp(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.port == 0:
        raise ValueError("must be smtp://host:port or smtps://host:port")


def _http(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("must be an http address")


def _prices(value: str) -> None:
    Prices.parse(value)


def _address(value: str) -> None:
    checks.line(value, "the value", most=200)
    if "@" not in value:
        raise ValueError("must be an e-mail address, or `Name <address>`")


def _domains(value: str) -> None:
    if wrong := [each for each in map(str.strip, value.split(",")) if each and not _DOMAIN.fullmatch(each)]:
        raise ValueError(f"{wrong[0]!r} is no domain such as example.com")


def _positive(value: float) -> None:
    if not 0 < value <= _MOST:
        raise ValueError(f"must be more than 0, and {_MOST} at most")


def _days(value: int) -> None:
    if not 0 <= value <= _MOST_DAYS:
        raise ValueError(f"must be 0 to {_MOST_DAYS}")


def _minutes(value: int) -> None:
    if not 1 <= value <= _MOST_MINUTES:
        raise ValueError(f"must be 1 to {_MOST_MINUTES}: what failed earlier is forgotten")


def _connections(value: int) -> None:
    if not 1 <= value <= MOST_CONNECTIONS:
        raise ValueError(f"must be 1 to {MOST_CONNECTIONS}")


def _share(value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError("must be 0 to 1")


@dataclass(frozen=True, kw_only=True)
class Settings(CommonSettings):
    """What the roles of this service read."""

    care_database: str = setting("membercare_care", doc="name of the database")
    company_time_zone: str = setting(
        "Asia/Shanghai", doc="IANA zone in which days such as a visit's due day are counted", check=_zone
    )
    visit_after_days: int = setting(7, doc="days from a contract's activation to its return visit", check=_days)
    call_from: str = setting("09:00", doc="nobody is called earlier, `HH:MM` where the member is", check=_wall_time)
    call_until: str = setting("20:00", doc="nobody is called at this time or later", check=_wall_time)
    sweep_seconds: float = setting(
        5.0, doc="how often the leading scheduler looks for something to plan", check=_positive
    )
    stranded_after_seconds: float = setting(
        120.0, doc="a batch that has been filled for so long leaves as it is: its writer is dead", check=_positive
    )
    smtp_url: str = setting(
        "smtp://127.0.0.1:1025",
        doc="mail server where none is on record, `smtp://[user:password@]host:port` or `smtps://`",
        check=_smtp,
    )
    smtp_lookup_url: str = setting(
        "", doc="where the mail provider can be asked about a message; empty: it cannot", check=_http
    )
    smtp_connections: int = setting(
        8, doc="connections to it that one dispatcher keeps open, 64 at most", check=_connections
    )
    mail_from: str = setting(
        "MemberCare <care@membercare.example>", doc="the From address of greetings that it sends", check=_address
    )
    public_url: str = setting(
        "",
        doc="where readers of messages and providers reach the gateway, `https://...`; empty: messages carry no links",
        check=_http,
    )
    link_key_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="file with the keys of links in messages, one a line, 32 characters or more; the first one signs"
    )
    confirm_marketing: bool = setting(
        False,  # a default, not an argument
        doc="consent for marketing by e-mail or SMS, recorded or imported, counts once the person has confirmed it",
    )
    staff_mail_domains: str = setting(
        "membercare.example",
        doc="domains, with commas between, whose addresses may get test messages",
        check=_domains,
    )
    channel_sink_url: str = setting(
        "",
        doc="local sink that takes the messages of channels without a provider; empty: they are not set up",
        check=_http,
    )
    provider_secrets_dir: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="folder with a file for each secret of a provider, under the name that the provider's record gives it"
    )
    record_engagement: bool = setting(
        False,  # a default, not an argument
        doc="record that a person opened a message or followed a link; off: such words of providers are dropped",
    )
    pause_error_share: float = setting(
        0.5, doc="share of failed messages at which a provider or a campaign is paused, 0 to 1; 0: never", check=_share
    )
    pause_least_errors: int = setting(20, doc="failed messages that it takes at least to pause", check=_positive)
    pause_window_minutes: int = setting(
        10, doc="minutes that failed messages are counted over, 2880 at most", check=_minutes
    )
    channel_prices: str = setting(
        "",
        doc="what a thousand messages of a channel cost in smallest units of a currency, "
        "`CNY sms=45000 email=500`; empty: no costs are told, and no campaign has a budget of money",
        check=_prices,
    )
    dispatch_lease_seconds: float = setting(
        30.0, doc="a dead dispatcher's batch is taken up again after so long", check=_positive
    )


def mistakes(settings: Settings) -> list[str]:
    """Return what is wrong between settings that are each well written."""
    if settings.call_from >= settings.call_until:
        return [f"CALL_UNTIL={settings.call_until!r} must be later than CALL_FROM={settings.call_from!r}"]
    return []
