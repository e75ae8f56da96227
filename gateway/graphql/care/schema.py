"""What the care service brings to the schema, over all rooms."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.calendars import queries as calendars
from gateway.graphql.care.calendars.mutations import CalendarsMutation
from gateway.graphql.care.campaigns import queries as campaigns
from gateway.graphql.care.campaigns.mutations import CampaignsMutation
from gateway.graphql.care.core import queries as core
from gateway.graphql.care.core.campaigns import CoreCampaignsMutation
from gateway.graphql.care.core.mutations import CoreMembersMutation
from gateway.graphql.care.journeys import queries as journeys
from gateway.graphql.care.journeys.mutations import JourneysMutation
from gateway.graphql.care.loyalty import queries as loyalty
from gateway.graphql.care.loyalty.mutations import LoyaltyMutation
from gateway.graphql.care.members import queries as members
from gateway.graphql.care.members.mutations import MembersMutation
from gateway.graphql.care.results import queries as results
from gateway.graphql.care.results.mutations import ResultsMutation
from gateway.graphql.care.segments import queries as segments
from gateway.graphql.care.segments.mutations import SegmentsMutation
from gateway.graphql.care.sending import queries as sending
from gateway.graphql.care.sending.mutations import SendingMutation
from gateway.graphql.care.templates import queries as templates
from gateway.graphql.care.templates.mutations import TemplatesMutation
from gateway.graphql.care.visits import queries as visits
from gateway.graphql.care.visits.mutations import VisitsMutation
from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {
    **core.NODES,
    **members.NODES,
    **segments.NODES,
    **loyalty.NODES,
    **calendars.NODES,
    **campaigns.NODES,
    **templates.NODES,
    **journeys.NODES,
    **sending.NODES,
    **visits.NODES,
    **results.NODES,
}
"""By the prefix of an id."""


@strawberry.type
class CareQuery(
    core.CoreQuery,
    members.MembersQuery,
    segments.SegmentsQuery,
    loyalty.LoyaltyQuery,
    calendars.CalendarsQuery,
    campaigns.CampaignsQuery,
    templates.TemplatesQuery,
    journeys.JourneysQuery,
    sending.SendingQuery,
    visits.VisitsQuery,
    results.ResultsQuery,
): ...


@strawberry.type
class CareMutation(
    CoreMembersMutation,
    CoreCampaignsMutation,
    MembersMutation,
    SegmentsMutation,
    LoyaltyMutation,
    CalendarsMutation,
    CampaignsMutation,
    TemplatesMutation,
    JourneysMutation,
    SendingMutation,
    VisitsMutation,
    ResultsMutation,
): ...
