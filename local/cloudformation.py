"""CloudFormation YAML: its short tags, and the values of its intrinsic functions as they are on this machine.

A `Stack` is one template with its parameters; nested applications are stacks of their own. Physical names are
`<stack>-<logical name>` unless the template gives one, so every ARN can be told without creating anything.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

REGION = "eu-central-1"
ACCOUNT = "000000000000"
ROOT_NAME = "souk"
NO_VALUE = object()
"""What `AWS::NoValue` resolves to: the property is left out."""

_PSEUDO: dict[str, Any] = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": ROOT_NAME,
    "AWS::NoValue": NO_VALUE,
}
_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")
_SERVICES = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/"),
    "AWS::S3::Bucket": ("s3", ""),
    "AWS::SQS::Queue": ("sqs", ""),
    "AWS::SNS::Topic": ("sns", ""),
    "AWS::Events::EventBus": ("events", "event-bus/"),
    "AWS::Events::Rule": ("events", "rule/"),
    "AWS::Serverless::Function": ("lambda", "function:"),
    "AWS::Lambda::Function": ("lambda", "function:"),
    "AWS::Serverless::StateMachine": ("states", "stateMachine:"),
    "AWS::StepFunctions::StateMachine": ("states", "stateMachine:"),
    "AWS::IAM::Role": ("iam", "role/"),
    "AWS::Logs::LogGroup": ("logs", "log-group:"),
}
_NESTED = ("AWS::Serverless::Application", "AWS::CloudFormation::Stack")
_NAME_PROPERTIES = ("TableName", "BucketName", "QueueName", "TopicName", "FunctionName", "StateMachineName", "Name")
_REF_IS_ARN = {"AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine", "AWS::SNS::Topic"}


class TemplateError(Exception):
    """A template cannot be read, or names something that is not there."""


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where PyYAML was built with libyaml


class _Loader(_Base):  # type: ignore[misc]
    """SafeLoader with CloudFormation's tags; dates stay text, as CloudFormation has them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


