"""The methods of CatalogService that deal with prices: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import catalog_service_pb2 as pb
from services.chassis.checks import batch, line, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.ports.catalog import PriceLists
from services.contracts.rpc.catalog.messages import entry_to_pb, price_list_to_pb, price_to_pb
from services.contracts.rpc.uploads import report_to_pb, to_upload
from services.contracts.usecases.catalog.import_prices import ImportPriceList
from services.contracts.usecases.catalog.publish_prices import AddPriceList, FindPrice, PriceOrder, PublishPrices
from services.contracts.usecases.catalog.read_prices import ListPrices


@dataclass(frozen=True, kw_only=True)
class PriceMethods:
    """Reads go to the store, writes to the use cases."""

    price_lists: PriceLists
    add_price_list: AddPriceList
    publish_prices: PublishPrices
    find_price: FindPrice
    list_prices: ListPrices
    import_price_list: ImportPriceList

    def CreatePriceList(
        self, request: pb.CreatePriceListRequest, context: grpc.ServicerContext
    ) -> pb.CreatePriceListResponse:
        price_list = self.add_price_list(
            code=request.code, name=request.name, currency_code=request.currency_code, request_id=request.request_id
        )
        return pb.CreatePriceListResponse(price_list=price_list_to_pb(price_list))

    def PublishPrices(
        self, request: pb.PublishPricesRequest, context: grpc.ServicerContext
    ) -> pb.PublishPricesResponse:
        order = PriceOrder(
            list_id=request.price_list_id,
            start_date=request.start_date,
            end_date=request.end_date,
            etag=request.etag,
            request_id=request.request_id,
        )
        entries = ((entry.product_id, entry.minor_units) for entry in request.entries)
        price_list = self.publish_prices(order, entries, author=current_caller().subject)
        return pb.PublishPricesResponse(price_list=price_list_to_pb(price_list))

    def BatchGetPriceLists(
        self, request: pb.BatchGetPriceListsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetPriceListsResponse:
        found = self.price_lists.batch_get(batch(request.price_list_ids, "price_list_ids", prefix="prl"))
        return pb.BatchGetPriceListsResponse(price_lists=map(price_list_to_pb, found))

    def ListPriceLists(
        self, request: pb.ListPriceListsRequest, context: grpc.ServicerContext
    ) -> pb.ListPriceListsResponse:
        page = self.price_lists.page(
            size=page_size(request.page_size), after=optional_id(request.page_token, "prl", field="page_token")
        )
        return pb.ListPriceListsResponse(price_lists=map(price_list_to_pb, page.items), next_page_token=page.next_token)

    def ListPriceEntries(
        self, request: pb.ListPriceEntriesRequest, context: grpc.ServicerContext
    ) -> pb.ListPriceEntriesResponse:
        page, currency_code = self.list_prices(
            request.price_list_id,
            number=request.version_number,
            size=page_size(request.page_size),
            after=line(request.page_token, "page_token", most=80),
        )
        return pb.ListPriceEntriesResponse(
            price_entries=(entry_to_pb(entry, currency_code=currency_code) for entry in page.items),
            next_page_token=page.next_token,
        )

    def GetPrice(self, request: pb.GetPriceRequest, context: grpc.ServicerContext) -> pb.GetPriceResponse:
        return price_to_pb(self.find_price(request.product_id, day=request.date, code=request.price_list_code))

    def ImportPriceList(
        self, request: pb.ImportPriceListRequest, context: grpc.ServicerContext
    ) -> pb.ImportPriceListResponse:
        order = PriceOrder(list_id=request.price_list_id, start_date=request.start_date, end_date=request.end_date)
        report = self.import_price_list(to_upload(request.upload), order, author=current_caller().subject)
        return pb.ImportPriceListResponse(report=report_to_pb(report))
