"""A document as YAML that 1.1 and 1.2 parsers read back with the same types."""

from __future__ import annotations

import re
from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_MARKS = "'\""
_MISREAD = re.compile(
    r"""y|Y|n|N                                    # booleans of YAML 1.1 that PyYAML leaves alone
    |[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?   # numbers of YAML 1.2
    |0[oO][0-7]+|[-+]?0[xXbB][0-9a-fA-F_]+
    |[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?    # sexagesimal""",
    re.VERBOSE,
)
_BLOCK = re.compile(r"[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\n]+\Z")
"""Text that a literal block keeps byte for byte."""


class _Dumper(_BASE):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Never an anchor: JSON has none."""
        return True


def yaml_text(document: dict[str, Any]) -> str:
    """The document as YAML, key order kept, UTF-8, long lines unbroken."""
    text: str = yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1, default_flow_style=False
    )
    return text


def _text(dumper: Any, value: str) -> Any:
    if _MISREAD.fullmatch(value):
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="'")
    block = "\n" in value and _BLOCK.match(value) and not value[0].isspace() and " \n" not in value
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if block else None)


_Dumper.add_representer(str, _text)
