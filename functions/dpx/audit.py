"""Audit events (contract section 3): a change leaves a notice on the bus, a read leaves a line in the log.

`SOUK_AUDIT_READS=bus` sends reads to the bus too.
"""

from __future__ import annotations

import os
from typing import Any

from souk.edge import log
from souk.edge.call import Call
from souk.edge.dialect import Body
from souk.edge.response import Response

_HUB = "data-product-hub."
_DRAFT_DOCUMENT = _HUB + "data-product-draft-contract-term-document."
_DOMAIN = _HUB + "data-product-domain."
_TERMS = _HUB + "data-product-draft-contract-terms."
_TEMPLATE = _HUB + "data-product-contract-template."
EVENTS = {
    "getInitializeStatus": _HUB + "configuration.monitor",
    "initialize": _HUB + "configuration.create",
    "manageApiKeys": _HUB + "configuration-apikey.rotate",
    "listDataProducts": _HUB + "data-product.list",
    "createDataProduct": _HUB + "data-product.create",
    "getDataProduct": _HUB + "data-product.read",
    "listDataProductDrafts": _HUB + "data-product-draft.list",
    "createDataProductDraft": _HUB + "data-product-draft.create",
    "getDataProductDraft": _HUB + "data-product-draft.read",
    "deleteDataProductDraft": _HUB + "data-product-draft.delete",
    "updateDataProductDraft": _HUB + "data-product-draft.update",
    "publishDataProductDraft": _HUB + "data-product-draft.publish",
    "createDraftContractTermsDocument": _DRAFT_DOCUMENT + "upload",
    "getDraftContractTermsDocument": _DRAFT_DOCUMENT + "read",
    "updateDraftContractTermsDocument": _DRAFT_DOCUMENT + "update",
    "deleteDraftContractTermsDocument": _DRAFT_DOCUMENT + "delete",
    "completeDraftContractTermsDocument": _DRAFT_DOCUMENT + "complete",
    "listDataProductReleases": _HUB + "data-product-release.list",
    "getDataProductRelease": _HUB + "data-product-release.read",
    "updateDataProductRelease": _HUB + "data-product-release.update",
    "retireDataProductRelease": _HUB + "data-product-release.expire",
    "getReleaseContractTermsDocument": _HUB + "data-product-release-contract-term-document.read",
    "getServiceIdCredentials": _HUB + "configuration-apikey.read",
    "createDataAssetVisualization": _HUB + "data-asset-visualization.create",
    "reinitiateDataAssetVisualization": _HUB + "data-asset-visualization.reinitiate",
    "createS3Bucket": _HUB + "bucket.create",
    "getS3BucketValidation": _HUB + "bucket.validate",
    "getDataProductDraftContractTerms": _TERMS + "read",
    "replaceDataProductDraftContractTerms": _TERMS + "replace",
    "updateDataProductDraftContractTerms": _TERMS + "update",
    "getContractTermsInSpecifiedFormat": _TERMS + "export",
    "getPublishedDataProductDraftContractTerms": _HUB + "data-product-release-contract-terms.read",
    "listDataProductContractTemplate": _TEMPLATE + "list",
    "createContractTemplate": _TEMPLATE + "create",
    "getContractTemplate": _TEMPLATE + "read",
    "deleteDataProductContractTemplate": _TEMPLATE + "delete",
    "updateDataProductContractTemplate": _TEMPLATE + "update",
    "createRevokeAccessProcess": _HUB + "data-product-release.revoke-access",
    "getRevokeAccessProcessState": _HUB + "data-product-release.revoke-access-state",
    "listDataProductDomains": _DOMAIN + "list",
    "createDataProductDomain": _DOMAIN + "create",
    "createDataProductSubdomain": _DOMAIN + "add",
    "getDomain": _DOMAIN + "read",
    "deleteDomain": _DOMAIN + "delete",
    "updateDataProductDomain": _DOMAIN + "update",
    "getDataProductByDomain": _DOMAIN + "list-data-products",
}
"""The event of each operation; the document names those of its own 22, the rest is named alike."""


def audited(operation: str, body: Body) -> Body:
    """The operation, leaving its event when it succeeds."""
    event = EVENTS.get(operation)
    if event is None:
        return body

    def run(call: Call) -> Response:
        notifies = call.request.method != "GET" or os.environ.get("SOUK_AUDIT_READS") == "bus"
        if notifies and not call.begun:
            # Staged first: what is begun in a commit of its own takes it along, what fails drops it.
            call.work.notice(event, **_facts(call))
        response = body(call)
        if not notifies:
            call.afterwards(lambda: log.audit(event, _facts(call)))
        return response

    return run


def _facts(call: Call) -> dict[str, Any]:
    """Who did it, to what, in which request. Never a body."""
    return {
        "principal": call.principal.label,
        "principal_kind": call.principal.kind,
        "request": call.request.id,
        "target": dict(call.path),
    }
