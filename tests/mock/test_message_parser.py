from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.mock import message_parser

Node = dict[str, Any]


def plain(text: str) -> Node:
    return {"type": "PLAIN_TEXT", "value": text}


def link(address: str, label: str) -> Node:
    return {"type": "LINK", "value": {"src": plain(address), "label": [plain(label)]}}


def paragraph(*nodes: Node) -> Node:
    return {"type": "PARAGRAPH", "value": list(nodes)}


def smile(code: str = "smile") -> Node:
    return {"type": "EMOJI", "value": plain(code), "shortCode": code}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("good morning", [paragraph(plain("good morning"))]),
        ("   ", [paragraph(plain("   "))]),
        ("an *urgent* word", [paragraph(plain("an "), {"type": "BOLD", "value": [plain("urgent")]}, plain(" word"))]),
        ("**two** stars", [paragraph({"type": "BOLD", "value": [plain("two")]}, plain(" stars"))]),
        ("_soft_", [paragraph({"type": "ITALIC", "value": [plain("soft")]})]),
        ("a_snake_case", [paragraph(plain("a_snake_case"))]),
        ("~gone~", [paragraph({"type": "STRIKE", "value": [plain("gone")]})]),
        (
            "*bold _and italic_*",
            [
                paragraph(
                    {"type": "BOLD", "value": [plain("bold "), {"type": "ITALIC", "value": [plain("and italic")]}]}
                )
            ],
        ),
        ("2 * 3 * 4", [paragraph(plain("2 * 3 * 4"))]),
        ("run `ls @bob`", [paragraph(plain("run "), {"type": "INLINE_CODE", "value": plain("ls @bob")})]),
        (
            "hey @bob.b look",
            [paragraph(plain("hey "), {"type": "MENTION_USER", "value": plain("bob.b")}, plain(" look"))],
        ),
        ("in #general.", [paragraph(plain("in "), {"type": "MENTION_CHANNEL", "value": plain("general")}, plain("."))]),
        (
            "see https://a.example/b?c=d#e.",
            [paragraph(plain("see "), link("https://a.example/b?c=d#e", "https://a.example/b?c=d#e"), plain("."))],
        ),
        ("[there](https://a.example/)", [paragraph(link("https://a.example/", "there"))]),
        ("<https://a.example/|there>", [paragraph(link("https://a.example/", "there"))]),
        ("me@a.example", [paragraph(link("mailto:me@a.example", "me@a.example"))]),
        ("well :smile: done", [paragraph(plain("well "), smile(), plain(" done"))]),
        (":smile:", [{"type": "BIG_EMOJI", "value": [smile()]}]),
        (":smile: :+1:", [{"type": "BIG_EMOJI", "value": [smile(), smile("+1")]}]),
        ("at 10:30:45", [paragraph(plain("at 10:30:45"))]),
        ("one\n\ntwo", [paragraph(plain("one")), {"type": "LINE_BREAK"}, paragraph(plain("two"))]),
        (
            "```py\na = 1\n\n```",
            [
                {
                    "type": "CODE",
                    "language": "py",
                    "value": [{"type": "CODE_LINE", "value": plain(line)} for line in ("a = 1", "")],
                }
            ],
        ),
        ("```\nopen", [paragraph(plain("```")), paragraph(plain("open"))]),
        ("## Title", [{"type": "HEADING", "level": 2, "value": [plain("Title")]}]),
        ("> said", [{"type": "QUOTE", "value": [paragraph(plain("said"))]}]),
        (
            "- a\n- b",
            [
                {
                    "type": "UNORDERED_LIST",
                    "value": [{"type": "LIST_ITEM", "value": [plain(item)]} for item in "ab"],
                }
            ],
        ),
        (
            "1. a\n2. b",
            [
                {
                    "type": "ORDERED_LIST",
                    "value": [
                        {"type": "LIST_ITEM", "value": [plain(item)], "number": number}
                        for number, item in enumerate("ab", 1)
                    ],
                }
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_becomes_its_tree(text: str, tree: list[Node]) -> None:
    assert message_parser.parse(text) == tree


def test_an_empty_text_has_no_tree() -> None:
    assert message_parser.parse("") == []


def test_mentions_are_found_once_and_not_in_code_or_addresses() -> None:
    text = "@bob and @all, @bob again; `@carol` https://a.example/@dave me@a.example"
    assert message_parser.user_names(text) == ["bob", "all"]


def test_channels_are_found_and_fragments_of_addresses_are_not() -> None:
    assert message_parser.channel_names("#general #general https://a.example/#part") == ["general"]


def test_addresses_are_found_in_order() -> None:
    text = "http://localhost:3000/ and [x](https://a.example/y) and http://localhost:3000/"
    assert message_parser.addresses(text) == ["http://localhost:3000/", "https://a.example/y"]


words = st.text(alphabet="abc XYZ,.()", min_size=1).filter(str.strip)


def words_of(tree: list[Node]) -> list[str]:
    return ["".join(node["value"] for node in block.get("value", [])) for block in tree]


@given(st.lists(words, min_size=1))
def test_text_without_markup_is_kept_to_the_letter(lines: list[str]) -> None:
    assert words_of(message_parser.parse("\n".join(lines))) == lines


@given(st.text(alphabet="*_~`@#:[]()<>|!-> ab1\n", max_size=60))
def test_any_text_has_a_tree_of_typed_nodes(text: str) -> None:
    assert all(block["type"].isupper() for block in message_parser.parse(text))


@given(st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), words)
def test_a_name_that_is_mentioned_is_found_again(name: str, around: str) -> None:
    assert message_parser.user_names(f"{around} @{name} {around}") == [name]
