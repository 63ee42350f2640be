"""Our own probes: one parameter of an accepted request is left out, or gets a value that must be refused."""

from collections.abc import Iterator, Mapping

from preflight.catalog.contract import Contract, Place
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.oddity import Odd, Oddity
from preflight.probes.names import Names
from preflight.probes.probe import BODY, QUERY, Parameters, Path, Probe, subject_of


def without_required(contract: Contract, base: Parameters, names: Names) -> Iterator[Probe]:
    """Leave out each required parameter in turn; of alternatives all at once."""
    for path in _required(contract, base):
        yield _missing(base, path)
    alternatives: tuple[Path, ...] = tuple((BODY, name) for name in _alternatives(contract))
    if not alternatives and not any(_required(contract, base)):
        # Where nothing is required alone, one of the things that a request can name is.
        alternatives = tuple(path for path in base.paths() if _is_named(names, path))
    if alternatives:
        yield _missing(base, *alternatives)


def _missing(base: Parameters, *paths: Path) -> Probe:
    words = f"without {' and '.join(path[-1] for path in paths)}"
    for path in paths:
        base = base.without(path)
    return Probe(parameters=base, oddity=Oddity(kind=Odd.MISSING, subject=subject_of(paths[0]), words=words))


def _is_named(names: Names, path: Path) -> bool:
    name = names.of(path[-1])
    return name is not None and name.unknown is not None


def with_unknown(base: Parameters, names: Names) -> Iterator[Probe]:
    """Name, by each required parameter that is an id or a name, what there is not."""
    for path in base.paths():
        name = names.of(path[-1])
        if name is None or name.unknown is None or not isinstance(base.at(path), str):
            continue
        odd = Oddity(kind=Odd.UNKNOWN, subject=subject_of(path), words=f"{path[-1]} names nothing")
        yield Probe(parameters=base.with_value(path, name.unknown), oddity=odd)


def with_operators(base: Parameters, names: Names, *, bounded: bool) -> Iterator[Probe]:
    """Put operators of a query language in the place of what is named; `bounded` ones choose only what is ours."""
    for path in _named_texts(base, names):
        own, name = str(base.at(path)), path[-1]
        for operator, operand in _operators(own, names, name, bounded=bounded):
            words = f"{name} is the operator {operator}"
            odd = Oddity(kind=Odd.OPERATOR, subject=subject_of(path), words=words)
            if path[0] == QUERY:
                brackets = "[]" if isinstance(operand, list) else ""
                made = base.without(path).with_value((QUERY, f"{name}[{operator}]{brackets}"), operand)
            else:
                made = base.with_value(path, {operator: operand})
            yield Probe(parameters=made, oddity=odd)


def with_patterns(base: Parameters, names: Names) -> Iterator[Probe]:
    """Put patterns in the place of what is named, which would match only what is ours."""
    for path in _named_texts(base, names):
        own, name = str(base.at(path)), path[-1]
        for pattern in (f"^{own}$", f"{own[:-1]}[{own[-1]}]"):
            odd = Oddity(kind=Odd.PATTERN, subject=subject_of(path), words=f"{name} is a pattern")
            yield Probe(parameters=base.with_value(path, pattern), oddity=odd)


def with_shapes(contract: Contract, base: Parameters, names: Names) -> Iterator[Probe]:
    """Put objects and lists in the place of texts, numbers and truth values."""
    sent = set(base.paths())
    for path, schema in _scalars(contract, base):
        name = path[-1]
        known = names.of(name)
        # Of two ways to name a thing the second may be left unread, and what is loose is read as it comes or by nobody.
        if name in names.loose or (known is not None and path not in sent):
            continue
        filling = (known.unknown or known.values[0]) if known else "a"
        if "array" not in _types(schema):
            odd = Oddity(kind=Odd.SHAPE, subject=subject_of(path), words=f"{name} is a list")
            yield Probe(parameters=_shaped(base, path, [filling, filling]), oddity=odd)
        odd = Oddity(kind=Odd.SHAPE, subject=subject_of(path), words=f"{name} is an object")
        yield Probe(parameters=_shaped(base, path, {"a": filling}), oddity=odd)


