"""Pseudonyms: in place of people whom the run did not make stand words that tell nothing of them.

It is done when all is judged, so that no verdict depends on it. The same person has the same words everywhere in a run,
its shards included, and others in the next run.
"""

import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import quote, unquote

from preflight.model.exchange import Exchange
from preflight.model.finding import Finding
from preflight.model.json import Json, as_list, as_object
from preflight.model.outcome import Outcome
from preflight.model.run import Leftover, Run
from preflight.session.company import MAILBOX, prefix_of

_ID = re.compile(r"[A-Za-z0-9]{17,24}")
_IDS = re.compile(r"[A-Za-z0-9]{17,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST = 4
#: What everybody knows, or is nobody.
_PUBLIC = frozenset({"rocket.cat", "anonymous"})
#: Under these keys a text is a person's name, whatever else it may mean.
_NAMING = frozenset({"username", "usernames", "name", "fname", "members", "user", "users", "value"})


@dataclass(kw_only=True)
class Pseudonyms:
    """Knows the people of a run who were there before it.

    Args:
        key: what decides the words; whoever knows it could guess who is meant.
        is_ordinary: tells whether a text, in lower case, is a word that every workspace uses.
    """

    key: str
    is_ordinary: Callable[[str], bool] = lambda _: False
    _ids: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None

    def applied(self, run: Run) -> Run:
        """Give a run in which nobody of before it can be told."""
        for exchange in run.exchanges.values():
            self._meet_all(exchange)
        words = [name for name in self._names if len(name) >= _SHORTEST and not self.is_ordinary(name.lower())]
        spelled = sorted({each for word in words for each in (word, quote(word))}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelled))})(?!\w)") if spelled else None
        return replace(
            run,
            exchanges={name: self._exchange(exchange) for name, exchange in run.exchanges.items()},
            outcomes=tuple(map(self._outcome, run.outcomes)),
            cases=tuple(replace(case, reason=self.text(case.reason)) for case in run.cases),
            claims={name: replace(claim, reason=self.text(claim.reason)) for name, claim in run.claims.items()},
            leftovers=tuple(map(self._leftover, run.leftovers)),
        )

    def meet(self, body: Json) -> None:
        """Learn who is told of in a body."""
        for each in _objects(body):
            username, user_id = each.get("username"), each.get("_id") or each.get("userId")
            if isinstance(username, str) and _is_person(username):
                self._note(username, user_id, each.get("name"))
            for name in as_list(each.get("usernames")):
                if isinstance(name, str) and _is_person(name):
                    self._note(name, None, None)

    def text(self, text: str) -> str:
        """Give a text in which nobody can be told by id, address, or a name that is no ordinary word."""
        text = _IDS.sub(lambda found: self._identity(found.group()), text)
        text = _MAIL.sub(lambda found: self._mail(found.group()), text)
        for name, word in self._names.items():
            text = text.replace(f"@{name}", f"@{word}") if f"@{name}" in text else text
        return self._pattern.sub(lambda found: self._names[unquote(found.group())], text) if self._pattern else text

    def body(self, text: str) -> str:
        """Give a body or frame in which nobody can be told: JSON by its keys as well, all else as a text."""
        try:
            told: Json = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text)
        changed = self._changed(told)
        return text if changed == told else json.dumps(changed, ensure_ascii=False)

    def _meet_all(self, exchange: Exchange) -> None:
        for text in (exchange.request.body, exchange.response.body, *(frame.text for frame in exchange.frames)):
            try:
                self.meet(json.loads(text or "null"))
            except (ValueError, RecursionError):
                continue

    def _note(self, username: str, user_id: Json, name: Json) -> None:
        word = self._names.setdefault(username, f"person-{self._digest(username)}")
        if isinstance(user_id, str) and _ID.fullmatch(user_id):
            # As long as the id and of its signs, for whoever reads the evidence with a schema in hand.
            self._ids.setdefault(user_id, self._digest(user_id, len(user_id)))
        if isinstance(name, str) and name:
            self._names.setdefault(name, word)

    def _digest(self, text: str, length: int = 8) -> str:
        return hmac.digest(self.key.encode(), text.encode("utf-8", "surrogatepass"), "sha256").hex()[:length]

    def _mail(self, address: str) -> str:
        is_own = address.endswith((MAILBOX, "@redacted.invalid"))
        return address if is_own else f"person-{self._digest(address)}@redacted.invalid"

    def _changed(self, value: Json, key: str = "") -> Json:
        if isinstance(value, Mapping):
            return {self._key(name): self._changed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._changed(each, key) for each in value]
        if not isinstance(value, str):
            return value
        if key in _NAMING and value in self._names:
            return self._names[value]
        return self.body(value) if value.startswith(("{", "[")) else self.text(value)

    def _key(self, name: str) -> str:
        return self._identity(name) if _IDS.fullmatch(name) else name

    def _identity(self, text: str) -> str:
        """Give an id in which nobody can be told; that of a direct room consists of those of its members."""
        if text in self._ids:
            return self._ids[text]
        for known, word in self._ids.items():
            text = text.replace(known, word)
        return text

    def _exchange(self, exchange: Exchange) -> Exchange:
        request, response = exchange.request, exchange.response
        told = partial(_with_headers, self.text)
        return replace(
            exchange,
            request=replace(
                request,
                url=self.text(request.url),
                headers=told(request.headers),
                body=None if request.body is None else self.body(request.body),
            ),
            response=replace(response, headers=told(response.headers), body=self.body(response.body)),
            frames=tuple(replace(frame, text=self.body(frame.text)) for frame in exchange.frames),
        )

    def _leftover(self, left: Leftover) -> Leftover:
        return replace(left, what=self.text(left.what), why=self.text(left.why))

    def _outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, reason=self.text(outcome.reason), findings=tuple(map(self._finding, outcome.findings)))

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            promised=self.body(finding.promised),
            received=self.body(finding.received),
            reproduce=self.text(finding.reproduce),
        )


def _is_person(username: str) -> bool:
    return bool(username) and not prefix_of(username) and username not in _PUBLIC and not username.startswith("<")


def _objects(value: Json) -> Iterator[Mapping[str, Json]]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            yield as_object(each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str) and each.startswith(("{", "[")):
            try:
                waiting.append(json.loads(each))
            except (ValueError, RecursionError):
                continue


def _with_headers(clean: Callable[[str], str], headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, clean(value)) for name, value in headers)
