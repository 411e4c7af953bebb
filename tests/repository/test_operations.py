"""One operation has one name: in the template, the code and the recorded invocations."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import (
    DIALECTS,
    ROOT,
    aliases,
    allowed,
    functions,
    operation_id,
    resources,
    routes,
    snake,
    template,
)

NNDM = """
GET    /api/dataproducts                               getDataProducts
PUT    /api/dataproducts/{id}                          addDataProduct
GET    /api/dataproducts/{id}                          getDataProduct
DELETE /api/dataproducts/{id}                          deleteDataProduct
GET    /api/datacontracts                              getDataContracts
PUT    /api/datacontracts/{id}                         addDataContract
GET    /api/datacontracts/{id}                         getDataContract
DELETE /api/datacontracts/{id}                         deleteDataContract
GET    /api/datacontracts/{id}/datacontract.yaml       getDataContractYaml
GET    /api/datausageagreements                        getDataUsageAgreements
PUT    /api/datausageagreements/{id}                   addDataUsageAgreement
GET    /api/datausageagreements/{id}                   getDataUsageAgreement
DELETE /api/datausageagreements/{id}                   deleteDataUsageAgreement
POST   /api/datausageagreements/{id}/approve           approveDataUsageAgreement
POST   /api/datausageagreements/{id}/reject            rejectDataUsageAgreement
POST   /api/datausageagreements/{id}/cancel            cancelDataUsageAgreement
GET    /api/teams                                      getTeams
PUT    /api/teams/{id}                                 addTeam
GET    /api/teams/{id}                                 getTeam
DELETE /api/teams/{id}                                 deleteTeam
GET    /api/sourcesystems                              getSourceSystems
PUT    /api/sourcesystems/{id}                         addSourceSystem
GET    /api/sourcesystems/{id}                         getSourceSystem
DELETE /api/sourcesystems/{id}                         deleteSourceSystem
GET    /api/definitions                                getDefinitions
PUT    /api/definitions/{id}                           addDefinition
GET    /api/definitions/{id}                           getDefinition
DELETE /api/definitions/{id}                           deleteDefinition
GET    /api/assets                                     getAssets
PUT    /api/assets/{id}                                addAsset
GET    /api/assets/{id}                                getAsset
DELETE /api/assets/{id}                                deleteAsset
GET    /api/costs                                      getCosts
POST   /api/costs                                      addCost
DELETE /api/costs/{id}                                 deleteCost
POST   /api/test-results                               postTestResults
GET    /api/events                                     pollEvents
"""
NNDM_EXTENSIONS = """
GET    /api/test-results                               listTestResults
GET    /api/test-results/{id}                          getTestResults
DELETE /api/test-results/{id}                          deleteTestResults
GET    /api/connectors                                 getConnectors
PUT    /api/connectors/{id}                            addConnector
GET    /api/connectors/{id}                            getConnector
DELETE /api/connectors/{id}                            deleteConnector
GET    /api/dataproducts/{id}/outputports/{portId}/access-status   getAccessStatus
POST   /api/dataproducts/{id}/outputports/{portId}/request-access  requestAccess
"""
NNDM_SECOND_NAMES = """
GET    /api/access                                     getDataUsageAgreements
PUT    /api/access/{id}                                addDataUsageAgreement
GET    /api/access/{id}                                getDataUsageAgreement
DELETE /api/access/{id}                                deleteDataUsageAgreement
POST   /api/access/{id}/approve                        approveDataUsageAgreement
POST   /api/access/{id}/reject                         rejectDataUsageAgreement
POST   /api/access/{id}/cancel                         cancelDataUsageAgreement
PUT    /api/definitions/{id+}                          addDefinition
GET    /api/definitions/{id+}                          getDefinition
DELETE /api/definitions/{id+}                          deleteDefinition
"""
WRITES = {f"dynamodb:{verb}Item" for verb in ("Put", "Update", "Delete", "ConditionCheck")}
IMMUTA = """
GET    /api/data-product                                                  searchDataProducts
POST   /api/data-product                                                  createDataProduct
GET    /api/data-product/{id}                                             getDataProductById
PUT    /api/data-product/{id}                                             updateDataProduct
DELETE /api/data-product/{id}                                             deleteDataProduct
GET    /api/data-product/{name}/byName                                    getDataProductByName
GET    /api/data-product/{id}/datasources                                 searchDataSources
PUT    /api/data-product/{id}/datasources                                 updateDataSources
GET    /api/data-product/{id}/datasources/all                             getAllDataSources
GET    /api/data-product/{id}/columns                                     searchDataProductColumns
GET    /api/data-product/{id}/request                                     searchDataProductAccessRequests
POST   /api/data-product/{id}/request                                     requestAccess
POST   /api/data-product/{id}/request/masking-exception                   requestMaskingException
DELETE /api/data-product/{id}/request/{requestId}                         revokeAccess
GET    /api/data-product/{id}/members                                     searchDataProductMembers
GET    /api/data-product/{id}/recent-determinations                       recentDeterminations
GET    /api/data-product/{id}/request-forms                               getRequestForms
GET    /api/access-request                                                searchAccessRequests
GET    /api/access-request/{id}                                           getAccessRequest
DELETE /api/access-request/{id}                                           cancelAccessRequest
GET    /api/access-request/{id}/records                                   getApprovalRecords
GET    /api/access-request/{id}/masking-exception-columns                 getMaskingExceptionColumns
GET    /api/access-request/approved-masking-exception-columns             getApprovedMaskingExceptionColumns
GET    /api/access-request/{id}/risk-assessment                           getRiskAssessment
PUT    /api/approval-record/{id}                                          updateApprovalRecord
GET    /api/request-form                                                  searchRequestForms
POST   /api/request-form                                                  createRequestForm
GET    /api/request-form/{id}                                             getRequestForm
PUT    /api/request-form/{id}                                             updateRequestForm
DELETE /api/request-form/{id}                                             deleteRequestForm
GET    /api/request-form/version/{version}                                getRequestFormVersion
GET    /api/data-use-agreement                                            searchDataUseAgreements
POST   /api/data-use-agreement                                            createDataUseAgreement
GET    /api/data-use-agreement/{id}                                       getDataUseAgreement
PUT    /api/data-use-agreement/{id}                                       updateDataUseAgreement
DELETE /api/data-use-agreement/{id}                                       deleteDataUseAgreement
GET    /api/auth/user                                                     getCurrentUser
"""
REACTIONS = ROOT / "functions/reactions"


def modules(dialect: str) -> set[str]:
    return {path.stem for path in (ROOT / "functions" / dialect / "operations").glob("*.py")} - {"__init__"}


def decorated_name(path: Path) -> str:
    """The name that the module's one handler gives to `operation(...)`."""
    (handler,) = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
    assert handler.name == "handler"
    call = next(node for node in ast.walk(handler.decorator_list[0]) if isinstance(node, ast.Call))
    name = call.args[0]
    assert isinstance(name, ast.Constant)
    return str(name.value)


