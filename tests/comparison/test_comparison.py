from collections.abc import Iterable
from dataclasses import replace

import pytest

from preflight.comparison.comparison import compare
from preflight.errors import UsageError
from preflight.model.change import Answer, Aspect, Change, Effect, Standing
from preflight.model.claim import Level
from preflight.model.verdict import Verdict
from tests.comparison.miniature import GREET, Play, Talk, claim, outcome, refusal, run

CASE = "refusals/GET greet.all/nobody"
NO = f"{GREET}#refusal:400.error-nobody"
TOPIC = f"{GREET}#field:200.topic"


def refused(code: str | None, text: str, status: int = 400) -> Play:
    return Play(name=CASE, talks=(Talk(status=status, answer=refusal(code, text)),), title="nobody is named")


def answered(**fields: str | int) -> Play:
    return Play(talks=(Talk(answer={"success": True, **fields}),))


def only(changes: Iterable[Change]) -> Change:
    (change,) = changes
    return change


def test_a_run_compared_with_itself_has_no_changes() -> None:
    one = run([answered(topic="x"), refused("error-nobody", "Nobody")])
    comparison = compare(one, one)
    assert comparison.changes == ()
    assert comparison.safety.sentence == "Safe to upgrade: yes, because no behaviour changed."
    assert (comparison.cases, comparison.exchanges) == (2, 2)


def test_a_code_that_the_new_documentation_promises() -> None:
    after = run(
        [refused("error-nobody", "Nobody")],
        release="2.0",
        claims=[claim(NO, "refuses with 400, errorType 'error-nobody'", erratum="codes")],
        outcomes=[outcome(NO, "refusal.error-type", CASE)],
    )
    change = only(compare(run([refused("error-none", "Nobody")]), after).changes)
    assert (change.aspect, change.before, change.after) == (Aspect.ERROR_TYPE, "error-none", "error-nobody")
    assert (change.effect, change.standing, change.erratum) == (Effect.BREAKING, Standing.PROMISED, "codes")
    assert change.questions == ("nobody is named",)


def test_a_code_that_is_against_the_new_documentation() -> None:
    after = run(
        [refused("error-other", "Nobody")],
        claims=[claim(NO, "refuses with 400, errorType 'error-nobody'", Verdict.FAIL)],
        outcomes=[outcome(NO, "refusal.error-type", CASE, Verdict.FAIL, "/errorType")],
    )
    comparison = compare(run([refused("error-nobody", "Nobody")]), after)
    change = only(comparison.changes)
    assert (change.effect, change.standing) == (Effect.BREAKING, Standing.AGAINST)
    assert comparison.safety.because == "1 change can break a client, against the documentation of 1.0"


def test_an_open_door_is_not_called_safe() -> None:
    name = f"{GREET}#authentication"
    case = "authentication/GET greet.all/no-headers"
    shut = Play(name=case, talks=(Talk(status=401, answer=refusal(None, "Log in")),))
    after = run(
        [Play(name=case)],
        claims=[claim(name, "a request without a login is refused", Verdict.FAIL)],
        outcomes=[outcome(name, "authentication.demanded", case, Verdict.FAIL)],
    )
    change = only(compare(run([shut]), after).changes)
    assert (change.effect, change.standing) == (Effect.BREAKING, Standing.AGAINST)


def test_a_text_breaks_only_who_has_no_code_to_go_by() -> None:
    coded = compare(run([refused("error-nobody", "Nobody")]), run([refused("error-nobody", "No one")]))
    assert only(coded.changes).effect is Effect.COMPATIBLE
    bare = compare(run([refused(None, "Nobody")]), run([refused(None, "No one")]))
    assert only(bare.changes).effect is Effect.BREAKING


def test_a_field_that_comes_breaks_nobody_and_is_promised_where_a_claim_is_about_it() -> None:
    change = only(compare(run([answered()]), run([answered(topic="x")], claims=[claim(TOPIC)])).changes)
    assert (change.effect, change.standing, change.where) == (Effect.COMPATIBLE, Standing.PROMISED, "200.topic")
    change = only(compare(run([answered()]), run([answered(topic="x")])).changes)
    assert (change.effect, change.standing) == (Effect.COMPATIBLE, Standing.SILENT)


def test_a_field_that_goes_is_promised_where_the_new_documentation_promises_it_no_longer() -> None:
    before = run([answered(topic="x")], claims=[claim(TOPIC, "field topic is present")])
    change = only(compare(before, run([answered()], release="2.0")).changes)
    assert (change.effect, change.standing) == (Effect.BREAKING, Standing.PROMISED)
    assert change.because == "2.0 no longer promises that field topic is present"


