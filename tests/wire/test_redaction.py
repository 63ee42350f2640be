"""Redaction: no spelling of a known secret survives."""

import base64
import hashlib
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.wire.redaction import Redactor, cleaned_by_all

secrets_ = st.text(min_size=8, max_size=40).filter(
    lambda text: text.strip("<>.abcdeilnopstrw") != "" and not text.isdigit() and text.lower() != "undefined"
)


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
    assert redactor.clean(f"{digest}:") == "<alice.digest>:"


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


@given(secret=secrets_, user=st.text(max_size=12))
def test_no_base64_of_a_secret_survives_whatever_stands_before_it(secret: str, user: str) -> None:
    redactor = Redactor()
    redactor.learn(secret, "alice.password")
    basic = base64.b64encode(f"{user}:{secret}".encode("utf-8", "surrogatepass")).decode()
    kept = redactor.clean(f"Authorization: Basic {basic}").partition("Basic ")[2]
    assert "<alice.password>" in kept
    # What is left of the secret are the signs that it shares with what stands beside it.
    around = base64.b64encode(f"{user}:".encode("utf-8", "surrogatepass"))
    assert len(kept.replace("<alice.password>", "")) <= len(around) + 6


def test_what_is_no_secret_stays_as_it_is() -> None:
    redactor = Redactor()
    redactor.learn("another-secret", "alice.password")
    text = "p%C3%A4ss another%20secret, another-secre, \\u00e4 " + base64.b64encode(b"another").decode()
    assert redactor.clean(text) == text


def test_json_within_json_and_a_percent_in_small_letters_are_spellings_too() -> None:
    secret = 'p\u00e4"s\\s w+rd'
    redactor = Redactor()
    redactor.learn(secret, "alice.password")
    carried = json.dumps({"message": json.dumps({"params": [secret]})})
    assert json.loads(json.loads(redactor.clean(carried))["message"]) == {"params": ["<alice.password>"]}
    assert redactor.clean(quote(secret, safe="").lower()) == "<alice.password>"
    assert redactor.clean(f"<b>{html.escape(secret)}</b> {secret!r}") == "<b><alice.password></b> '<alice.password>'"


# secrets that could be something else


def test_a_short_secret_is_replaced_where_it_is_a_word_of_its_own() -> None:
    redactor = Redactor()
    redactor.learn("sesame", "admin.password")
    assert redactor.clean('{"msg": "sesame", "id": "xsesamex"} sesames') == (
        '{"msg": "<admin.password>", "id": "xsesamex"} sesames'
    )


@pytest.mark.parametrize("word", ["message", "true", "room", "c", "428613", "userName"])
def test_a_secret_that_is_an_ordinary_word_is_replaced_where_secrets_are_said(word: str) -> None:
    redactor = Redactor(lambda text: text in {"message", "room", "username"})
    redactor.learn(word, "admin.password")
    evidence = json.dumps({word: word, "t": word, "list": [word], "text": f"a {word} here", "success": True})
    assert redactor.clean_body(evidence) == evidence
    said = {"user": word, "password": word, "params": [{"password": word, word: 1}]}
    assert json.loads(redactor.clean_body(json.dumps(said))) == {
        "user": word,
        "password": "<admin.password>",
        "params": [{"password": "<admin.password>", word: 1}],
    }
    carried = json.dumps({"message": json.dumps({"code": word})})
    assert json.loads(json.loads(redactor.clean_body(carried))["message"]) == {"code": "<admin.password>"}
    address = f"http://a.invalid/{word}?room={word}&token={word}"
    assert redactor.clean_url(address) == f"http://a.invalid/{word}?room={word}&token=<admin.password>"


def test_the_digest_and_the_header_of_an_ordinary_password_are_replaced_everywhere() -> None:
    redactor = Redactor(lambda text: text == "message")
    redactor.learn_password("message", "admin", "root")
    basic = base64.b64encode(b"root:message").decode()
    assert redactor.clean(f"{basic} {hashlib.sha256(b'message').hexdigest()}") == "<admin.basic> <admin.digest>"


def test_a_word_of_the_api_in_an_answer_is_not_learnt() -> None:
    redactor = Redactor(lambda text: text == "error-not-allowed")
    redactor.learn_from({"code": "error-not-allowed"}, "alice")
    assert redactor.clean("error-not-allowed") == "error-not-allowed"


def test_what_tells_of_our_own_fault_is_cleaned_by_every_redactor() -> None:
    one, other = Redactor(), Redactor()
    one.learn("the-first-secret", "one.password")
    other.learn("the-second-secret", "other.token")
    assert cleaned_by_all("the-first-secret, the-second-secret") == "<one.password>, <other.token>"
