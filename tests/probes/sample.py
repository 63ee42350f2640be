"""A small operation of each kind, and an accepted request to it."""

from preflight.catalog.contract import Body, Contract, Parameter, Place, ResponseContract
from preflight.model.operation import OperationKey
from preflight.probes.names import Name, Names
from preflight.probes.probe import Parameters

TEXT, NUMBER, TRUTH = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}

LISTING = Contract(
    key=OperationKey.parse("GET rooms.list"),
    path="/api/v1/rooms.list",
    page="https://docs.example/list",
    family="rooms",
    parameters=(
        Parameter(name="roomId", place=Place.QUERY, required=True, schema=TEXT),
        Parameter(name="text", place=Place.QUERY, required=False, schema=TEXT),
        Parameter(name="count", place=Place.QUERY, required=False, schema=NUMBER),
    ),
    responses={200: ResponseContract(status=200)},
)
POSTING = Contract(
    key=OperationKey.parse("POST chat.post"),
    path="/api/v1/chat.post",
    page="https://docs.example/post",
    family="chat",
    body=Body(
        media_type="application/json",
        schema={
            "oneOf": [
                {
                    "type": "object",
                    "required": ["roomId"],
                    "properties": {"roomId": TEXT, "text": TEXT, "loud": TRUTH},
                },
                {"type": "object", "required": ["channel"], "properties": {"channel": TEXT, "text": TEXT}},
            ]
        },
    ),
    responses={200: ResponseContract(status=200)},
)
LISTED = Parameters(query={"roomId": "ourroomourroom123", "text": "hello"})
POSTED = Parameters(body={"roomId": "ourroomourroom123", "text": "hello"}, has_body=True)
ROOM = Name(values=("ourroomourroom123",), unknown="nothingnothing123")
NAMES = Names(
    known={"roomId": ROOM, "channel": Name(values=("#pf-ours",), unknown="#pf-nowhere")},
    without=frozenset({"excludeSelf"}),
    loose=frozenset({"query"}),
)
