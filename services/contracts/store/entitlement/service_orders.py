"""Chargeable services in MongoDB."""

from collections.abc import Callable, Sequence

from mongoengine import DateTimeField, DictField, IntField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.entitlement.service_order import ServiceOrder
from services.contracts.ports.entitlement import ServiceOrderFilter
from services.contracts.store.database import ALIAS, set_only


class ServiceOrderDocument(AggregateDocument):
    """A chargeable service."""

    customer_id = StringField(required=True)
    asset_id = StringField()
    service_type = StringField(required=True)
    reference = StringField()
    state = StringField(required=True)
    estimates = ListField(DictField())
    tolerance_bps = IntField(required=True)
    consents = ListField(DictField())
    actuals = ListField(DictField())
    charge = DictField()
    reason = StringField(required=True)
    hint = DictField()
    end_reason = StringField()
    technician_id = StringField()
    started_time = DateTimeField()
    completed_time = DateTimeField()
    created_by = StringField(required=True)
    completed_by = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "service_orders",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["technician_id", "_id"], "name": "by_technician", "cls": False},
            {"fields": ["reference", "_id"], "name": "by_reference", "cls": False},
        ],
    }


class MongoServiceOrders:
    """The chargeable services on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            ServiceOrderDocument, ServiceOrder, noun="service_order", source=ALIAS, clock=clock
        )

    def add(self, order: ServiceOrder, *, request_key: str) -> ServiceOrder:
        return self._store.add(order, request_key)

    def change(
        self, order_id: str, step: Callable[[ServiceOrder], ServiceOrder], *, etag: str, request_key: str
    ) -> ServiceOrder:
        try:
            return self._store.change(order_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another service order.") from error

    def batch_get(self, order_ids: Sequence[str]) -> Sequence[ServiceOrder]:
        return self._store.batch_get(order_ids)

    def page(self, match: ServiceOrderFilter, *, size: int, after: str) -> Page[ServiceOrder]:
        query = set_only(
            customer_id=match.customer_id,
            state=match.state,
            technician_id=match.technician_id,
            reference=match.reference,
        )
        return self._store.page(query, size=size, after=after)
