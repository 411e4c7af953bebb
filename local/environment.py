"""The environment that functions see here: the templates' variables, and where this machine's parts are."""

from __future__ import annotations

import os
from collections.abc import Mapping

from local.cloudformation import REGION
from local.state import State
from local.templates import Application

_HERE = {"SOUK_PUBLIC_PRODUCTS": "all", "SOUK_DOOR_URLS": ""}
"""What is otherwise here: anonymous readers see the whole catalogue, and all doors share one address."""
_QUIET = {"POWERTOOLS_METRICS_DISABLED": "true"}
"""Figures are for CloudWatch alone."""
_NO_PROXY = ("127.0.0.1", "localhost")


def functions_environment(
    application: Application, state: State, engine: str, endpoint: str, given: Mapping[str, str]
) -> dict[str, str]:
    """Environment variables by name. `given` is the caller's own environment: a variable of a template that is set
    there keeps that value, so that a setting can be tried out; where things are is never taken from there.
    """
    declared = application.environment()
    chosen = {name: given.get(name, _HERE.get(name, value)) for name, value in declared.items()}
    return _QUIET | chosen | _places(state, engine, endpoint) | _no_proxy(given)


def _places(state: State, engine: str, endpoint: str) -> dict[str, str]:
    store = {"SOUK_STORE": "dynamodb"} if engine == "aws" else {"SOUK_STORE": "sqlite"}
    return store | {
        "SOUK_DATABASE": str(state.database),
        "SOUK_SIGNING_KEY": f"file:{state.signing_key}",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _no_proxy(given: Mapping[str, str]) -> dict[str, str]:
    """Requests to this machine do not go through a proxy that the caller has set up."""
    hosts = [host for host in given.get("NO_PROXY", given.get("no_proxy", "")).split(",") if host]
    value = ",".join(dict.fromkeys([*hosts, *_NO_PROXY]))
    return {"NO_PROXY": value, "no_proxy": value}


def apply(environment: Mapping[str, str]) -> None:
    """Make it this process's environment. A profile or session of the caller's AWS account is put aside."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    os.environ.update(environment)
