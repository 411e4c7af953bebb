"""`python -m local.openapi`: writes the OpenAPI document of every door into the folder that the hub serves."""

from __future__ import annotations

import json

from local.openapi.document import ROOT, doors, openapi

FOLDER = ROOT / "functions/hub/openapi"


def text_of(door: str) -> str:
    """The door's document as the file holds it."""
    return json.dumps(openapi(door), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in doors():
        (FOLDER / f"{name}.json").write_text(text_of(name), encoding="utf-8")
        print(f"functions/hub/openapi/{name}.json")
