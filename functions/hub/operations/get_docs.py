"""getDocs: GET /docs, a page that shows the doors and their operations; nothing on it comes from another host."""

from hub import documents
from hub.door import DOOR, Call, Response
from hub.lens import docs_page

OWN_HOST = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'"
)


@DOOR.operation("getDocs")
def handler(call: Call) -> Response:
    answer = call.text(docs_page(documents.page(), documents.titles()), content_type="text/html; charset=utf-8")
    answer.headers["content-security-policy"] = f"{OWN_HOST}; base-uri 'none'; frame-ancestors 'none'"
    return answer
