"""What the templates declare, read from the root template.yaml and everything nested in it.

The local run takes nothing from anywhere else: what is not in a template does not run here, and neither on AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.cloudformation import Stack, TemplateError
from local.cors import Cors, cors_of

DEFAULT_TIMEOUT = 3
DEFAULT_MEMORY = 128


@dataclass(frozen=True, slots=True)
class Route:
    """One route of an HTTP API. `method` and `path` as in the template; `$default` has no method."""

    api: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """A DynamoDB stream that feeds a function. `retries` is -1 for no limit; `on_failure` an ARN or empty."""

    table: str
    batch_size: int = 100
    starting_position: str = "LATEST"
    retries: int = -1
    bisect: bool = False
    patterns: tuple[dict[str, Any], ...] = ()
    on_failure: str = ""
    window_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class BusRule:
    """An EventBridge rule. Its target is the function or machine that holds it."""

    name: str
    pattern: dict[str, Any]
    bus: str = "default"
    input: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function. `dialect` is the folder of its template; `name` is unique over all stacks."""

    logical: str
    name: str
    dialect: str
    arn: str
    handler: str
    code: Path
    timeout: int = DEFAULT_TIMEOUT
    memory: int = DEFAULT_MEMORY
    environment: dict[str, str] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    schedules: tuple[str, ...] = ()
    streams: tuple[StreamMapping, ...] = ()
    rules: tuple[BusRule, ...] = ()
    on_failure: str = ""
    """ARN of what takes events that it failed at when nobody waited for it, or empty."""


@dataclass(frozen=True, slots=True)
class StateMachine:
    """One Step Functions machine; `definition` has its substitutions filled in."""

    logical: str
    name: str
    arn: str
    definition: Any
    rules: tuple[BusRule, ...] = ()
    kind: str = "STANDARD"


@dataclass(frozen=True, slots=True)
class Application:
    """Everything the templates declare that the local run knows how to run."""

    functions: tuple[Function, ...]
    machines: tuple[StateMachine, ...]
    tables: tuple[dict[str, Any], ...]
    buckets: tuple[dict[str, Any], ...]
    buses: tuple[str, ...]
    queues: tuple[dict[str, Any], ...]
    cors: dict[str, Cors] = field(default_factory=dict)
    """By dialect: what its HTTP API allows to pages of other origins."""

    def function(self, name: str) -> Function:
        """The function with this logical name, full name or `<dialect>/<logical name>`. Raises TemplateError."""
        found = [f for f in self.functions if name in {f.logical, f.name, f"{f.dialect}/{f.logical}"}]
        if len(found) == 1:
            return found[0]
        if not found:
            raise TemplateError(f"no template has a function {name!r}")
        raise TemplateError(f"{name!r} is ambiguous: say one of " + ", ".join(f"{f.dialect}/{name}" for f in found))

    def dialects(self) -> frozenset[str]:
        """Folders of the templates that have routes: the doors that are open."""
        return frozenset(f.dialect for f in self.functions if f.routes)

    def environment(self) -> dict[str, str]:
        """All functions' environment variables in one. Where two differ, the first template's value holds."""
        merged: dict[str, str] = {}
        for function in self.functions:
            for name, value in function.environment.items():
                merged.setdefault(name, value)
        return merged


def read_application(template: Path, parameters: dict[str, Any] | None = None) -> Application:
    """Read the root template and all it nests. Raises TemplateError for what cannot be read."""
    stacks = Stack(template, parameters=parameters).walk()
    return Application(
        functions=tuple(function for stack in stacks for function in _functions(stack)),
        machines=tuple(machine for stack in stacks for machine in _machines(stack)),
        tables=tuple(_named(stacks, "TableName", "AWS::DynamoDB::Table")),
        buckets=tuple(_named(stacks, "BucketName", "AWS::S3::Bucket")),
        buses=tuple(item["Name"] for item in _named(stacks, "Name", "AWS::Events::EventBus")),
        queues=tuple(_named(stacks, "QueueName", "AWS::SQS::Queue")),
        cors={dialect: cors for stack in stacks for dialect, cors in _cors(stack)},
    )


def _named(stacks: list[Stack], name_property: str, kind: str) -> Iterator[dict[str, Any]]:
    for stack in stacks:
        for logical, resource in stack.present(kind).items():
            properties = stack.resolve(resource.get("Properties") or {})
            yield properties | {name_property: stack.physical_name(logical)}


def _cors(stack: Stack) -> Iterator[tuple[str, Cors]]:
    for resource in stack.present("AWS::Serverless::HttpApi").values():
        allowed = cors_of(stack.resolve(resource.get("Properties") or {}))
        if allowed is not None:
            yield stack.folder, allowed


