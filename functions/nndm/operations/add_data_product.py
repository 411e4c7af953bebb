"""addDataProduct: PUT /api/dataproducts/{id}, create or replace (contract section 3.1; rules O1, O2, O6)."""

from nndm.door import DOOR, Call, Response
from nndm.lens.product import PRODUCT
from nndm.reads import record_with
from nndm.rights import owner_only
from souk.products.products import put_product


@DOOR.operation("addDataProduct", reads=record_with("product", ("team", ("info", "owner")), ("team", ("team", "name"))))
def handler(call: Call) -> Response:
    from nndm.schemas.fields import checked
    from nndm.schemas.product import product_model

    document = checked(product_model(call.document), call)
    owner_only(call, "product", call.path["id"], PRODUCT, document)
    put_product(call.work, call.path["id"], document, PRODUCT, call.principal)
    return call.empty()
