"""Small invented pages about kettles, in each of the forms in which documentation exists."""

from pathlib import Path
from typing import Any

from preflight.catalog.documents import dump
from preflight.derive.facts import OperationFacts
from preflight.derive.readers import openapi

COPIED = """\
Get Kettle

Get
/api/v1/kettle.info

Tells about a kettle. Permission required: `view-kettle`.

Changelog

Version Description
0.9.0 Added
1.2.0 Added the `lid` parameter
Header parameters
X-Auth-Token
stringRequired

Who asks.

ExampleabcDEF
Query parameters
kettleId
stringRequired

Which kettle.

Examplek1
lid
boolean

ExampleTRUE
Responses
200

OK

Success
{
  "kettle": {
    "_id": "k1",
    "maker": {
      "_id": "m1",
      "name": "Maker"
    },
    "name": "Kettle",
    "labels": ["a"],
    "visits": [
      {"_id": "v1", "at": "2024-05-06T07:08:09.100Z"}
    ]
  },
  "success": true
}
Expand All
object
kettle
object
_id
string
maker
object
_id
string
name
string
name
string | null
labels
Array of string
string
visits
Array of object
object
_id
string
at
string
success
boolean
400

Bad Request

Example 1
{
  "success": false,
  "error": "No kettle [error-no-kettle]",
  "errorType": "error-no-kettle"
}
object
success
boolean
error
string
errorType
string

    Was this article helpful?
"""

# ␣ stands for the blanks with which exported lines end.
MARKDOWN = """\
---
title: "Get Kettle"
slug: "get-kettle"
updated: 2025-02-03T04:05:06Z
---

# Get Kettle

Get/api/v1/kettle.info

Tells about a kettle.

### Changelog

| Version | Description |
| --- | --- |
| 0.9.0 | Added |

Header parametersX-Auth-TokenstringRequired

Who asks.

ExampleabcDEF

Query parameterskettleIdstringRequired

Which kettle.

Examplek1

Responses200

OK

<select><option value='1'>Success</option>
</select>Success

```json
{
  "kettle": {
    "_id": "k1",
    "name": "Kettle"
  },
  "success": true
}
```

Expand Allobject  kettleobject  _idstring␣
makerobject  _idstring␣
namestring␣

namestring   | null␣
visits Array of object (Visit)   object  _idstring␣
placeobject  roomstring    Exampleattic
floorinteger    Example3

atstring␣
notes Array of object   object␣
colours Array of string   string␣

successboolean␣

401

Unauthorized

```json
{
  "status": "error",
  "message": "Log in."
}
```

object  statusstring␣
messagestring
""".replace("␣", "    ")

INDEX = """\
Home
Kettles
4 Articles
in this category
Dark
Boil Kettle (Realtime)
Boil it. Example call { "msg": "method", "method": "kettle/boil", "id": "1", "params": [] } Example resp...
Open Lids (Realtime)
Open a lid. Example call { "msg": "method", "method": "openL...
Empty a Kettle (Realtime)
This is deprecated; removal in the 9.0.0 release . Use the /kettle.empty endpoint instead. Exa...
Name Kettle Colours (Realtime)
Names all colours a kettle has. You can send a list of kettles, at least one is ne...
Change password!
Log out
"""


def operation(**parts: Any) -> dict[str, Any]:
    """Build one OpenAPI operation with a plain 200 answer; parts replace parts of it."""
    whole: dict[str, Any] = {
        "summary": "Get Kettle",
        "responses": {"200": answer({"success": {"type": "boolean"}}, {"success": True})},
    }
    return {**whole, **parts}


def answer(properties: dict[str, Any], *examples: Any, **rest: Any) -> dict[str, Any]:
    """Build one OpenAPI answer whose schema is an object with these properties."""
    return {
        "description": "OK",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": properties, **rest},
                "examples": {f"Example {number}": {"value": value} for number, value in enumerate(examples, 1)},
            }
        },
    }


def document(paths: dict[str, Any], **rest: Any) -> str:
    """Print an OpenAPI file."""
    return dump({"openapi": "3.0.0", "info": {"title": "Kettles", "version": "1.0.0"}, "paths": paths, **rest})


def facts_of(stated: dict[str, Any], path: str = "/api/v1/kettle.info", method: str = "get") -> OperationFacts:
    """Read one OpenAPI operation."""
    return openapi.read(document({path: {method: stated}}), "kettles.yaml").operations[0]


def saved(folder: Path, name: str, text: str) -> Path:
    """Write a page to a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
