"""A miniature of contracts/realtime: two methods of a kettle, one of which later releases have dropped."""

from tests.catalog.miniature import Miniature

INDEX = """\
methods:
  boilWater:
    externalDocs: {url: https://pages.invalid/boil-water}
    title: Boil Water (Realtime)
  kettles/get:
    deprecated: true
    externalDocs: {url: https://pages.invalid/get-kettles}
    removal: 8.0.0
    replacement: kettles.list
    title: Get Kettles (Realtime)
"""

KETTLES = """\
asyncapi: 3.0.0
info: {title: kettles, version: 1.0.0, externalDocs: {url: https://pages.invalid/kettles}}
channels:
  connection:
    address: connection
    messages: {}
  whistle:
    address: whistle
    x-evidence: [observed on a miniature]
    messages: {}
    x-behaviour:
    - {id: kettle.whistles, promise: a kettle that boils whistles, evidence: [observed on a miniature]}
  boilWater:
    address: boilWater
    title: Boil Water (Realtime)
    externalDocs: {url: https://pages.invalid/boil-water}
    x-evidence: [observed on a miniature]
    x-permissions: [boil]
    x-behaviour: [{$ref: '#/components/x-behaviour/quiet'}]
    x-anonymous: {refusal: error-invalid-user}
    messages:
      call:
        payload:
          properties:
            params:
              type: array
              minItems: 2
              items:
              - {x-name: kettle, type: string, x-inferred: [type]}
              - type: object
                required: [degrees]
                properties: {degrees: {type: integer}, tea: {$ref: '#/components/schemas/tea'}}
              - {x-name: guests, type: array, items: {type: string}}
      result: {$ref: '#/components/messages/done'}
      refusal: {$ref: '#/components/messages/refusal'}
    x-refusals:
    - {id: match-failed, body: {error: 400, reason: Match failed, message: 'Match failed [400]'}}
    - {id: error-invalid-user, body: {error: error-invalid-user}}
  kettles/get:
    address: kettles/get
    title: Get Kettles (Realtime)
    externalDocs: {url: https://pages.invalid/get-kettles}
    x-evidence: [observed on a miniature]
    x-stated: ['field:200.result', 'refusal:400.method-not-found']
    x-deprecated: {removal: 8.0.0, replacements: [kettles.list]}
    x-changes: [{release: 8.0.0, change: removed}]
    x-anonymous: {schema: {type: object, required: [result], properties: {result: {type: array}}}}
    messages:
      call:
        payload: {properties: {params: {type: array, items: {x-name: names, type: string}}}}
      result:
        payload:
          required: [result]
          properties:
            result: {type: array, items: {type: object, required: [name], properties: {name: {type: string}}}}
      refusal: {$ref: '#/components/messages/refusal'}
    x-refusals: []
operations:
  boilWater: {action: send, channel: {$ref: '#/channels/boilWater'}}
components:
  x-behaviour:
    quiet: {id: kettle.is-quiet, promise: a kettle is quiet before, evidence: [observed on a miniature]}
  messages:
    done: {payload: {properties: {msg: {const: result}}}}
    refusal: {payload: {properties: {error: {type: object, required: [error], properties: {error: {}}}}}}
  schemas:
    tea: {type: object, properties: {name: {type: string}}}
"""

ERRATA = """\
overlay: 1.0.0
info: {title: kettles, version: 1.0.0}
extends: ../realtime/kettles.yaml
x-errata:
  kettles-boil-quietly:
    operations: ['ddp:boilWater']
    releases: '>=7.0'
    documented: nothing
    served: error-too-loud
    evidence: [observed on a miniature]
  kettles-have-litres:
    operations: ['ddp:kettles/get']
    releases: ''
    documented: a kettle has a name
    served: a kettle has litres
    evidence: [observed on a miniature]
actions:
- x-erratum: kettles-boil-quietly
  target: $.channels['boilWater']['x-refusals']
  update: {id: error-too-loud, body: {error: error-too-loud}}
- x-erratum: kettles-have-litres
  target: $.channels['kettles/get'].messages.result.payload.properties.result.items.properties
  update: {litres: {type: integer}}
"""

CASES = """\
operations:
  ddp:boilWater:
    accepted:
      hot:
        title: water boils
        params: ['{alice.room.id}', {degrees: 100, tea: {name: '{case.token}'}}, ['{bob.username}']]
        expect: {absent: [/result]}
        before:
        - as: bob
          operation: ddp:kettles/get
          params: [{$date: '{time.past_ms}'}]
          take: {name: /result/0/name}
        afterwards:
        - as: bob
          operation: ddp:kettles/get
          params: ['{before.name}']
          expect: {body: {/result/0/name: '{before.name}'}, absent: [/result/1]}
        - as: alice
          operation: GET rooms.info
          query: {roomId: '{alice.room.id}'}
          expect: {body: {/room/name: '{alice.room.name}'}}
    refused:
      nothing-given: {title: nothing is given, refusal: 400.match-failed, omits: [params.kettle]}
      loud: {title: it is too loud, params: [], refusal: 400.error-too-loud}
  ddp:kettles/get:
    accepted:
      all: {title: every kettle, params: []}
    refused:
      removed: {title: there are no kettles, params: [], releases: '>=8.0', refusal: 400.method-not-found}
"""

FILES = {
    "realtime/index.yaml": INDEX,
    "realtime/kettles.yaml": KETTLES,
    "errata/kettles.yaml": ERRATA,
    "cases/kettles.yaml": CASES,
    "profiles/kettles.yaml": "{title: kettles, operations: ['ddp:*'], kinds: [route], strictness: required}\n",
}


def with_kettles(miniature: Miniature) -> Miniature:
    for name, text in FILES.items():
        miniature.write(name, text)
    return miniature
