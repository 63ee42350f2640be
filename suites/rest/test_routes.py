"""Routes: each operation answers at its documented path, and to its documented method only."""

from preflight.session.acts import OtherMethod


def test_another_method_is_refused(other_method: OtherMethod) -> None:
    """A path MUST NOT serve a method that its page does not name."""
    other_method.ask().keeps("method.only")
