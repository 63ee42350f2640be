from preflight.comparison.correspondence import correspond
from preflight.comparison.refusals import of_refusals
from tests.comparison.miniature import Play, Talk, refusal, view


def found(before: Talk, after: Talk) -> list[tuple[str, str, str, str]]:
    pairs = correspond(view([Play(talks=(before,))]), view([Play(talks=(after,))], port=4000)).pairs
    return [(str(one.aspect), one.where, one.before, one.after) for one in of_refusals(pairs)]


def no(code: str | None, text: str, status: int = 400) -> Talk:
    return Talk(status=status, answer=refusal(code, text))


def test_the_same_refusal_is_no_difference_although_its_ids_differ() -> None:
    told = 'No message found with the id of "{}".'
    assert found(no("x", told.format("nKnJNLbxMGxC27msq")), no("x", told.format("d6R68eF3e3XfpotWA"))) == []


def test_another_code_and_another_text_are_differences() -> None:
    assert found(no("error-a", "A [error-a]"), no("error-b", "B [error-b]")) == [
        ("errorType", "", "error-a", "error-b"),
        ("error text", "/error", "A [error-a]", "B [error-b]"),
    ]


def test_a_code_that_comes_or_goes_is_told_as_nothing() -> None:
    assert found(no(None, "A"), no("error-a", "A")) == [("errorType", "", "nothing", "error-a")]
    assert found(no("error-a", "A"), no(None, "A")) == [("errorType", "", "error-a", "nothing")]


def test_another_status_of_a_refusal_is_a_difference() -> None:
    assert found(no("x", "A"), no("x", "A", 403)) == [("status", "", "400", "403")]


def test_what_is_refused_by_now_is_told_with_its_words_alone() -> None:
    assert found(Talk(), no("x", "A")) == [("status", "", "200", "400 x A")]


def test_what_is_accepted_by_now_is_told_by_its_status() -> None:
    assert found(no("x", "A"), Talk(answer={"success": True, "room": {}})) == [("status", "", "400 x A", "200")]


def odd(before: Talk, after: Talk) -> list[tuple[str, str, str, str]]:
    """Compare the same with a request that nobody wrote."""
    name = "properties/GET greet.all/values"
    runs = (view([Play(name=name, talks=(talk,))]) for talk in (before, after))
    return [(str(one.aspect), one.where, one.before, one.after) for one in of_refusals(correspond(*runs).pairs)]


def test_of_an_odd_request_it_counts_whether_it_is_accepted() -> None:
    assert odd(Talk(), no("error-a", "A")) == [("status", "", "200", "400 error-a")]
    assert odd(no(None, "A"), Talk()) == [("status", "", "400", "200")]


def test_nobody_goes_by_the_words_in_which_an_odd_request_is_refused() -> None:
    assert odd(no("error-a", "A"), no("error-b", "B")) == []
    assert odd(no("error-a", "A"), no("error-a", "A", 403)) == []


def test_a_page_in_place_of_json_is_told_by_its_type_and_text() -> None:
    json = Talk(status=405, answer={"status": "error", "message": "API endpoint does not exist"})
    text = Talk(status=404, answer="404 Not Found", media_type="text/plain; charset=UTF-8")
    assert found(json, text) == [
        ("status", "", "405", "404"),
        ("content type", "", "application/json", "text/plain"),
        ("error text", "", "API endpoint does not exist", "404 Not Found"),
    ]


def test_the_words_of_a_page_for_browsers_are_not_compared() -> None:
    pages = (Talk(status=500, answer=f"<html>{word}</html>", media_type="text/html") for word in ("one", "two"))
    assert found(*pages) == []


def test_the_charset_is_no_difference() -> None:
    assert found(Talk(), Talk(media_type="application/json; charset=utf-8")) == []


def test_a_code_that_is_a_number_is_compared() -> None:
    assert found(Talk(status=400, answer={"error": 404}), Talk(status=400, answer={"error": 500})) == [
        ("error text", "/error", "404", "500")
    ]
