"""Figures of the gateway for Prometheus."""

from prometheus_client import Counter, Histogram

ANSWERED = Counter("membercare_graphql_answered", "Requests answered.", ["kind", "status"])
SECONDS = Histogram("membercare_graphql_seconds", "Time to answer a request.", ["kind"])
ERRORS = Counter("membercare_graphql_errors", "Requests that had an error of this code.", ["code"])
