"""Who may call what, over all rooms."""

from collections.abc import Mapping

from services.care.rpc.calendars.access import ACCESS as CALENDARS
from services.care.rpc.campaigns.access import ACCESS as CAMPAIGNS
from services.care.rpc.care.access import ACCESS as CARE
from services.care.rpc.journeys.access import ACCESS as JOURNEYS
from services.care.rpc.loyalty.access import ACCESS as LOYALTY
from services.care.rpc.members.access import ACCESS as MEMBERS
from services.care.rpc.results.access import ACCESS as RESULTS
from services.care.rpc.segments.access import ACCESS as SEGMENTS
from services.care.rpc.sending.access import ACCESS as SENDING
from services.care.rpc.templates.access import ACCESS as TEMPLATES
from services.care.rpc.visits.access import ACCESS as VISITS

ACCESS: Mapping[str, frozenset[str]] = {
    **CARE,
    **MEMBERS,
    **SEGMENTS,
    **LOYALTY,
    **CALENDARS,
    **CAMPAIGNS,
    **TEMPLATES,
    **JOURNEYS,
    **SENDING,
    **VISITS,
    **RESULTS,
}
