"""Labels: how Allure files a case, in results written here and in those of allure-pytest."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import allure
from allure_commons.model2 import Label
from allure_commons.types import LabelType, Severity

from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.operation import OperationKey

# Any: the calls of allure's Dynamic carry no types.
_DYNAMIC: Final[Any] = allure.dynamic
_SEVERITIES: Final[Mapping[ClaimKind, Severity]] = {
    ClaimKind.AUTHENTICATION: Severity.BLOCKER,
    ClaimKind.PERMISSION: Severity.BLOCKER,
    ClaimKind.ROUTE: Severity.CRITICAL,
    ClaimKind.METHOD: Severity.NORMAL,
    ClaimKind.SUCCESS: Severity.CRITICAL,
    ClaimKind.REFUSAL: Severity.NORMAL,
    ClaimKind.PARAMETER: Severity.NORMAL,
    ClaimKind.FIELD: Severity.NORMAL,
    ClaimKind.BEHAVIOUR: Severity.CRITICAL,
    ClaimKind.SECURITY: Severity.BLOCKER,
    ClaimKind.ROBUSTNESS: Severity.NORMAL,
}
_BY_WEIGHT: Final = tuple(Severity)


class Labels(NamedTuple):
    """How Allure files one case: the same for results written here and for those of allure-pytest."""

    title: str
    epic: str
    feature: str
    story: str
    suite: str
    severity: str
    tags: tuple[str, ...]


def labels_of(  # noqa: PLR0913 (each argument becomes one label)
    *,
    operation: OperationKey,
    case_title: str,
    profile: str,
    suite: str = "",
    claims: Iterable[ClaimId] = (),
    must: bool = True,
) -> Labels:
    """Give the labels of a case; `must` is false where only advisory promises are judged by it."""
    kinds = sorted({claim.kind for claim in claims})
    weight = min((_SEVERITIES[kind] for kind in kinds), key=_BY_WEIGHT.index, default=Severity.NORMAL)
    return Labels(
        title=f"{operation}: {case_title}",
        epic=profile,
        feature=operation.family,
        story=str(operation),
        suite=suite or operation.family,
        severity=(weight if must else Severity.MINOR).value,
        tags=tuple(str(kind) for kind in kinds),
    )


def label_current_test(labels: Labels, *, page: str, shown: Mapping[str, str], hidden: Mapping[str, str]) -> None:
    """Label the running test for allure-pytest; does nothing where that is not listening.

    `shown` are parameters that tell one history from another (operation, actor, release, profile, target);
    `hidden` are shown but keep out of the history (the id of the run).
    """
    _DYNAMIC.title(labels.title)
    _DYNAMIC.epic(labels.epic)
    _DYNAMIC.feature(labels.feature)
    _DYNAMIC.story(labels.story)
    _DYNAMIC.suite(labels.suite)
    _DYNAMIC.severity(labels.severity)
    _DYNAMIC.tag(*labels.tags)
    if page:
        _DYNAMIC.link(page, name="documentation")
    for name, value in shown.items():
        _DYNAMIC.parameter(name, value)
    for name, value in hidden.items():
        _DYNAMIC.parameter(name, value, excluded=True)


def as_written(labels: Labels) -> list[Label]:
    """Give the labels as they stand in a result."""
    single = {
        LabelType.EPIC: labels.epic,
        LabelType.FEATURE: labels.feature,
        LabelType.STORY: labels.story,
        LabelType.PARENT_SUITE: "preflight",
        LabelType.SUITE: labels.suite,
        LabelType.SUB_SUITE: labels.story,
        LabelType.SEVERITY: labels.severity,
        LabelType.FRAMEWORK: "preflight",
    }
    return [
        *(Label(name=str(name), value=value) for name, value in single.items()),
        *(Label(name=LabelType.TAG, value=tag) for tag in labels.tags),
    ]
