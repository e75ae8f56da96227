"""The gRPC services of the contracts process as one stub: no two of them have a method of the same name."""

from typing import TYPE_CHECKING

import grpc

from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from membercare.contracts.v1.paperwork_service_pb2_grpc import PaperworkServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub

if TYPE_CHECKING:  # the asynchronous faces of the stubs exist for the type checker only
    from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceAsyncStub
    from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceAsyncStub
    from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceAsyncStub
    from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceAsyncStub
    from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceAsyncStub
    from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceAsyncStub
    from membercare.contracts.v1.paperwork_service_pb2_grpc import PaperworkServiceAsyncStub
    from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceAsyncStub
    from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceAsyncStub

    class ContractsStubs(
        BillingServiceAsyncStub,
        CatalogServiceAsyncStub,
        ContractsServiceAsyncStub,
        CustomersServiceAsyncStub,
        EntitlementServiceAsyncStub,
        FiguresServiceAsyncStub,
        PaperworkServiceAsyncStub,
        RenewalsServiceAsyncStub,
        SalesServiceAsyncStub,
    ):
        """Every method of every room."""

else:

    class ContractsStubs:
        """Every method of every room."""

        def __init__(self, channel: grpc.aio.Channel) -> None:
            """Take over the methods of each room's stub."""
            for stub in (
                BillingServiceStub,
                CatalogServiceStub,
                ContractsServiceStub,
                CustomersServiceStub,
                EntitlementServiceStub,
                FiguresServiceStub,
                PaperworkServiceStub,
                RenewalsServiceStub,
                SalesServiceStub,
            ):
                vars(self).update(vars(stub(channel)))