def load_yaml(path: Path) -> Any:
    """The value of a YAML or JSON file with CloudFormation tags. Raises TemplateError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except (OSError, yaml.YAMLError) as error:
        raise TemplateError(f"{path}: {error}") from None


class Stack:
    """One template, its parameters, and the values its expressions take."""

    def __init__(self, path: Path, name: str = ROOT_NAME, parameters: dict[str, Any] | None = None) -> None:
        self.path = path
        self.name = name
        self.template: dict[str, Any] = load_yaml(path) or {}
        self.resources: dict[str, dict[str, Any]] = self.template.get("Resources") or {}
        self._children: dict[str, Stack] = {}
        self.parameters = {
            key: spec.get("Default", "") for key, spec in (self.template.get("Parameters") or {}).items()
        } | (parameters or {})

    @property
    def folder(self) -> str:
        """Name of the folder the template lies in: the dialect, for a door."""
        return self.path.resolve().parent.name

    @cached_property
    def children(self) -> dict[str, Stack]:
        """Nested applications with a local Location, whose condition holds, by logical name."""
        nested = {logical: self.child(logical) for logical in self.present(*_NESTED)}
        return {logical: stack for logical, stack in nested.items() if stack is not None}

    def child(self, logical: str) -> Stack | None:
        """One nested application, read when it is first asked for: its parameters may be outputs of another."""
        if logical not in self._children:
            resource = self.present(*_NESTED).get(logical) or {}
            properties = resource.get("Properties") or {}
            location = properties.get("Location") or properties.get("TemplateURL")
            if not isinstance(location, str):
                return None
            inputs = self.resolve(properties.get("Parameters") or {})
            self._children[logical] = Stack(self.path.parent / location, f"{self.name}-{logical}", inputs)
        return self._children[logical]

    def walk(self) -> list[Stack]:
        """This stack and all below it."""
        return [self, *(stack for child in self.children.values() for stack in child.walk())]

    def present(self, *types: str) -> dict[str, dict[str, Any]]:
        """Resources of these types whose condition holds, by logical name."""
        return {
            logical: resource
            for logical, resource in self.resources.items()
            if resource.get("Type") in types and self.holds(resource.get("Condition"))
        }

    def holds(self, condition: Any) -> bool:
        """Whether a named condition (None: always), or a condition expression, is true."""
        if condition is None:
            return True
        if isinstance(condition, str):
            return self.holds((self.template.get("Conditions") or {})[condition])
        ((function, value),) = condition.items()
        if function == "Condition":
            return self.holds(value)
        if function == "Fn::Equals":
            left, right = (self.resolve(side) for side in value)
            return str(left) == str(right)
        if function == "Fn::Not":
            return not self.holds(value[0])
        if function in {"Fn::And", "Fn::Or"}:
            results = [self.holds(part) for part in value]
            return all(results) if function == "Fn::And" else any(results)
        raise TemplateError(f"{self.path}: unknown condition function {function}")

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function replaced by what it is on this machine."""
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref":
                return self.reference(argument)
            if function.startswith("Fn::"):
                return self._call(function.removeprefix("Fn::"), argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def _call(self, function: str, argument: Any) -> Any:
        if function == "GetAtt":
            return self.attribute(argument[0], argument[1])
        if function == "Sub":
            return self._substitute(argument)
        if function == "If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if function == "Join":
            return str(argument[0]).join(str(item) for item in self.resolve(argument[1]))
        if function == "Select":
            return self.resolve(argument[1])[int(self.resolve(argument[0]))]
        if function == "Split":
            return str(self.resolve(argument[1])).split(argument[0])
        if function == "FindInMap":
            top, first, second = (self.resolve(part) for part in argument)
            return self.resolve(self.template["Mappings"][top][first][second])
        raise TemplateError(f"{self.path}: the local run does not know Fn::{function}")

    def _substitute(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else (argument[0], self.resolve(argument[1]))

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in own:
                return str(own[name])
            logical, dot, attribute = name.partition(".")
            return str(self.attribute(logical, attribute) if dot else self.reference(name))

        return _PLACEHOLDER.sub(replace, text)

    def reference(self, name: str) -> Any:
        """What `!Ref name` is: a parameter's value, or the name (for some types the ARN) of a resource."""
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self.parameters:
            return self.parameters[name]
        if self._type(name) in _REF_IS_ARN:
            return self.arn(name)
        return self.physical_name(name)

    def attribute(self, logical: str, attribute: str) -> Any:
        """What `!GetAtt logical.attribute` is."""
        if attribute.startswith("Outputs."):
            child = self.child(logical)
            output = ((child.template.get("Outputs") or {}) if child else {}).get(attribute.removeprefix("Outputs."))
            return child.resolve(output["Value"]) if child and output else ""
        if attribute in {"Arn", "StreamArn", "TopicArn"}:
            return self.arn(logical) + ("/stream/local" if attribute == "StreamArn" else "")
        if attribute in {"Name", "QueueName", "TopicName"}:
            return self.physical_name(logical)
        return f"{self.physical_name(logical)}.{attribute}"

    def arn(self, logical: str) -> str:
        """The ARN of a resource of this stack."""
        service, prefix = _SERVICES.get(self._type(logical), ("souk", ""))
        place = "::" if service == "s3" else f":{REGION}:{ACCOUNT}"
        if service == "iam":
            place = f"::{ACCOUNT}"
        return f"arn:aws:{service}:{place.removeprefix(':')}:{prefix}{self.physical_name(logical)}"

    def physical_name(self, logical: str) -> str:
        """The name a resource has on this machine."""
        kind = self._type(logical)
        properties = self.resources[logical].get("Properties") or {}
        given = next((properties[name] for name in _NAME_PROPERTIES if name in properties), None)
        name = str(self.resolve(given)) if given is not None else f"{self.name}-{logical}"
        return name.lower() if kind == "AWS::S3::Bucket" else name

    def _type(self, logical: str) -> str:
        try:
            return str(self.resources[logical]["Type"])
        except KeyError:
            raise TemplateError(f"{self.path}: there is no resource or parameter {logical!r}") from None
