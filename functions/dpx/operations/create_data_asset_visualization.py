"""createDataAssetVisualization: POST {B}/data_asset/visualization (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.visualizations import results


@DOOR.operation("createDataAssetVisualization")
def handler(call: Call) -> Response:
    from dpx.schemas.visualization import wanted_assets

    return call.json(results(call, wanted_assets(call.document)), 201)
