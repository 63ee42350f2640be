"""Redaction: no spelling of a known secret survives."""

import hashlib
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.wire.redaction import Redactor

secrets_ = st.text(min_size=8, max_size=40).filter(lambda text: text.strip("<>.abcdeilnopst") != "")


@given(secret=secrets_, around=st.text(max_size=20))
def test_no_spelling_of_a_secret_survives(secret: str, around: str) -> None:
    redactor = Redactor()
    redactor.learn(secret, "alice.password")
    for spelling in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        assert spelling not in redactor.clean(f"{around}\n{spelling}\n{around}").replace("<alice.password>", "")


def test_a_secret_is_replaced_by_its_name() -> None:
    redactor = Redactor()
    redactor.learn("hunter2!", "admin.password")
    assert redactor.clean('{"password": "hunter2!"}') == '{"password": "<admin.password>"}'


def test_a_token_in_an_answer_is_learnt() -> None:
    redactor = Redactor()
    redactor.learn_from({"data": {"authToken": "RScctEHSmLGZGywfIhWyRpyofhKOiMoUIpimhvheU3f"}}, "bob")
    assert redactor.clean("X-Auth-Token: RScctEHSmLGZGywfIhWyRpyofhKOiMoUIpimhvheU3f") == "X-Auth-Token: <bob.token>"


def test_a_hash_of_a_password_deep_in_an_answer_is_learnt() -> None:
    redactor = Redactor()
    redactor.learn_from({"me": [{"services": {"password": {"bcrypt": "$2b$10$abcdefgh"}}}]}, "bob")
    assert redactor.clean("$2b$10$abcdefgh") == "<bob.bcrypt>"


def test_a_longer_secret_goes_before_a_shorter_one_that_it_contains() -> None:
    redactor = Redactor()
    redactor.learn("password", "short")
    redactor.learn("password-and-more", "long")
    assert redactor.clean("password-and-more password") == "<long> <short>"


def test_ordinary_words_are_not_learnt() -> None:
    redactor = Redactor()
    redactor.learn_from({"msg": "a message of some length", "token": "short"}, "bob")
    assert redactor.clean("a message of some length, short") == "a message of some length, short"


def test_the_digest_of_a_password_is_a_secret_too() -> None:
    redactor = Redactor()
    redactor.learn_password("pw", "alice")
    digest = hashlib.sha256(b"pw").hexdigest()
    assert redactor.clean(f"{digest} pw") == "<alice.digest> <alice.password>"


def test_a_secret_that_utf8_cannot_spell_is_a_secret_too() -> None:
    redactor = Redactor()
    redactor.learn_from({"token": "token-\ud800-token"}, "bob")
    assert redactor.clean("token-\ud800-token") == "<bob.token>"


def test_the_first_place_of_a_secret_names_it() -> None:
    redactor = Redactor()
    redactor.learn_from({"a": [{"secret": "both-are-the-same"}], "token": "both-are-the-same"}, "bob")
    assert redactor.clean("both-are-the-same") == "<bob.secret>"


def test_a_secret_is_learnt_however_deep_it_lies() -> None:
    body: Json = {"token": "a-token-deep-down"}
    for _ in range(5000):
        body = [body]
    redactor = Redactor()
    redactor.learn_from(body, "bob")
    assert redactor.clean("a-token-deep-down") == "<bob.token>"
