from hypothesis import given
from hypothesis import strategies as st

from preflight.reporting.marks import code, plain


@given(st.text())
def test_a_code_span_holds_any_text_on_one_line(text: str) -> None:
    span = code(text)
    assert "\n" not in span
    fence = span[: len(span) - len(span.lstrip("`"))]
    assert span.endswith(fence)
    assert fence not in span[len(fence) : -len(fence)]


def test_html_in_an_answer_stays_text() -> None:
    assert plain("<img src=x>") == r"\<img src=x\>"


def test_a_long_answer_is_cut() -> None:
    assert len(code("x" * 10_000)) < 400