def test_a_field_that_goes_against_its_promise() -> None:
    failed = [outcome(TOPIC, "field.required", "shapes/GET greet.all/all", Verdict.FAIL, "/topic")]
    after = run([answered()], claims=[claim(TOPIC, verdict=Verdict.FAIL)], outcomes=failed)
    change = only(compare(run([answered(topic="x")], claims=[claim(TOPIC)]), after).changes)
    assert (change.effect, change.standing) == (Effect.BREAKING, Standing.AGAINST)


def test_a_request_that_is_accepted_by_now_breaks_nobody() -> None:
    allowed = Play(name=CASE)
    assert only(compare(run([refused("x", "No")]), run([allowed])).changes).effect is Effect.COMPATIBLE
    assert only(compare(run([allowed]), run([refused("x", "No")])).changes).effect is Effect.BREAKING


def test_a_promise_that_is_kept_no_longer_is_a_change_though_the_answers_look_alike() -> None:
    name = f"{GREET}#field:200.count"
    case = "shapes/GET greet.all/all"

    def judged(verdict: Verdict, level: Level = Level.MUST) -> list[Change]:
        sides = [
            run(
                [answered(count=1)],
                claims=[claim(name, "field count counts", found, level=level)],
                outcomes=[outcome(name, "field.value", case, found, "/count")],
            )
            for found in (Verdict.PASS, verdict)
        ]
        return list(compare(sides[0], sides[1]).changes)

    change = only(judged(Verdict.FAIL))
    assert (change.aspect, change.standing, change.effect) == (Aspect.PROMISE, Standing.AGAINST, Effect.BREAKING)
    assert (change.before, change.after) == ("kept", "broken: received that")
    assert only(judged(Verdict.FAIL, Level.SHOULD)).effect is Effect.COMPATIBLE
    assert judged(Verdict.PASS) == []


def test_a_promise_that_is_kept_again_breaks_nobody() -> None:
    name = f"{GREET}#field:200.count"
    sides = [
        run(
            [answered(count=1)],
            claims=[claim(name, verdict=found)],
            outcomes=[outcome(name, "field.value", "shapes/GET greet.all/all", found, "/count")],
        )
        for found in (Verdict.FAIL, Verdict.PASS)
    ]
    change = only(compare(*sides).changes)
    assert (change.before, change.after) == ("broken: received that", "kept")
    assert (change.standing, change.effect) == (Standing.PROMISED, Effect.COMPATIBLE)


@pytest.mark.parametrize(("seeds", "changes"), [(("1", "1"), 1), (("1", "2"), 0)])
def test_what_generated_requests_show_of_a_promise_is_compared_where_one_seed_made_them(
    seeds: tuple[str, str], changes: int
) -> None:
    name, case = f"{GREET}#robustness:typed", "properties/GET greet.all/types"
    sides = [
        run(
            [Play(name=case)],
            claims=[claim(name, verdict=found)],
            outcomes=[outcome(name, "robustness.typed", case, found, "status")],
            environment={"seed": seed, "depth": "standard"},
        )
        for found, seed in zip((Verdict.PASS, Verdict.FAIL), seeds, strict=True)
    ]
    assert len(compare(*sides).changes) == changes


def test_of_an_odd_request_that_is_refused_by_now_documentation_says_nothing() -> None:
    name, case = f"{GREET}#robustness:typed", "properties/GET greet.all/types"
    broken = [outcome(name, "robustness.typed", case, Verdict.FAIL, "status")]
    refusing = Play(name=case, talks=(Talk(status=400, answer=refusal("invalid-params", "must be string")),))
    after = run([refusing], claims=[claim(name, verdict=Verdict.FAIL)], outcomes=broken)
    change = only(compare(run([Play(name=case)], claims=[claim(name)]), after).changes)
    assert (change.aspect, change.before, change.after) == (Aspect.STATUS, "200", "400 invalid-params")
    assert (change.standing, change.effect) == (Standing.SILENT, Effect.BREAKING)


def test_an_operation_of_which_only_its_refusal_is_left_was_removed() -> None:
    gone = f"{GREET}#refusal:400.method-not-found"
    left = Play(
        name="refusals/GET greet.all/removed",
        talks=(Talk(asks="GET greet.all?x=1", status=400, answer=refusal("404", "no such method")),),
    )
    after = run([left], claims=[claim(gone, "refuses, error 404", erratum="gone-in-2")])
    change = only(compare(run([answered()], claims=[claim(f"{GREET}#route")]), after).changes)
    assert (change.aspect, change.after, change.erratum) == (Aspect.OPERATION, "refuses, error 404", "gone-in-2")
    assert (change.effect, change.standing) == (Effect.BREAKING, Standing.PROMISED)


