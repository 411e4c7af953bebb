"""getDocs: GET /docs, a page that lists the doors and their documents."""

from hub import documents
from hub.door import DOOR, Call, Response
from hub.lens import docs_page


@DOOR.operation("getDocs")
def handler(call: Call) -> Response:
    return call.text(docs_page(documents.titles()), content_type="text/html; charset=utf-8")
