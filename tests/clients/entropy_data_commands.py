"""A row for every command of the entropy-data command line: what the API reaches, and what it never had."""

from __future__ import annotations

_FOUR = "delete get list put"
_BRANCHES = "changes create delete get list merge put rebase yaml"
_GIT = "delete get pull push push-pr put"
_CREDENTIALS = "create delete get list update"


def rows(**groups: str) -> list[str]:
    """`datacontracts__branches="list get"`: the commands `datacontracts branches list` and `... get`."""
    named = {name.replace("__", " ").replace("_", "-"): commands.split() for name, commands in groups.items()}
    return [f"{group} {command}" for group, commands in named.items() for command in commands]


REACHED = [
    "sync",
    *rows(
        access="approve cancel delete get list put reject request",
        apply="dir",
        assets=_FOUR,
        connection="add get list remove set-default test",
        connectors=_FOUR,
        costs="add delete list",
        datacontracts=f"{_FOUR} yaml",
        dataproducts=_FOUR,
        definitions=_FOUR,
        events="poll",
        export="dir",
        sourcesystems=_FOUR,
        teams=_FOUR,
        test_results="delete get list publish",
    ),
    "import zip",
]
REFUSED = [
    *rows(
        api_keys="create delete",
        assets__tags="add list remove",
        certifications=_FOUR,
        classifications=_FOUR,
        datacontracts="generate import-from-git test",
        datacontracts__branches=_BRANCHES,
        datacontracts__gitconnection=_GIT,
        dataproducts="import-from-git star star-status stargazers unstar",
        dataproducts__gitconnection=_GIT,
        example_data=_FOUR,
        integrations="cancel get list run runs runs-get runs-latest",
        lineage="delete list submit",
        organization="get",
        organization__git_credentials=_CREDENTIALS,
        organization__members="get list",
        policies=_FOUR,
        schemas="get",
        search="query",
        semantics="search",
        semantics__branches=_BRANCHES,
        semantics__concepts=_FOUR,
        semantics__namespaces=_FOUR,
        semantics__relationships=_FOUR,
        settings="get-customization get-scim-mapping put-customization put-scim-mapping",
        settings__email_templates="get put",
        settings__team_roles="get put",
        tags=_FOUR,
        teams__git_credentials=_CREDENTIALS,
        teams__notifications="delete get put",
        usage="delete list submit",
    )
]
"""Of things that the API does not have: 404 in words."""
_OF_GIT = ["--git-connection-type", "github"]
MORE = {
    "datacontracts generate": ["--type", "sql-ddl"],
    "datacontracts import-from-git": ["--file", "document.json"],
    "dataproducts import-from-git": ["--file", "document.json"],
    "datacontracts gitconnection put": _OF_GIT,
    "dataproducts gitconnection put": _OF_GIT,
    "organization git-credentials create": ["--file", "document.json"],
    "organization git-credentials update": ["--file", "document.json"],
    "teams git-credentials create": ["--file", "document.json"],
    "teams git-credentials update": ["--file", "document.json"],
}
"""Words that a command wants beyond those that it says are required."""
