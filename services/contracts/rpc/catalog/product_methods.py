"""The methods of CatalogService that deal with products: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import catalog_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.ids import optional_id
from services.contracts.ports.catalog import Products
from services.contracts.rpc.catalog.messages import product_to_pb, to_product_details, to_product_filter
from services.contracts.rpc.uploads import report_to_pb, to_upload
from services.contracts.usecases.catalog.import_products import ImportProducts
from services.contracts.usecases.catalog.keep_products import AddProduct, ChangeProduct


@dataclass(frozen=True, kw_only=True)
class ProductMethods:
    """Reads go to the store, writes to the use cases."""

    products: Products
    add_product: AddProduct
    change_product: ChangeProduct
    import_products: ImportProducts

    def CreateProduct(
        self, request: pb.CreateProductRequest, context: grpc.ServicerContext
    ) -> pb.CreateProductResponse:
        product = self.add_product(to_product_details(request.product), request_id=request.request_id)
        return pb.CreateProductResponse(product=product_to_pb(product))

    def UpdateProduct(
        self, request: pb.UpdateProductRequest, context: grpc.ServicerContext
    ) -> pb.UpdateProductResponse:
        product = self.change_product(
            request.product.id,
            to_product_details(request.product),
            mask=request.update_mask.paths,
            etag=request.product.etag,
            request_id=request.request_id,
        )
        return pb.UpdateProductResponse(product=product_to_pb(product))

    def BatchGetProducts(
        self, request: pb.BatchGetProductsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetProductsResponse:
        found = self.products.batch_get(batch(request.product_ids, "product_ids", prefix="prd"))
        return pb.BatchGetProductsResponse(products=map(product_to_pb, found))

    def ListProducts(self, request: pb.ListProductsRequest, context: grpc.ServicerContext) -> pb.ListProductsResponse:
        page = self.products.page(
            to_product_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "prd", field="page_token"),
        )
        return pb.ListProductsResponse(products=map(product_to_pb, page.items), next_page_token=page.next_token)

    def ImportProducts(
        self, request: pb.ImportProductsRequest, context: grpc.ServicerContext
    ) -> pb.ImportProductsResponse:
        return pb.ImportProductsResponse(report=report_to_pb(self.import_products(to_upload(request.upload))))
