"""Roles by RPC of the care service, over all rooms."""

from collections.abc import Mapping

from gateway.graphql.care.calendars import rights as calendars
from gateway.graphql.care.campaigns import rights as campaigns
from gateway.graphql.care.core import rights as core
from gateway.graphql.care.journeys import rights as journeys
from gateway.graphql.care.loyalty import rights as loyalty
from gateway.graphql.care.members import rights as members
from gateway.graphql.care.results import rights as results
from gateway.graphql.care.segments import rights as segments
from gateway.graphql.care.sending import rights as sending
from gateway.graphql.care.templates import rights as templates
from gateway.graphql.care.visits import rights as visits

RIGHTS: Mapping[str, frozenset[str]] = {
    **core.RIGHTS,
    **members.RIGHTS,
    **segments.RIGHTS,
    **loyalty.RIGHTS,
    **calendars.RIGHTS,
    **campaigns.RIGHTS,
    **templates.RIGHTS,
    **journeys.RIGHTS,
    **sending.RIGHTS,
    **visits.RIGHTS,
    **results.RIGHTS,
}
