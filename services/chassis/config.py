"""Settings from the environment into one frozen dataclass; every mistake is reported at once."""

import dataclasses
import os
import re
import sys
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar

from services.chassis.errors import DomainError

Settings = TypeVar("Settings")

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_PASSWORD = re.compile(r"(?<=:)[^:/\s]+(?=@)")
"""In an address; what is printed of a wrong one ends in logs."""
WRONG_SETTINGS = 2
"""Exit status of a process whose settings are wrong."""


def setting(
    default: Any = dataclasses.MISSING, *, doc: str, env: str = "", check: Callable[[Any], object] | None = None
) -> Any:
    """Declare a setting; its variable is the field's name in upper case unless `env` names another.

    `check` is called with the value and raises ValueError or a refusal for one that means nothing.
    """
    return dataclasses.field(default=default, metadata={"doc": doc, "env": env, "check": check})


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommonSettings:
    """What every process of every service reads."""

    env: Literal["development", "production"] = setting("development", doc="`production` switches every shortcut off")
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", doc="least level that is logged")
    mongo_url: str = setting("mongodb://127.0.0.1:27017/?directConnection=true", doc="the database")
    amqp_url: str = setting("", doc="RabbitMQ; empty: the bus that is embedded in the database")
    metrics_address: str = setting("", doc="`host:port` of `/metrics`; empty: off")
    rpc_address: str = setting("127.0.0.1:50051", doc="`host:port` that the rpc role listens on")
    internal_token_public_key_file: Path | None = setting(  # noqa: RUF009  # a field, not a value
        None, doc="PEM file of the key that internal tokens are checked with; the rpc role needs it"
    )


def variables(settings: type) -> dict[str, dataclasses.Field[Any]]:
    """Return the fields of a settings class by the name of their variable."""
    return {field.metadata.get("env") or field.name.upper(): field for field in dataclasses.fields(settings)}


def read(settings: type[Settings], environ: Mapping[str, str]) -> tuple[Settings | None, list[str]]:
    """Return the settings, or None and every mistake found."""
    hints = typing.get_type_hints(settings)
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for variable, field in variables(settings).items():
        raw = environ.get(variable, "")
        if not raw:
            if field.default is dataclasses.MISSING:
                mistakes.append(f"{variable} is missing: {field.metadata['doc']}")
            continue
        try:
            values[field.name] = _convert(raw, hints[field.name])
            if check := field.metadata.get("check"):
                check(values[field.name])
        except (ValueError, DomainError) as error:
            mistakes.append(f"{variable}={_PASSWORD.sub('***', raw)!r}: {error}")
    return (None, mistakes) if mistakes else (settings(**values), [])


def load(settings: type[Settings], environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process, or print every mistake and exit with status 2."""
    loaded, mistakes = read(settings, os.environ if environ is None else environ)
    if loaded is None:
        refuse(mistakes)
    return loaded


def refuse(mistakes: list[str]) -> NoReturn:
    """Print every mistake and exit with status 2."""
    print("The settings are wrong:", *(f"  - {mistake}" for mistake in mistakes), sep="\n", file=sys.stderr)  # noqa: T201
    raise SystemExit(WRONG_SETTINGS)


def _convert(raw: str, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        if raw not in choices:
            raise ValueError(f"must be one of {', '.join(map(str, choices))}")
        return raw
    if hint is bool:
        if raw.lower() not in _TRUE | _FALSE:
            raise ValueError("must be true or false")
        return raw.lower() in _TRUE
    if hint in {int, float}:
        return _number(raw, hint)
    return hint(raw)


def _number(raw: str, hint: Any) -> Any:
    try:
        return hint(raw)
    except ValueError:
        raise ValueError("must be a number" if hint is float else "must be a whole number") from None
