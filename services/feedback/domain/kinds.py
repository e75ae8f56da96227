"""What a case can be about, and where it can come from."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case is about."""

    SERVICE_REQUEST = "service_request"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    SUGGESTION = "suggestion"


class CaseSource(StrEnum):
    """Where a case came from."""

    STAFF = "staff"
    VISIT = "visit"
    ORDER = "order"
