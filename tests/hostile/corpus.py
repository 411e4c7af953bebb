"""What attackers send: bodies that are no documents, values that hurt, ids, queries and headers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

MB = 1024 * 1024
_DEEP = {f"{kind} {depth} deep": (depth, kind) for depth in (102, 900, 5000, 200_000) for kind in ("arrays", "objects")}
_BOMB = gzip.compress(b" " * (200 * MB), 1)


def _nested(depth: int, kind: str) -> bytes:
    begin, end = (b"[", b"]") if kind == "arrays" else (b'{"a":', b"}")
    return begin * depth + b"1" + end * depth


UNREADABLE: dict[str, tuple[bytes, dict[str, str]]] = {
    **{name: (_nested(*how), {}) for name, how in _DEEP.items()},
    "only brackets": (b"[" * 3_000_000, {}),
    "only braces": (b'{"a":' * 500_000, {}),
    "not a number": (b'{"id":NaN}', {}),
    "infinite": (b'{"id":Infinity}', {}),
    "negatively infinite": (b'[{"op":"add","path":"/x","value":-Infinity}]', {}),
    "out of range": (b'{"id":1e9999999}', {}),
    "far out of range": (b'{"id":-1E999999999999}', {}),
    "an integer of 5,000 digits": (b'{"id":' + b"9" * 5000 + b"}", {}),
    "an integer of a million digits": (b'{"id":' + b"9" * 1_000_000 + b"}", {}),
    "a key twice": (b'{"id":"a","id":"b"}', {}),
    "a key twice, spelled differently": (b'{"id":"a","\\u0069d":"b"}', {}),
    "a lone surrogate": (b'{"id":"\\ud800"}', {}),
    "a lone surrogate as a key": (b'{"\\udfff":1}', {}),
    "invalid UTF-8": (b'{"id":"\xff\xfe"}', {}),
    "overlong UTF-8": (b'{"id":"\xc0\xaf"}', {}),
    "an encoded surrogate": (b'{"id":"\xed\xa0\x80"}', {}),
    "UTF-16": ('{"id":"a"}'.encode("utf-16"), {}),
    "UTF-32": ('{"id":"a"}'.encode("utf-32"), {}),
    "a byte order mark": (b'\xef\xbb\xbf{"id":"a"}', {}),
    "a raw line break in a text": (b'{"id":"a\nb"}', {}),
    "a raw NUL in a text": (b'{"id":"a\x00b"}', {}),
    "cut": (b'{"id":"a', {}),
    "more behind it": (b'{"id":"a"} {"id":"b"}', {}),
    "a comment": (b'{"id":"a" /* b */}', {}),
    "single quotes": (b"{'id':'a'}", {}),
    "a trailing comma": (b'{"id":"a",}', {}),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', {"content-type": "application/xml"}),
    "YAML": (b"a: &a [*a, *a]\n", {"content-type": "application/yaml"}),
    "a form": (b"id=a&name=b", {"content-type": "application/x-www-form-urlencoded"}),
    "parts": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
        {"content-type": "multipart/form-data; boundary=x"},
    ),
    "a gzip bomb": (_BOMB, {"content-encoding": "gzip"}),
    "a cut gzip": (gzip.compress(b'{"id":"a"}' * 50)[:30], {"content-encoding": "gzip"}),
    "a gzip without its end": (gzip.compress(b'{"id":"a"}')[:-8], {"content-encoding": "gzip"}),
    "no gzip": (b'{"id":"a"}', {"content-encoding": "gzip"}),
    "gzip of gzip": (gzip.compress(gzip.compress(b'{"id":"a"}')), {"content-encoding": "gzip, gzip"}),
    "another packing": (b"\x0b\x02\x80{}\x03", {"content-encoding": "br"}),
    "spaces": (b" " * 1000, {}),
    "4 MB and more": (b'{"id":"' + b"a" * (4 * MB) + b'"}', {}),
    "10 MB": (b'{"id":"' + b"a" * (10 * MB - 20) + b'"}', {}),
    "more than the gateway takes": (b'{"id":"' + b"a" * (10 * MB) + b'"}', {}),
    "a text": (b'"id"', {}),
    "a number": (b"1", {}),
    "nothing": (b"null", {}),
}
"""Bodies that no operation takes, with the headers that they come with."""

LONG = 100_000
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "an empty text": "",
    "a long text": "a" * LONG,
    "400 digits": 10**400,
    "negative": -1,
    "a small double": 5e-324,
    "a NUL": "a\0b",
    "a delimiter": "a#b|c\u001fd\u001ee\0f/g",
    "a record's key": "r#000000000000000000000000",
    "controls": "".join(map(chr, range(32))),
    "right to left": "\u202eabc\u202c",
    "combining marks": "e" + "\u0301" * 2000,
    "beyond the plane": "\U0010ffff\U0001f600" * 50,
    "a pattern": "^(a+)+$" + "a" * 40 + "!",
    "an alternating pattern": "(x|xx)*y" + "x" * 60,
    "a way up": "../../../../etc/passwd",
    "an encoded way up": "..%2f..%2f%00",
    "markup": "<script>alert(1)</script>",
    "a template": "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "a lookup": "${jndi:ldap://169.254.169.254/a}",
    "a statement": "'; DROP TABLE records; --",
    "a header": "a\r\nset-cookie: a=b",
    "deep": json.loads("[" * 90 + "]" * 90),
    "wide": {f"k{n}": n for n in range(5000)},
    "a list of texts": ["a"] * 5000,
    "a dunder": "__class__.__init__.__globals__",
    "the address of the metadata": "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "an address of this machine": "http://127.0.0.1:1/",
    "an address inside": "http://10.0.0.1/",
    "an address of IPv6": "http://[::ffff:169.254.169.254]/",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "data": "data:text/html;base64,PHNjcmlwdD4=",
    "a script": "javascript:alert(1)",
    "credentials in an address": "https://a:b@169.254.169.254/",
}
"""Values in the place of each value of a good body."""
KEYS = (
    "",
    "\0",
    "a\0b",
    "a#b",
    "r#000000000000000000000000",
    "..",
    "../../etc/passwd",
    "a.b",
    "a/b",
    "a~1b",
    "$ref",
    "$where",
    "__class__",
    "__proto__",
    "constructor",
    "\u202eabc",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a" * LONG,
    "a\r\nset-cookie: a=b",
    "{{7*7}}",
)
"""Names of fields, each beside the names that a good body has."""

IDS = (
    "..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%2F",
    "a%2Fb",
    "%00",
    "a%00b",
    "%23",
    "a%23b",
    "%7C",
    "%1F",
    "%0D%0Aset-cookie:%20a=b",
    "%E2%80%AE",
    "%FF",
    "%C0%AF",
    "%ED%A0%80",
    "%",
    "%zz",
    "%25",
    "*",
    "a" * 5000,
    "%F0%9F%98%80" * 300,
    "null",
    "-1",
    "0",
    "9" * 400,
    "NaN",
    "r%23000000000000000000000000",
    "%27%20OR%201=1--",
    "00000000-0000-8000-8000-000000000000",
    "FFFFFFFF-FFFF-8FFF-BFFF-FFFFFFFFFFFF",
    "c" + "z" * 24,
    "__proto__",
    "constructor",
    "%20",
    "~",
    "%5C..%5C",
    "%3F",
    ";a=b",
)
"""Path segments."""

_TEXTS = (
    "a" * 20_000,
    "%FF",
    "%00",
    "-1",
    "1e9999999",
    "9" * 400,
    "NaN",
    "^(a%2B)%2B$",
    "..",
    "%0D%0A",
    "[]",
    "{}",
    "%ED%A0%80",
)
_NAMES = (
    "limit",
    "offset",
    "start",
    "sort",
    "sortBy",
    "sortOrder",
    "nextToken",
    "token",
    "lastEventId",
    "q",
    "p",
    "page",
    "nameFilter",
    "searchText",
    "status",
    "type",
    "userIds",
    "userId",
    "domain",
    "domainIds",
    "role",
    "expiration",
    "version",
    "state",
    "asset.container.id",
    "container.id",
    "catalog_id",
    "release_id",
    "dataProductId",
    "dataContractId",
    "teamId",
    "query",
    "longPolling",
    "async",
    "start_at",
)
CEL = (
    "(" * 5000 + "a" + ")" * 5000,
    "!" * 10_000 + "true",
    "%20%26%26%20".join(["name=='a'"] * 3000),
    "name.matches('^(a%2B)%2B$')",
    "[1].map(x,[1].map(y,[1].map(z,1)))",
    "name%3D%3D'" + "a" * 50_000 + "'",
    "'a'.repeat(999999999)",
)
SEARCHES: tuple[Any, ...] = (
    json.loads('{"bool":{"must":[' * 60 + "{}" + "]}}" * 60),
    {"bool": {"should": [{"match": {"name": "a"}}] * 5000}},
    {"query_string": {"query": "(" * 2000 + "a" + ")" * 2000}},
    {"query_string": {"query": "*" * 5000}},
    {"regexp": {"name": "^(a+)+$"}},
    {"wildcard": {"name": "*a" * 500}},
    {"fuzzy": {"name": "a" * 10_000}},
    {"script": {"source": "while(true){}"}},
    {"gs_user_query": {"search_string": "a " * 50_000}},
)


def queries() -> Iterator[str]:
    """Query strings: every name with every text, and tricks of the string itself."""
    yield from (f"{name}={text}" for name in _NAMES for text in _TEXTS)
    yield from (f"query={text}" for text in CEL)
    yield from (
        "&".join(["a=b"] * 2000),
        "&" * 5000,
        "=",
        "a[b][c]=d",
        ";".join(["a"] * 500),
        "%",
        "a=%",
        "?a=b",
        "limit=1&limit=2",
    )


FORGED = (
    "00000000-0000-8000-8000-000000000000",
    "ffffffff-ffff-8fff-bfff-ffffffffffff",
    "00000000-0001-8000-8000-000000000000",
    "12345678-1234-1234-1234-123456789abc",
    "0",
    "-1",
    "latest",
    "r#",
    "%00",
    "offset-999999999999",
    "offset--1",
    "offset-1e9",
    "eyJhIjoxfQ==",
    "AAAA",
    "a" * 5000,
)
"""Positions that no page and no feed gave out."""
