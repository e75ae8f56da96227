"""Figures for Prometheus, on an address of their own."""

from prometheus_client import Counter, Gauge, Histogram, start_http_server

RPC_HANDLED = Counter("membercare_rpc_handled", "Calls answered.", ["method", "code"])
RPC_SECONDS = Histogram("membercare_rpc_seconds", "Time to answer a call.", ["method"])
EVENTS_PUBLISHED = Counter("membercare_events_published", "Events handed to the bus.", ["source", "routed"])
EVENTS_HANDLED = Counter("membercare_events_handled", "Events handled.", ["subscription", "outcome"])
EVENTS_PARKED = Gauge("membercare_events_parked", "Events that wait for a person.", ["service"])


def serve(address: str) -> None:
    """Answer `/metrics` at `host:port` from a thread; an empty address means no."""
    if address:
        host, _, port = address.rpartition(":")
        start_http_server(int(port), addr=host)