def _functions(stack: Stack) -> Iterator[Function]:
    shared = (stack.template.get("Globals") or {}).get("Function") or {}
    for logical, resource in stack.present("AWS::Serverless::Function").items():
        yield _function(stack, logical, merge(shared, resource.get("Properties") or {}))


def merge(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """SAM's rule for Globals: maps are merged, lists are joined, anything else is overridden."""
    result = dict(shared)
    for key, value in own.items():
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            result[key] = merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            result[key] = before + value
        else:
            result[key] = value
    return result


def _function(stack: Stack, logical: str, raw: dict[str, Any]) -> Function:
    events = raw.pop("Events", None) or {}
    properties = {key: stack.resolve(raw[key]) for key in ("Handler", "CodeUri", "Timeout", "MemorySize") if key in raw}
    variables = stack.resolve((raw.get("Environment") or {}).get("Variables") or {})
    return Function(
        logical=logical,
        name=stack.physical_name(logical),
        dialect=stack.folder,
        arn=stack.arn(logical),
        handler=str(properties.get("Handler", "")),
        code=(stack.path.parent / str(properties.get("CodeUri", "."))).resolve(),
        timeout=int(properties.get("Timeout", DEFAULT_TIMEOUT)),
        memory=int(properties.get("MemorySize", DEFAULT_MEMORY)),
        environment={name: _text(value) for name, value in variables.items()},
        routes=tuple(_routes(stack, events)),
        schedules=tuple(_schedules(stack, events)),
        streams=tuple(_streams(stack, events)),
        rules=tuple(_rules(stack, logical, events)),
        on_failure=_on_failure(stack.resolve(raw.get("EventInvokeConfig") or {})),
    )


def _on_failure(properties: dict[str, Any]) -> str:
    return str(((properties.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", ""))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _events(stack: Stack, events: dict[str, Any], *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, event in events.items():
        if event.get("Type") in types:
            yield name, stack.resolve(event.get("Properties") or {})


def _routes(stack: Stack, events: dict[str, Any]) -> Iterator[Route]:
    for _, properties in _events(stack, events, "HttpApi"):
        api = str(properties.get("ApiId") or f"{stack.name}-ServerlessHttpApi")
        path = str(properties.get("Path") or "$default")
        method = str(properties.get("Method") or "ANY").upper()
        yield Route(api, "ANY" if method in {"ANY", "*", "X-AMAZON-APIGATEWAY-ANY-METHOD"} else method, path)


def _schedules(stack: Stack, events: dict[str, Any]) -> Iterator[str]:
    for _, properties in _events(stack, events, "Schedule", "ScheduleV2"):
        if properties.get("Enabled", True) and properties.get("State", "ENABLED") == "ENABLED":
            yield str(properties.get("Schedule") or properties.get("ScheduleExpression"))


def _streams(stack: Stack, events: dict[str, Any]) -> Iterator[StreamMapping]:
    for _, properties in _events(stack, events, "DynamoDB"):
        filters = (properties.get("FilterCriteria") or {}).get("Filters") or []
        yield StreamMapping(
            table=str(properties["Stream"]).split(":table/")[-1].split("/")[0],
            batch_size=int(properties.get("BatchSize", 100)),
            starting_position=str(properties.get("StartingPosition", "LATEST")),
            retries=int(properties.get("MaximumRetryAttempts", -1)),
            bisect=bool(properties.get("BisectBatchOnFunctionError", False)),
            patterns=tuple(_pattern(item.get("Pattern")) for item in filters),
            on_failure=_on_failure(properties),
            window_seconds=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
        )


def _pattern(value: Any) -> dict[str, Any]:
    import json

    pattern = json.loads(value) if isinstance(value, str) else value
    return pattern if isinstance(pattern, dict) else {}


def _rules(stack: Stack, logical: str, events: dict[str, Any]) -> Iterator[BusRule]:
    for name, properties in _events(stack, events, "EventBridgeRule", "CloudWatchEvent"):
        bus = str(properties.get("EventBusName", "default")).split("event-bus/")[-1]
        yield BusRule(f"{stack.name}-{logical}-{name}", properties["Pattern"], bus, properties.get("Input"))


def _machines(stack: Stack) -> Iterator[StateMachine]:
    from local.machines import definition_of

    for logical, resource in stack.present("AWS::Serverless::StateMachine").items():
        properties = resource.get("Properties") or {}
        yield StateMachine(
            logical=logical,
            name=stack.physical_name(logical),
            arn=stack.arn(logical),
            definition=definition_of(stack, properties),
            rules=tuple(_rules(stack, logical, properties.get("Events") or {})),
            kind=str(stack.resolve(properties.get("Type", "STANDARD"))),
        )
