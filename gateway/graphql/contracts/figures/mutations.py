"""Root fields that change the rules of customers' value, and ask for a computation."""

import strawberry

from gateway.graphql.contracts.figures.value_types import ValuePolicy
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import BigInt, DateTime
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import customer_value_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb


@strawberry.input(description="What one unit of a currency is worth in the policy's.")
class ExchangeRateInput:
    currency_code: str
    rate: str = strawberry.field(description="A decimal such as `7.12`, in main units.")


@strawberry.input(description="What closed cases cost by severity, in smallest units.")
class CaseCostsInput:
    low: BigInt
    normal: BigInt
    high: BigInt
    major: BigInt


@strawberry.input(description="All of the rules by which value is computed; `valuePolicy` shows what stands.")
class ValuePolicyInput:
    currency_code: str
    contract_margin_bps: int
    order_margin_bps: int
    case_costs: CaseCostsInput
    visit_cost: BigInt
    horizon_months: int
    discount_bps: int
    high_value_from: BigInt
    growing_from_bps: int
    potential_from: BigInt
    at_risk_from: int
    rates: list[ExchangeRateInput] = strawberry.field(default_factory=list)


@message(pb.UpdateValuePolicyResponse, description="The rules after the change.")
class ValuePolicyPayload:
    policy: ValuePolicy


@message(pb.RunCustomerValuesResponse, description="A computation that was asked for.")
class CustomerValuesRunPayload:
    requested_time: DateTime


@strawberry.type
class FiguresMutation:
    @mutation(
        result_of(ValuePolicyPayload, "ValuePolicyResult"),
        rpc="UpdateValuePolicy",
        description="Replaces the rules by which customers' value is computed; the next run computes every value anew.",
    )
    async def update_value_policy(
        self, info: Info, input: ValuePolicyInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateValuePolicyResponse:
        policy = packed(input, customer_value_pb2.ValuePolicy)
        request = pb.UpdateValuePolicyRequest(policy=policy, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.UpdateValuePolicy, request)

    @mutation(
        result_of(CustomerValuesRunPayload, "CustomerValuesRunResult"),
        rpc="RunCustomerValues",
        description="Asks for a computation of customers' value out of turn; it begins within a minute.",
    )
    async def run_customer_values(self, info: Info, request_id: RequestId = None) -> pb.RunCustomerValuesResponse:
        request = pb.RunCustomerValuesRequest(request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.RunCustomerValues, request)
