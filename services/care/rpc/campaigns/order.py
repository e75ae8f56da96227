"""What the requests of all verbs have alike, as what the use cases understand."""

from typing import Protocol

from services.care.usecases.campaigns.order import CampaignOrder
from services.chassis.identity import current_caller


class OrderRequest(Protocol):
    """A request about one campaign."""

    campaign_id: str
    etag: str
    request_id: str


class SaidRequest(OrderRequest, Protocol):
    """A request with which something may be said."""

    comment: str


def order_of(request: OrderRequest) -> CampaignOrder:
    """Return who wants something of which campaign."""
    return CampaignOrder(
        campaign_id=request.campaign_id, caller=current_caller(), etag=request.etag, request_id=request.request_id
    )
