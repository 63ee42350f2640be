import pytest

from preflight.derive.facts import MethodFacts
from preflight.derive.readers import index_page
from preflight.errors import SourceError
from tests.derive.pages import INDEX

PAGES = "https://developer.rocket.chat/apidocs/"


def test_the_index_lists_every_method() -> None:
    reading = index_page.read(INDEX, "index")
    assert reading.subject == "realtime-kettles"
    assert reading.methods == (
        MethodFacts(
            name="emptyKettle",
            title="Empty a Kettle (Realtime)",
            page=PAGES + "empty-a-kettle-realtime",
            named=False,
            deprecated=True,
            removal="9.0.0",
            replacement="kettle.empty",
        ),
        MethodFacts(name="kettle/boil", title="Boil Kettle (Realtime)", page=PAGES + "boil-kettle-realtime"),
        MethodFacts(
            name="nameKettleColours",
            title="Name Kettle Colours (Realtime)",
            page=PAGES + "name-kettle-colours-realtime",
            named=False,
        ),
        MethodFacts(name="openLid", title="Open Lids (Realtime)", page=PAGES + "open-lids-realtime", named=False),
    )


def test_an_index_without_realtime_methods_is_refused() -> None:
    with pytest.raises(SourceError) as refusal:
        index_page.read("Kettles\n1 Articles\nin this category\nGet Kettle\nTells about a ket...\n", "index")
    assert str(refusal.value) == (
        "index: the index shows no call of a realtime method\n"
        "  Hint: give the index of a Realtime API category, or the REST pages themselves"
    )
