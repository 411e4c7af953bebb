"""`python -m local.asyncapi`: writes the AsyncAPI document that the hub serves."""

from __future__ import annotations

import json

from local.asyncapi.document import asyncapi
from local.openapi.document import ROOT

FILE = ROOT / "functions/hub/asyncapi.json"


def text() -> str:
    """The document as the file holds it."""
    return json.dumps(asyncapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print("functions/hub/asyncapi.json")