def invocation(dialect: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "events" / dialect / f"{snake(operation_id(name))}.json").read_text())
    return content


def lines(text: str) -> dict[str, tuple[str, str]]:
    """Method and path by operation."""
    return {name: (method, path) for method, path, name in (line.split() for line in text.strip().splitlines())}


def test_nndm_serves_the_37_operations_of_its_contract_and_few_more() -> None:
    contract, extensions = lines(NNDM), lines(NNDM_EXTENSIONS)
    served = {operation_id(name): route for name, route in routes("nndm").items()}
    assert served.pop("unknownPath") == ("", "$default")
    assert len(contract) == 37
    assert {name: route for name, route in served.items() if name not in extensions} == contract
    assert {name: route for name, route in served.items() if name in extensions} == extensions


def test_nndm_serves_agreements_and_definitions_under_a_second_name() -> None:
    second = {operation_id(name): route for name, (route,) in aliases("nndm").items()}
    assert second == lines(NNDM_SECOND_NAMES)


def test_immuta_serves_the_operations_of_its_contract() -> None:
    contract = {name: (method, path) for method, path, name in (line.split() for line in IMMUTA.strip().splitlines())}
    served = {operation_id(name): route for name, route in routes("immuta").items()}
    assert served.pop("unknownPath") == ("", "$default")
    assert served == contract


