"""Marks the methods that hear events; which bus they listen on is chosen when the container starts."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pymongo.database import Database

from services.chassis.bus import Subscription
from services.chassis.patience import Patience

Handler = TypeVar("Handler", bound=Callable[..., None])

_MARK = "__hears__"


@dataclass(frozen=True, kw_only=True)
class Consumers:
    """What a consumer process runs: `service` is one object, made by the service's app, whose methods hear events.

    Events that cannot be handled are parked in `database`. At most `workers` handlers run at once.
    """

    service: Any
    database: Database[dict[str, Any]]
    amqp_url: str = ""
    metrics_address: str = ""
    workers: int = 10
    patience: Patience = field(default_factory=Patience)


def event_handler(source: str, event_type: str) -> Callable[[Handler], Handler]:
    """Let a method hear one type of event of one service; it gets the envelope as a dict.

    The method's name is part of the name of a durable queue: choose it once and never tidy it. Its class names the
    service in `name`. This module imports no nameko, so that `migrate` and tests can read a service's handlers.
    """

    def mark(handler: Handler) -> Handler:
        setattr(handler, _MARK, (source, event_type))
        return handler

    return mark


def subscriptions_of(service: Any) -> list[Subscription]:
    """Return what a service class, or an instance of one, hears, in the order of the handlers' names."""
    cls: Any = service if isinstance(service, type) else type(service)
    found = []
    for name, handler in inspect.getmembers(cls, inspect.isfunction):
        if hasattr(handler, _MARK):
            source, event_type = getattr(handler, _MARK)
            found.append(Subscription(source, event_type, cls.name, name))
    return found
