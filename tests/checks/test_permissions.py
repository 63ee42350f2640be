"""The check of permissions."""

from tests.checks.miniature import GOOD, evidence, findings, judged_claims


def test_who_lacks_the_permission_is_refused() -> None:
    seen = evidence(403, {"success": False}, lacks="greet-people")
    assert findings("permission.demanded", seen) == []
    assert set(judged_claims("permission.demanded", seen)) == {"permission:greet-people"}


def test_who_lacks_the_permission_and_gets_in_is_found() -> None:
    assert findings("permission.demanded", evidence(200, GOOD, lacks="greet-people")) == [
        ("refused without the permission greet-people", "200", "status")
    ]


def test_a_case_of_somebody_with_the_permission_says_nothing() -> None:
    assert judged_claims("permission.demanded", evidence(200, GOOD)) == {}