@pytest.mark.parametrize("dialect", DIALECTS)
def test_templates_modules_and_recorded_invocations_name_the_same_operations(dialect: str) -> None:
    declared = {snake(operation_id(name)) for name in functions(dialect)}
    recorded = {path.stem for path in (ROOT / "events" / dialect).glob("*.json")}
    assert modules(dialect) == declared
    assert recorded == declared


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_handler_is_the_one_that_the_operation_id_names(dialect: str) -> None:
    handlers = {name: function["Handler"] for name, function in functions(dialect).items()}
    assert handlers == {name: f"{dialect}.operations.{snake(operation_id(name))}.handler" for name in handlers}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_module_decorates_its_handler_with_its_operation_id(dialect: str) -> None:
    folder = ROOT / "functions" / dialect / "operations"
    named = {module: decorated_name(folder / f"{module}.py") for module in modules(dialect)}
    assert {snake(name): module for module, name in named.items()} == {module: module for module in named}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_door_answers_paths_that_no_operation_serves(dialect: str) -> None:
    assert routes(dialect)["UnknownPathFunction"] == ("", "$default")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_function_blocks_say_only_what_differs(dialect: str) -> None:
    assert {key for function in functions(dialect).values() for key in function} == {"Handler", "Role", "Events"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_get_operations_run_under_roles_that_change_no_record(dialect: str) -> None:
    roles = {
        function["Role"].removesuffix(".Arn")
        for name, function in functions(dialect).items()
        if routes(dialect)[name][0] == "GET"
    }
    assert roles
    assert {role for role in roles if allowed(dialect, role) & WRITES} == set()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_recorded_invocations_came_in_by_the_route_of_the_template(dialect: str) -> None:
    expected = {name: " ".join(route).strip() for name, route in routes(dialect).items()}
    assert {name: invocation(dialect, name)["routeKey"] for name in expected} == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_recorded_path_parameters_fill_the_path(dialect: str) -> None:
    served = {name: path for name, (_, path) in routes(dialect).items() if path != "$default"}
    recorded = {name: invocation(dialect, name) for name in served}
    filled = {
        name: re.sub(r"\{(\w+)\+?}", lambda match: recorded[name]["pathParameters"][match[1]], path)  # noqa: B023
        for name, path in served.items()
    }
    assert filled == {name: event["rawPath"] for name, event in recorded.items()}


def test_reactions_and_their_modules_name_the_same_functions() -> None:
    declared = {
        name: function["Handler"]
        for name, function in resources(REACTIONS / "template.yaml", "AWS::Serverless::Function").items()
    }
    written = {path.stem for path in REACTIONS.glob("*.py")} - {"__init__"}
    assert declared == {name: f"reactions.{snake(operation_id(name))}.handler" for name in declared}
    folders = ("bus", "streams", "schedules", "commands")
    recorded = {path.stem for folder in folders for path in (ROOT / "events" / folder).glob("*.json")}
    assert {handler.split(".")[1] for handler in declared.values()} == recorded
    assert recorded <= written


def test_no_stack_comes_near_the_limit_of_500_resources() -> None:
    """A function is one resource for itself, and one permission for each of its events."""
    counts = {
        path.parent.name: len(template(path)["Resources"])
        + sum(len(function.get("Events", ())) for function in resources(path, "AWS::Serverless::Function").values())
        for path in sorted(ROOT.glob("functions/*/template.yaml"))
    }
    assert max(counts.values()) < 400
