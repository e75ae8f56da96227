"""Chooses the bus by the settings: RabbitMQ where AMQP_URL is set, else the one embedded in the database."""

from services.chassis.bus import Bus
from services.chassis.bus_amqp import AmqpBus
from services.chassis.bus_mongo import MongoBus
from services.chassis.patience import Patience


def open_bus(*, amqp_url: str, mongo_url: str, patience: Patience | None = None) -> Bus:
    """Return the bus; it connects when it is first used."""
    return AmqpBus(amqp_url, patience) if amqp_url else MongoBus(mongo_url)
