"""The recorded invocations as stories over HTTP: what is made first gives its ids to the recordings that follow."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from local.openapi.document import served, snake
from tests.repository.tree import ROOT

Answer = httpx.Response
EXTERNAL = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c805"
"""The delivery method of systems that report what they deliver."""


class Step(NamedTuple):
    """One recording; a status of 0 is any.

    `gives`: recorded ids, and where in the answer the real ones stand; `drops`: keys of the body; `by`: a person's
    token instead of the recorded key.
    """

    operation: str
    status: int = 200
    gives: Mapping[str, str] = MappingProxyType({})
    drops: tuple[str, ...] = ()
    then: Callable[[httpx.Client, Answer], object] | None = None
    by: str = ""


class Told(NamedTuple):
    """What a recording was answered."""

    operation: str
    expected: int
    answer: Answer


def tell(door: str, client: httpx.Client, known: dict[str, str], story: list[Step]) -> Iterator[Told]:
    """Send the recordings of a story in order. `known`: what stands for what in recordings, by recorded text."""
    for step in story:
        answer = client.send(_request(door, client, step, known))
        if answer.status_code < 300:
            known |= {recorded: _found(answer, path) for recorded, path in step.gives.items()}
        if step.then:
            step.then(client, answer)
        yield Told(step.operation, step.status, answer)


def untold(door: str, story: list[Step]) -> list[Step]:
    """Steps for the operations that the story leaves out. What they answer depends on ids that nobody gave them."""
    told = {step.operation for step in story}
    return [Step(one.name, 0) for one in served(door) if one.name not in told]


def _request(door: str, client: httpx.Client, step: Step, known: dict[str, str]) -> httpx.Request:
    text = (ROOT / "events" / door / f"{snake(step.operation)}.json").read_text()
    if step.by:
        text = text.replace('"x-api-key": "$SOUK_API_KEY"', f'"authorization": "Bearer {step.by}"')
    for recorded, real in known.items():
        text = text.replace(recorded, real)
    event: dict[str, Any] = json.loads(text)
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode().replace("%24SOUK_API_KEY", known["$SOUK_API_KEY"])
    if step.drops:
        body = json.dumps({name: value for name, value in json.loads(body).items() if name not in step.drops})
    kept = {"authorization", "x-api-key", "content-type", "cookie"}
    query = event.get("rawQueryString") or ""
    return client.build_request(
        event["requestContext"]["http"]["method"],
        quote(event["rawPath"], safe="/@") + (f"?{query}" if query else ""),
        content=body.encode(),
        headers={name: value for name, value in event["headers"].items() if name in kept},
    )


def _found(answer: Answer, path: str) -> str:
    """The value at a path such as `drafts.0.id`; an empty path is the whole text."""
    if not path:
        return answer.text
    node: Any = answer.json()
    for name in path.split("."):
        node = node[int(name)] if isinstance(node, list) else node[name]
    return str(node)


def upload(client: httpx.Client, answer: Answer) -> None:
    """Put some bytes to where a new attachment wants them."""
    assert httpx.put(answer.json()["upload_url"], content=b"%PDF-1.7", trust_env=False).status_code == 200


def wait_for_setup(client: httpx.Client, answer: Answer) -> None:
    """Until the catalogue is initialized."""
    from tests.running import eventually

    path = httpx.URL(answer.json()["href"]).raw_path.decode()
    eventually(
        lambda: (
            client.get(path, headers={"authorization": answer.request.headers["authorization"]}).json()["status"]
            == "succeeded"
        )
    )


def wait_for_delivery(client: httpx.Client, answer: Answer) -> None:
    """Until the first item of an order is being delivered."""
    from tests.running import eventually

    def begun() -> bool:
        items = client.send(answer.request).json()["items"]
        return bool(items[0]["properties"]["data_product_delivery_state"] == "in_progress")

    eventually(begun)


NNDM = [
    *(
        Step(name)
        for name in ("addTeam", "getTeam", "getTeams", "addSourceSystem", "getSourceSystem", "getSourceSystems")
    ),
    *(Step(name) for name in ("addDefinition", "getDefinition", "getDefinitions", "addAsset", "getAsset", "getAssets")),
    *(Step(name) for name in ("addDataContract", "getDataContract", "getDataContracts", "getDataContractYaml")),
    *(Step(name) for name in ("addDataProduct", "getDataProduct", "getDataProducts")),
    *(Step(name) for name in ("addDataUsageAgreement", "rejectDataUsageAgreement", "deleteDataUsageAgreement")),
    *(Step(name) for name in ("addDataUsageAgreement", "getDataUsageAgreement", "getDataUsageAgreements")),
    Step("approveDataUsageAgreement"),
    Step("rejectDataUsageAgreement", 422),
    Step("cancelDataUsageAgreement"),
    Step("getAccessStatus"),
    Step("requestAccess", 403),
    *(Step(name) for name in ("postTestResults", "getTestResults", "listTestResults", "deleteTestResults")),
    *(Step(name) for name in ("addConnector", "getConnector", "getConnectors", "deleteConnector")),
    Step("addCost", 200, {"0d9a1f3e-62b7-4b83-a2c5-7e1df0c4b956": "id"}),
    *(Step(name) for name in ("getCosts", "pollEvents", "deleteCost", "deleteDataUsageAgreement", "deleteDataProduct")),
    *(
        Step(name)
        for name in ("deleteDataContract", "deleteAsset", "deleteDefinition", "deleteSourceSystem", "deleteTeam")
    ),
]
BY_PEOPLE = {
    "nndm": [
        *(Step(name) for name in ("addTeam", "addDataContract", "addDataProduct")),
        Step("requestAccess", by="$SOUK_OTHER_TOKEN"),
    ]
}
"""What is told further where people have tokens."""
NAV = [
    Step("createDataproduct", 201, {"coffeeStock0123456Ab": ""}),
    *(Step(name) for name in ("getDataproducts", "getDataproduct", "getUserInfo")),
    *(Step(name, 204) for name in ("updateDataproduct", "grantAccess")),
    Step("getAccessLog"),
    *(Step(name, 204) for name in ("revokeAccess", "deleteDataproduct")),
]
HUB = [
    *(Step(name) for name in ("getHealth", "exchangeToken", "getKeySet", "getOpenApi", "getAsyncApi", "getDocs")),
    Step("listGrants"),
    *(Step(name, 404) for name in ("getGrant", "postGrantResult")),
]
IMMUTA = [
    Step("createDataUseAgreement", 201, {"0d4b8f2a-6c1e-4937-85d2-a9e3c7b1f560": "id"}),
    *(Step(name) for name in ("searchDataUseAgreements", "getDataUseAgreement", "updateDataUseAgreement")),
    Step("createDataProduct", 201),
    *(Step(name) for name in ("searchDataProducts", "getDataProductById", "getDataProductByName", "updateDataProduct")),
    *(
        Step(name)
        for name in ("updateDataSources", "searchDataSources", "getAllDataSources", "searchDataProductColumns")
    ),
    Step("getRequestForms"),
    Step("requestAccess", 201, {"c1m4v8q2x7t0k5w9b3n6j8r2h": "id"}),
    Step("requestMaskingException", 201, {"c4e6b8n0m2v5c7x9z1a3s5d7f": "id"}),
    *(Step(name) for name in ("searchDataProductAccessRequests", "searchAccessRequests", "getAccessRequest")),
    *(Step(name) for name in ("getMaskingExceptionColumns", "getRiskAssessment")),
    Step("getApprovalRecords", 200, {"c3a7s9d1f2g4h6j8k0l1z3x5c": "approvalRecords.0.id"}),
    *(Step(name) for name in ("updateApprovalRecord", "searchDataProductMembers", "recentDeterminations")),
    Step("getApprovedMaskingExceptionColumns"),
    Step("revokeAccess", 204),
    Step("requestAccess", 201, {"c1m4v8q2x7t0k5w9b3n6j8r2h": "id"}),
    Step("cancelAccessRequest", 204),
    Step("deleteDataProduct"),
    Step(
        "createRequestForm", 201, {"3c9e1f5a-7b24-4d68-a0c3-9e5d7b1f2a46": "id", "c2v8n4x6z1q3w5e7r9t0y2u4i": "version"}
    ),
    *(Step(name) for name in ("searchRequestForms", "getRequestForm", "getRequestFormVersion")),
    Step("updateRequestForm", 201),
    *(Step(name, 204) for name in ("deleteRequestForm", "deleteDataUseAgreement")),
    Step("getCurrentUser"),
]
_DRAFT, _TERMS = "9e2f7a44-0d3b-4c58-8a16-2b7d5e90c311", "17b6c3d9-84ef-4a21-b5c0-d93e60f7a833"
_DOCUMENT = "f2a85b60-39c4-4e1d-97ab-0c6d41e8b944"
_RELEASE = "c41d8e05-6f92-4b77-9d30-8e1a7f24b622"
_TEMPLATE = "3e81c0b7-9d24-4f6a-a150-7c2f94e6d381"
_SECOND = {_DRAFT: "asset.id", _TERMS: "contract_terms.0.asset.id"}
DPX_KNOWN = {"2f6d3c1e-90ab-4c47-8f15-7be2a4d6c801": EXTERNAL, "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c802": EXTERNAL}
DPX = [
    Step("initialize", 202, then=wait_for_setup),
    *(Step(name) for name in ("getInitializeStatus", "getCatalog", "searchAssets")),
    Step("manageApiKeys", 204),
    Step("createAsset", 201, {"60d3f1b8-2a97-4c5e-8b04-7e19a2c6d055": "asset_id"}),
    Step("getAsset"),
    Step(
        "createDataProduct",
        201,
        {
            "5b0a64f1-7c1e-4d0b-9c27-4f3f0b8f6a10": "id",
            _DRAFT: "drafts.0.asset.id",
            _TERMS: "drafts.0.contract_terms.0.asset.id",
            _RELEASE: "drafts.0.asset.id",
        },
    ),
    *(Step(name) for name in ("listDataProducts", "getDataProduct", "listDataProductDrafts", "getDataProductDraft")),
    Step("updateDataProductDraft"),
    Step("createDraftContractTermsDocument", 201, {_DOCUMENT: "id"}),
    *(Step(name) for name in ("getDraftContractTermsDocument", "updateDraftContractTermsDocument")),
    *(Step(name) for name in ("replaceDataProductDraftContractTerms", "updateDataProductDraftContractTerms")),
    *(Step(name) for name in ("getDataProductDraftContractTerms", "getContractTermsInSpecifiedFormat")),
    Step("publishDataProductDraft"),
    Step("getPublishedDataProductDraftContractTerms"),
    *(Step(name) for name in ("listDataProductReleases", "getDataProductRelease", "getReleaseContractTermsDocument")),
    *(Step(name) for name in ("updateDataProductRelease", "searchCatalog")),
    Step("createDataProductDraft", 201, _SECOND),
    Step("createDraftContractTermsDocument", 201, {_DOCUMENT: "id"}, ("url",), upload),
    Step("completeDraftContractTermsDocument"),
    *(Step(name, 204) for name in ("deleteDraftContractTermsDocument", "deleteDataProductDraft")),
    Step("createAssetList", 201, {"a94b7d20-51c8-4f36-9e0d-3b62c8f1e754": "id"}),
    *(Step(name) for name in ("listAssetLists", "getAssetList")),
    Step("listAssetListItems", 200, {"d5c0839e-17b2-4a6f-8c44-90ef2b7a6d13": "items.0.id"}, then=wait_for_delivery),
    Step("updateSubscriptionItem"),
    Step("createAssetList", 201, {"a94b7d20-51c8-4f36-9e0d-3b62c8f1e754": "id"}),
    Step("updateAssetList"),
    Step("retireDataProductRelease"),
    Step("createRevokeAccessProcess", 202),
    Step("getRevokeAccessProcessState"),
    Step("createContractTemplate", 201, {_TEMPLATE: "id"}),
    *(
        Step(name)
        for name in (
            "listDataProductContractTemplate",
            "getContractTemplate",
            "updateDataProductContractTemplate",
        )
    ),
    Step("deleteDataProductContractTemplate", 204),
    Step("createDataProductDomain", 201, {"7d0f2b96-41ce-4a83-9b57-e60c8d3f15a2": "id"}),
    *(
        Step(name)
        for name in ("listDataProductDomains", "getDomain", "updateDataProductDomain", "getDataProductByDomain")
    ),
    Step("createDataProductSubdomain", 201),
    Step("deleteDomain", 204),
]
