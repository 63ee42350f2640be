"""A miniature of contracts/: one family, three errata, a cast of two, a few cases; tests change what they are about."""

import shutil
from pathlib import Path

from preflight import paths
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.model.release import Release

REST = """\
openapi: 3.1.0
info: {title: rooms, version: '1'}
paths:
  /api/v1/rooms.info:
    get:
      externalDocs: {url: https://pages.invalid/rooms-info}
      parameters:
      - {in: header, name: X-Auth-Token, required: true, schema: {type: string}}
      - {in: query, name: roomId, required: true, schema: {type: string}}
      - {in: query, name: fields, schema: {type: string}}
      - {in: query, name: later, schema: {type: string}}
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                required: [room, success]
                x-inferred: [required/room]
                properties:
                  success: {const: true, type: boolean, x-inferred: [const]}
                  room:
                    type: object
                    required: [_id]
                    properties:
                      _id: {$ref: ../objects/room.json#/properties/_id}
                      usernames: {type: array, items: {type: object}}
                      parent: {$ref: ../objects/room.json}
        '400':
          x-refusals:
          - {id: error-no-room, body: {success: false, error: 'no room [error-no-room]', errorType: error-no-room}}
        '401':
          x-refusals:
          - {id: log-in, body: {status: error, message: log in}}
      x-changes:
      - {release: 7.1.0, parameter: later, change: added}
      x-permissions: [view-room]
  /api/v1/rooms.rename:
    post:
      externalDocs: {url: https://pages.invalid/rooms-rename}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [room]
              properties:
                room:
                  type: object
                  properties:
                    name: {type: string}
      responses:
        '200': {content: {application/json: {schema: {type: object, properties: {success: {type: boolean}}}}}}
      x-changes:
      - {release: 8.0.0, change: added}
"""

OBJECT = """\
{
  "$id": "room.json",
  "type": "object",
  "properties": {
    "_id": {"type": "string", "minLength": 1, "x-inferred": ["minLength"]},
    "parent": {"$ref": "room.json"}
  }
}
"""

ERRATA = """\
overlay: 1.0.0
info: {title: rooms, version: 1.0.0}
extends: ../rest/rooms.yaml
x-errata:
  usernames-are-strings:
    operations: [GET rooms.info]
    releases: ''
    documented: usernames is an array of objects
    served: usernames is an array of strings
    evidence: [observed on a miniature]
  archived-is-refused:
    operations: [GET rooms.info]
    releases: '<8.6'
    documented: nothing
    served: 400 error-archived
    evidence: [observed on a miniature]
  fields-are-gone:
    operations: [GET rooms.info]
    releases: '>=8.0'
    documented: fields is accepted
    served: 400 unknown parameter
    evidence: [observed on a miniature]
actions:
- x-erratum: usernames-are-strings
  target: $.paths['/api/v1/rooms.info'].get.responses['200']..usernames
  update: {items: {type: string}}
- x-erratum: archived-is-refused
  target: $.paths['/api/v1/rooms.info'].get.responses['400']['x-refusals']
  update: {id: error-archived, body: {success: false, errorType: error-archived}}
- x-erratum: fields-are-gone
  target: $.paths['/api/v1/rooms.info'].get.parameters[?@.name=='fields']
  remove: true
"""

CAST = """\
people:
  alice: {name: Alice}
  bob: {name: Bob}
things:
  alice.room:
    lives: run
    steps:
    - as: alice
      operation: POST channels.create
      body: {name: '{run.prefix}-room', members: ['{bob.username}']}
      take: {id: /channel/_id, name: /channel/name}
    - as: bob
      operation: POST channels.join
      body: {roomId: '{alice.room.id}'}
    undo: {as: admin, operation: POST channels.delete, body: {roomId: '{alice.room.id}'}}
  alice.message:
    lives: case
    steps:
    - as: alice
      operation: POST chat.postMessage
      body: {roomId: '{alice.room.id}', text: '{case.token}'}
      take: {id: /message/_id}
"""

CASES = """\
operations:
  GET rooms.info:
    accepted:
      by-id:
        title: a member asks by id
        as: bob
        query: {roomId: '{alice.room.id}'}
        expect: {body: {/room/_id: '{alice.room.id}'}, absent: [/team]}
      fields-work:
        title: fields choose what is answered
        releases: '<8.0'
        query: {roomId: '{alice.room.id}', fields: '{{"name": 1}}'}
    refused:
      nothing-given:
        title: no id is given
        refusal: 400.error-no-room
        omits: [query.roomId]
      archived:
        title: the room is archived
        query: {roomId: '{before.id}'}
        refusal: 400.error-archived
        before:
        - as: alice
          operation: POST channels.create
          body: {name: '{case.token}'}
          take: {id: /channel/_id}
  POST rooms.rename:
    accepted:
      by-id: {title: the room has a new name, body: {room: {name: '{case.token}'}}}
"""

PROFILE = """\
title: rooms
operations: [rooms.*]
kinds: [route, field]
strictness: typed
"""

FILES = {
    "rest/rooms.yaml": REST,
    "objects/room.json": OBJECT,
    "errata/rooms.yaml": ERRATA,
    "cast.yaml": CAST,
    "cases/rooms.yaml": CASES,
    "profiles/rooms.yaml": PROFILE,
}


class Miniature:
    """A folder like contracts/, whose files a test can change before it loads them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(paths.CONTRACTS / "schemas", root / "schemas")
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        self.write(name, text.replace(old, new))

    def line_of(self, name: str, text: str) -> int:
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def load(self, release: str = "6.14") -> Catalog:
        return load_catalog(Release.parse(release), root=self.root)
