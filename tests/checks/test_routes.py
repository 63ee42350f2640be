"""The checks of routes."""

from tests.checks.miniature import GOOD, evidence, findings


def test_a_json_answer_comes_from_the_route() -> None:
    assert findings("route.exists", evidence(200, GOOD)) == []
    assert findings("route.exists", evidence(404, {"success": False, "error": "no such room"})) == []


def test_a_404_without_json_means_that_there_is_no_route() -> None:
    seen = evidence(404, "404 Not Found", content_type="text/plain")
    assert findings("route.exists", seen) == [("the path is a route of the API", "404 without JSON", "status")]


def test_the_page_of_the_web_application_is_no_route() -> None:
    seen = evidence(200, "<html>", content_type="text/html; charset=utf-8")
    assert findings("route.exists", seen) == [("the path is a route of the API", "an HTML page", "header content-type")]


def test_another_method_may_be_refused_in_either_way() -> None:
    for status in (404, 405):
        assert findings("method.only", evidence(status, "")) == []


def test_another_method_that_is_served_is_found() -> None:
    assert findings("method.only", evidence(200, GOOD)) == [("POST is refused with 404 or 405", "200", "status")]
