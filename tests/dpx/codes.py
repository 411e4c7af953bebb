"""What the door calls its errors."""

from __future__ import annotations

CODES = frozenset(
    [
        "request_body_error",
        "missing_required_value",
        "invalid_parameter",
        "does_not_exist",
        "already_exists",
        "not_authenticated",
        "not_authorized",
        "forbidden",
        "conflict",
        "create_error",
        "fetch_error",
        "update_error",
        "delete_error",
        "patch_error",
        "data_error",
        "database_error",
        "database_query_error",
        "constraint_violation",
        "unable_to_perform",
        "too_many_requests",
        "dependent_service_error",
        "configuration_error",
        "unexpected_exception",
        "governance_policy_denial",
        "database_usage_limits",
        "inactive_user",
        "entitlement_enforcement",
        "deleted",
        "not_implemented",
        "feature_not_enabled",
        "missing_asset_details",
    ]
)
"""The closed list of contract 1.3."""
