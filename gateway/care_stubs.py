"""The gRPC services of the care process as one stub: no two of them have a method of the same name."""

from typing import TYPE_CHECKING

import grpc

from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceStub
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from membercare.care.v1.results_service_pb2_grpc import ResultsServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceStub
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub

if TYPE_CHECKING:  # the asynchronous faces of the stubs exist for the type checker only
    from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceAsyncStub
    from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceAsyncStub
    from membercare.care.v1.care_service_pb2_grpc import CareServiceAsyncStub
    from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceAsyncStub
    from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceAsyncStub
    from membercare.care.v1.members_service_pb2_grpc import MembersServiceAsyncStub
    from membercare.care.v1.results_service_pb2_grpc import ResultsServiceAsyncStub
    from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceAsyncStub
    from membercare.care.v1.sending_service_pb2_grpc import SendingServiceAsyncStub
    from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceAsyncStub
    from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceAsyncStub

    class CareStubs(
        CareServiceAsyncStub,
        MembersServiceAsyncStub,
        SegmentsServiceAsyncStub,
        LoyaltyServiceAsyncStub,
        CalendarsServiceAsyncStub,
        CampaignsServiceAsyncStub,
        TemplatesServiceAsyncStub,
        JourneysServiceAsyncStub,
        SendingServiceAsyncStub,
        VisitsServiceAsyncStub,
        ResultsServiceAsyncStub,
    ):
        """Every method of every room."""

else:

    class CareStubs:
        """Every method of every room."""

        def __init__(self, channel: grpc.aio.Channel) -> None:
            """Take over the methods of each room's stub."""
            for stub in (
                CareServiceStub,
                MembersServiceStub,
                SegmentsServiceStub,
                LoyaltyServiceStub,
                CalendarsServiceStub,
                CampaignsServiceStub,
                TemplatesServiceStub,
                JourneysServiceStub,
                SendingServiceStub,
                VisitsServiceStub,
                ResultsServiceStub,
            ):
                vars(self).update(vars(stub(channel)))
