"""The known checks, by their ids."""

from collections.abc import Mapping
from types import MappingProxyType

from preflight.checks import (
    authentication,
    authorization,
    behaviour,
    fields,
    parameters,
    permissions,
    realtime,
    refusals,
    relations,
    robustness,
    routes,
    success,
)
from preflight.checks.check import Check

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.id: check
        for check in (
            routes.route_exists,
            routes.method_only,
            authentication.authentication_demanded,
            authentication.authentication_body,
            success.success_status,
            success.success_content_type,
            success.success_envelope,
            fields.success_closed,
            fields.field_type,
            fields.field_required,
            fields.field_value,
            parameters.parameter_accepted,
            parameters.parameter_required,
            refusals.refusal_status,
            refusals.refusal_envelope,
            refusals.refusal_error_type,
            refusals.refusal_error_text,
            refusals.refusal_no_effect,
            permissions.permission_demanded,
            realtime.protocol_answered,
            realtime.stream_delivered,
            realtime.stream_private,
            realtime.agreement_same,
            authorization.authorization_refused,
            authorization.authorization_no_leak,
            authorization.authorization_no_effect,
            behaviour.behaviour_shown,
            behaviour.behaviour_nowhere_else,
            behaviour.behaviour_unchanged,
            relations.relation_pages_join,
            relations.relation_count,
            relations.relation_total,
            authorization.authorization_let_in,
            authorization.authorization_permission_effective,
            authorization.authorization_token_dead,
            authorization.authorization_no_secrets,
            relations.relation_sorted,
            relations.relation_subset,
            relations.relation_window,
            relations.relation_same,
            relations.relation_idempotent,
            robustness.no_server_error,
            robustness.no_internals,
            robustness.envelope_agrees,
            robustness.json_always,
            robustness.error_documented,
            robustness.headers_kept,
            robustness.required_demanded,
            robustness.unknown_refused,
        )
    }
)
