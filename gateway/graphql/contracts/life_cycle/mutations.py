"""Root fields that change customers and contracts."""

import strawberry

from gateway.graphql.contracts.customers.enums import CustomerStage
from gateway.graphql.contracts.customers.types import CUSTOMER
from gateway.graphql.contracts.life_cycle.types import Contract, CustomerKind
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import BigInt, Date
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import contracts_service_pb2 as pb


@strawberry.input(description="A customer to register.")
class CustomerInput:
    kind: CustomerKind
    name: str = strawberry.field(description="The name that stands on contracts; 1 to 200 characters.")
    external_ref: str | None = strawberry.field(default=None, description="Key in the company's own system; unique.")
    tax_id: str | None = None
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="The employee who owns the relation.")
    tags: list[str] | None = strawberry.field(default=None, description="At most 20 labels.")
    time_zone: str | None = strawberry.field(default=None, description="IANA zone of dates; absent: the company's.")
    stage: CustomerStage | None = strawberry.field(default=None, description="Absent: a prospect.")


@strawberry.input(description="An amount of money.")
class MoneyInput:
    currency_code: str = strawberry.field(description="ISO 4217, for example `CNY`.")
    minor_units: BigInt = strawberry.field(description="The amount in the currency's smallest unit (fen, cent).")


@strawberry.input(description="A contract to draft.")
class ContractInput:
    customer_id: strawberry.ID
    title: str = strawberry.field(description="What it is about; 1 to 200 characters.")
    start_date: Date = strawberry.field(description="First day of the term.")
    end_date: Date = strawberry.field(description="Last day of the term; the term includes it.")
    price: MoneyInput = strawberry.field(description="The price of the whole term.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="The employee who owns the contract.")


@message(
    pb.CreateContractResponse,
    pb.SignContractResponse,
    pb.ActivateContractResponse,
    pb.TerminateContractResponse,
    description="The contract after the change.",
)
class ContractPayload:
    contract: Contract


_CONTRACT = result_of(ContractPayload, "ContractResult")


@strawberry.type
class LifeCycleMutation:
    @mutation(CUSTOMER, rpc="CreateCustomer", description="Registers a customer.")
    async def create_customer(
        self, info: Info, input: CustomerInput, request_id: RequestId = None
    ) -> pb.CreateCustomerResponse:
        request = packed(input, pb.CreateCustomerRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateCustomer, request)

    @mutation(_CONTRACT, rpc="CreateContract", description="Writes a draft.")
    async def create_contract(
        self, info: Info, input: ContractInput, request_id: RequestId = None
    ) -> pb.CreateContractResponse:
        request = packed(input, pb.CreateContractRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateContract, request)

    sign_contract = transition(_CONTRACT, pb.SignContractRequest, key="contract_id", description="Draft to signed.")
    activate_contract = transition(
        _CONTRACT, pb.ActivateContractRequest, key="contract_id", description="Signed to active."
    )

    @mutation(_CONTRACT, rpc="TerminateContract", description="Signed or active to terminated.")
    async def terminate_contract(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.TerminateContractResponse:
        request = pb.TerminateContractRequest(
            contract_id=id, termination_reason=reason, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.TerminateContract, request)