def with_spellings(contract: Contract, base: Parameters) -> Iterator[Probe]:
    """Write truth values of a body as texts."""
    for path, schema in _scalars(contract, base):
        if path[0] == BODY and _types(schema) == {"boolean"}:
            odd = Oddity(kind=Odd.SPELLING, subject=subject_of(path), words=f"{path[-1]} is the text 'true'")
            plain = base.with_value(path, value=True)
            yield Probe(parameters=base.with_value(path, "true"), oddity=odd, plain=plain)


# Texts that people write, in every script, and which must pass wherever a plain one does.
SCRIPTS = {
    "an emoji": "fox \N{FOX FACE}",
    "an emoji of several parts": "family \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "letters from right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "signs of three bytes": "\u4f60\u597d\u4e16\u754c",
    "combining signs": "Z\u0301a\u0302l\u0303",
    "a quotation mark": 'it\'s "so"',
}
# Texts that nobody writes, and which must get a whole answer, whatever it says.
ROUGH = {
    "the sign NUL": "before\0after",
    "a very long text": "long " * 4000,
    "a line of SQL": "' OR '1'='1' --",
    "a template": "{{7*7}} ${7*7} <%= 7*7 %>",
    "a page": "<script>alert(1)</script>",
    "a broken percent sign": "100%% %zz %s%n",
    "a path": "../../../../etc/passwd",
    "an open pattern": "[(*+?",
}
NUMBERS: Mapping[str, Json] = {
    "a negative number": -1,
    "zero": 0,
    "a huge number": 10**9,
    "a number of more than 64 bits": 2**70,
    "a fraction": 1.5,
    "no number": "NaN",
}
NESTED = 80


def with_texts(contract: Contract, base: Parameters, names: Names) -> Iterator[Probe]:
    """Write rough texts where a text is free, and texts of every script where a plain one is accepted."""
    sent = set(base.paths())
    for path, schema in _scalars(contract, base):
        if not _is_free_text(path, schema, names):
            continue
        for words, text in SCRIPTS.items() if path in sent else ():
            odd = Oddity(kind=Odd.SCRIPT, subject=subject_of(path), words=f"{path[-1]} has {words}")
            yield Probe(parameters=base.with_value(path, text), oddity=odd, plain=base)
        for words, text in ROUGH.items():
            odd = Oddity(kind=Odd.ROUGH, subject=subject_of(path), words=f"{path[-1]} has {words}")
            yield Probe(parameters=base.with_value(path, text), oddity=odd)


def with_rough_values(contract: Contract, base: Parameters) -> Iterator[Probe]:
    """Send odd numbers, parameters twice, and what is nested deeply."""
    for path, schema in _scalars(contract, base):
        if _types(schema) & {"integer", "number"}:
            for words, number in NUMBERS.items():
                odd = Oddity(kind=Odd.ROUGH, subject=subject_of(path), words=f"{path[-1]} is {words}")
                yield Probe(parameters=base.with_value(path, number), oddity=odd)
    for name, value in base.query.items():
        odd = Oddity(kind=Odd.ROUGH, subject=f"query.{name}", words=f"{name} is given twice")
        yield Probe(parameters=base.with_value((QUERY, name), [value, value]), oddity=odd)
    if base.has_body and isinstance(base.body, Mapping):
        odd = Oddity(kind=Odd.ROUGH, subject="body.nested", words=f"lists within lists, {NESTED} deep")
        yield Probe(parameters=base.with_value((BODY, "nested"), _nested(NESTED)), oddity=odd)


def _nested(levels: int) -> Json:
    value: Json = "deep"
    for _ in range(levels):
        value = [value]
    return value


