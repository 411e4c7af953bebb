"""docs/deploy.md and samconfig.toml speak of the template as it is."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.repository.tree import DIALECTS, ROOT, template

PARAMETERS: dict[str, Any] = template(ROOT / "template.yaml")["Parameters"]
PAGE = (ROOT / "docs/deploy.md").read_text()
CONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text())


def overrides(environment: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in CONFIG[environment]["deploy"]["parameters"]["parameter_overrides"])
    return {name: value for name, _, value in pairs}


def test_the_page_tells_every_parameter_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (`[^`]*`|empty) \|", PAGE, re.MULTILINE))
    defaults = {name: str(one.get("Default", "")) for name, one in PARAMETERS.items()}
    assert told == {name: f"`{value}`" if value else "empty" for name, value in defaults.items()}


def test_the_console_groups_every_parameter_once() -> None:
    groups = template(ROOT / "template.yaml")["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)


def test_two_environments_override_what_there_is() -> None:
    chosen = {**overrides("dev"), **overrides("prod")}
    allowed = {name: [str(value) for value in PARAMETERS[name].get("AllowedValues", [chosen[name]])] for name in chosen}
    assert [name for name, value in chosen.items() if value not in allowed[name]] == []
    assert (overrides("dev")["DeletionProtection"], overrides("prod")["DeletionProtection"]) == ("false", "true")


def test_the_outputs_name_the_url_of_every_door() -> None:
    outputs = template(ROOT / "template.yaml")["Outputs"]
    assert {"NndmUrl", "DpxUrl", "ImmutaUrl", "NavUrl", "HubUrl"} <= set(outputs)
    assert [name for name in ("NndmUrl", "DpxUrl", "ImmutaUrl", "NavUrl", "HubUrl") if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("door", DIALECTS)
def test_every_door_may_bear_a_name_and_says_where_it_must_lead(door: str) -> None:
    declared = template(ROOT / f"functions/{door}/template.yaml")
    domain, mapping = declared["Resources"]["Domain"], declared["Resources"]["DomainMapping"]
    assert domain["Condition"] == mapping["Condition"] == declared["Outputs"]["Target"]["Condition"] == "Named"
    assert domain["Properties"]["DomainName"] == f"{door}.${{DomainName}}"
    assert (mapping["Properties"]["ApiId"], mapping["Properties"]["DomainName"]) == ("Api", "Domain")
    assert declared["Outputs"]["Url"]["Value"][:2] == ["Named", f"https://{door}.${{DomainName}}"]
    assert template(ROOT / "template.yaml")["Outputs"][f"{door.capitalize()}Target"]["Value"].endswith("Outputs.Target")


def test_a_domain_is_refused_without_its_certificate() -> None:
    (rule,) = template(ROOT / "template.yaml")["Rules"].values()
    assert ("DomainName" in str(rule["RuleCondition"]), "CertificateArn" in str(rule["Assertions"])) == (True, True)