def test_what_one_case_shows_to_be_promised_is_promised_where_another_shows_the_same() -> None:
    other = replace(refused("error-nobody", "Nobody"), name="outsiders/GET greet.all/refused")
    after = run(
        [refused("error-nobody", "Nobody"), other],
        claims=[claim(NO)],
        outcomes=[outcome(NO, "refusal.error-type", CASE)],
    )
    before = run([refused("error-none", "Nobody"), replace(other, talks=refused("error-none", "Nobody").talks)])
    change = only(compare(before, after).changes)
    assert change.standing is Standing.PROMISED
    assert len(change.cases) == 2


def test_a_rare_field_that_is_documented_on_both_sides_is_no_change() -> None:
    def rooms(*topics: str | None) -> list[Play]:
        listed = [{"name": "x", **({"topic": topic} if topic else {})} for topic in topics]
        return [Play(talks=(Talk(answer={"rooms": listed}),))]

    claims = [claim(f"{GREET}#field:200.rooms[].topic", "field rooms[].topic, where present, is a string")]
    assert compare(run(rooms(None, None), claims=claims), run(rooms(None, "sun"), claims=claims)).changes == ()
    assert len(compare(run(rooms(None, None)), run(rooms(None, "sun"), claims=claims)).changes) == 1


def test_an_operation_that_only_looks_is_not_compared() -> None:
    def looked(answer: dict[str, str]) -> list[Play]:
        look = Talk(asks="GET users.look", answer={**answer}, purpose="look afterwards: everybody is greeted")
        return [Play(talks=(Talk(), look))]

    assert compare(run(looked({"a": "x"})), run(looked({"b": "x"}))).changes == ()


def test_what_several_operations_have_in_common_is_one_change() -> None:
    def both(text: str) -> list[Play]:
        return [
            Play(
                name=f"authentication/{key}/no-headers",
                operation=key,
                title="asked without login headers",
                talks=(Talk(asks=key, status=401, answer=refusal("x", text)),),
            )
            for key in ("GET greet.one", GREET)
        ]

    change = only(compare(run(both("You must log in")), run(both("Log in first"))).changes)
    assert [str(key) for key in change.operations] == [GREET, "GET greet.one"]
    assert len(change.cases) == 2


def test_what_is_promised_is_safe_where_that_is_accepted() -> None:
    before = run([answered(topic="x")], claims=[claim(TOPIC)])
    after = run([answered()], release="2.0")
    assert compare(before, after).safety.answer is Answer.NO
    accepted = compare(before, after, accept_promised=True)
    assert accepted.safety.answer is Answer.YES
    assert accepted.safety.because.endswith("is promised by the documentation of 2.0")


def test_an_upgrade_that_could_not_be_judged_is_not_called_safe() -> None:
    prevented = Play(name=CASE, verdict=Verdict.INCONCLUSIVE, reason="429")
    comparison = compare(run([answered(), refused("x", "No")]), run([answered(), prevented]))
    assert comparison.safety.sentence == (
        "Safe to upgrade: cannot be told, because 1 case could be judged in one of the runs only."
    )


def test_runs_without_a_common_case_are_not_called_safe() -> None:
    other = Play(name="shapes/GET greet.one/x", operation="GET greet.one", talks=(Talk(asks="GET greet.one"),))
    assert compare(run([answered()]), run([other])).safety.answer is Answer.UNKNOWN


def test_runs_of_different_profiles_are_refused() -> None:
    with pytest.raises(UsageError, match="different profiles: rooms in a, full in b"):
        compare(run([], profile="rooms"), run([]), names=("a", "b"))


def test_runs_about_different_operations_are_refused() -> None:
    with pytest.raises(UsageError, match=r"different operations: everything in a, chat\.\* in b"):
        compare(run([]), run([], environment={"only": "chat.*"}), names=("a", "b"))


def test_an_interrupted_run_is_refused() -> None:
    with pytest.raises(UsageError, match="b cannot be compared: the run was interrupted"):
        compare(run([]), run([], interrupted=True), names=("a", "b"))


def test_circumstances_that_differ_are_told() -> None:
    after = run([answered()], environment={"edition": "enterprise", "contracts": "other"})
    assert compare(run([answered()]), after).notes == (
        "the edition is community before and enterprise after",
        "the contracts are others: what a case asks may have changed",
    )
