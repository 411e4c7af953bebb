"""The server's ids in the recorded invocations of the door."""

from __future__ import annotations

RECORDED = {
    "product": "5b0a64f1-7c1e-4d0b-9c27-4f3f0b8f6a10",
    "draft": "9e2f7a44-0d3b-4c58-8a16-2b7d5e90c311",
    "terms": "17b6c3d9-84ef-4a21-b5c0-d93e60f7a833",
    "document": "f2a85b60-39c4-4e1d-97ab-0c6d41e8b944",
    "release": "c41d8e05-6f92-4b77-9d30-8e1a7f24b622",
    "asset": "60d3f1b8-2a97-4c5e-8b04-7e19a2c6d055",
    "order": "a94b7d20-51c8-4f36-9e0d-3b62c8f1e754",
    "item": "d5c0839e-17b2-4a6f-8c44-90ef2b7a6d13",
    "domain": "7d0f2b96-41ce-4a83-9b57-e60c8d3f15a2",
    "template": "3e81c0b7-9d24-4f6a-a150-7c2f94e6d381",
}
