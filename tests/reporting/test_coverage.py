from dataclasses import replace

from preflight.model.claim import ClaimKind
from preflight.model.operation import OperationKey
from preflight.reporting import coverage
from preflight.reporting.coverage import Standing
from tests.reporting.sample import failing_run, sample_run, unreachable_run


def test_a_cell_of_the_matrix_counts_the_claims_of_a_kind() -> None:
    row = coverage.matrix(sample_run())[OperationKey.parse("GET rooms.info")]
    assert row[ClaimKind.FIELD].counts == {Standing.HOLDS: 1, Standing.BROKEN: 1}
    assert (row[ClaimKind.FIELD].judged, row[ClaimKind.FIELD].worst) == (2, Standing.BROKEN)
    assert row[ClaimKind.ROUTE].counts == {Standing.HOLDS: 1}
    assert ClaimKind.PERMISSION not in row


def test_by_kind_and_by_family_every_claim_is_counted_once() -> None:
    run = sample_run()
    for tallies in (coverage.by_kind(run), coverage.by_family(run)):
        assert sum(tally.total for tally in tallies.values()) == len(run.claims) == coverage.whole(run).total


def test_a_warning_is_judged_and_not_broken() -> None:
    (tally,) = (
        tally
        for key, row in coverage.matrix(failing_run()).items()
        for kind, tally in row.items()
        if str(key) == "POST chat.postMessage" and kind is ClaimKind.FIELD
    )
    assert (tally.worst, tally.judged, tally.total) == (Standing.WARNING, 2, 2)


def test_what_is_waived_is_no_warning() -> None:
    run = failing_run()
    waived = replace(run, claims={key: replace(one, waiver="w") for key, one in run.claims.items()})
    counts = coverage.whole(waived).counts
    assert counts[Standing.WAIVED] == 5
    assert not {Standing.WARNING, Standing.BROKEN} & set(counts)


def test_a_target_that_does_not_answer_leaves_all_open() -> None:
    tally = coverage.whole(unreachable_run())
    assert (tally.counts, tally.judged) == ({Standing.OPEN: 22}, 0)


def test_what_does_not_apply_is_told_last() -> None:
    order = [standing for standing, _ in coverage.whole(sample_run()).in_order]
    assert order[0] is Standing.HOLDS
    assert order[-1] is Standing.NOT_APPLICABLE
