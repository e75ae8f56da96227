from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1 import customer_pb2
from tests.fakes.suite import Client, FakeSuite


async def test_a_customer_is_read_through_the_gateway(gateway: Client, suite: FakeSuite) -> None:
    id = "cus_01JD0000000000000000000001"
    suite.contracts.answers["BatchGetCustomers"] = lambda request: contracts_pb.BatchGetCustomersResponse(
        customers=[customer_pb2.Customer(id=id, kind=1, name="ACME") for id in request.customer_ids]
    )
    data = await gateway.data("query ($id: ID!) { customer(id: $id) { id kind name taxId } }", {"id": id})
    assert data == {"customer": {"id": id, "kind": "ORGANISATION", "name": "ACME", "taxId": None}}
    assert suite.calls == {"BatchGetCustomers": 1}
