import pytest

from preflight.derive.names import name_of, template_of, unfit


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/rooms.info", "rooms.info"),
        ("/api/v1/livechat/room/{rid}", "livechat/room/{rid}"),
        ("/api/v1/abac/rooms/:rid/attributes", "abac/rooms/{rid}/attributes"),
        ("/api/apps/public/{app-id}/incoming", "api/apps/public/{app-id}/incoming"),
    ],
)
def test_a_path_names_its_operation(path: str, name: str) -> None:
    assert name_of(path) == name


def test_path_parameters_are_spelled_as_openapi_spells_them() -> None:
    assert template_of("/api/v1/a/:b/c/:d_e") == "/api/v1/a/{b}/c/{d_e}"


def test_a_path_with_spaces_is_no_address() -> None:
    assert unfit("/api/v1/login - with Kettle") is not None
    assert unfit("/api/v1/login") is None