def _operators(own: str, names: Names, name: str, *, bounded: bool) -> Iterator[tuple[str, Json]]:
    yield "$in", [own]
    yield "$eq", own
    if not bounded:
        known = names.of(name)
        yield "$ne", (known.unknown if known else None) or "x"
        yield "$regex", f"^{own}"
        yield "$gt", ""
        yield "$where", "1"


def _named_texts(base: Parameters, names: Names) -> Iterator[Path]:
    for path in base.paths():
        value = base.at(path)
        if _is_named(names, path) and isinstance(value, str) and len(value) > 1:
            yield path


def _shaped(base: Parameters, path: Path, value: Json) -> Parameters:
    if path[0] == BODY:
        return base.with_value(path, value)
    without, name = base.without(path), path[-1]
    if isinstance(value, Mapping):
        for key, inner in value.items():
            without = without.with_value((QUERY, f"{name}[{key}]"), inner)
        return without
    return without.with_value((QUERY, f"{name}[]"), value)


def _scalars(contract: Contract, base: Parameters) -> Iterator[tuple[Path, JsonObject]]:
    """Walk the parameters that are texts, numbers or truth values: of a body those of the branch of its base."""
    for parameter in contract.parameters:
        if parameter.place is Place.QUERY and not parameter.deprecated and _types(parameter.schema) & _SCALAR:
            yield (QUERY, parameter.name), parameter.schema
    if contract.body is not None:
        yield from _scalars_within(_branch(contract.body.schema, base.body), base.body, (BODY,))


def _scalars_within(schema: JsonObject, value: Json, path: Path) -> Iterator[tuple[Path, JsonObject]]:
    for name, inner in as_object(schema.get("properties")).items():
        node = as_object(inner)
        if _types(node) & _SCALAR:
            yield (*path, name), node
        elif isinstance(as_object(value).get(name), Mapping):
            yield from _scalars_within(node, as_object(value)[name], (*path, name))


_SCALAR = frozenset({"string", "integer", "number", "boolean"})


def _branch(schema: JsonObject, body: Json) -> JsonObject:
    """Give the branch of a body's schema that its base belongs to."""
    for branch in map(as_object, as_list(schema.get("oneOf"))):
        if all(name in as_object(body) for name in map(str, as_list(branch.get("required")))):
            return branch
    return schema


def _types(schema: JsonObject) -> frozenset[str]:
    kind = schema.get("type")
    return frozenset([kind] if isinstance(kind, str) else map(str, as_list(kind)))


def _is_free_text(path: Path, schema: JsonObject, names: Names) -> bool:
    is_bound = "enum" in schema or "format" in schema
    return _types(schema) == {"string"} and names.of(path[-1]) is None and not is_bound


def _required(contract: Contract, base: Parameters) -> Iterator[Path]:
    for parameter in contract.parameters:
        if parameter.required and parameter.place is Place.QUERY and parameter.name in base.query:
            yield QUERY, parameter.name
    if contract.body is not None:
        yield from _required_within(contract.body.schema, base.body, (BODY,))


def _required_within(schema: JsonObject, value: Json, path: Path) -> Iterator[Path]:
    held = as_object(value)
    for name in map(str, as_list(schema.get("required"))):
        if name in held:
            yield (*path, name)
    for name, inner in as_object(schema.get("properties")).items():
        if isinstance(held.get(name), Mapping):
            yield from _required_within(as_object(inner), held[name], (*path, name))


def _alternatives(contract: Contract) -> tuple[str, ...]:
    """Name the parameters of which one must be given, where the branches of a body demand different ones."""
    schema = contract.body.schema if contract.body is not None else {}
    branches = [{str(name) for name in as_list(as_object(one).get("required"))} for one in as_list(schema.get("oneOf"))]
    if len(branches) < 2:  # noqa: PLR2004 (one branch is no alternative)
        return ()
    common = set.intersection(*branches)
    return tuple(sorted({name for branch in branches for name in branch - common}))
