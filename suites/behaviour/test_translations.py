"""Automatic translation: whoever switches it on for a room does so for themselves.

https://developer.rocket.chat/apidocs/autotranslate
"""

from preflight.model.json import JsonObject
from preflight.session.promised import needs, promises
from preflight.session.story import Story

ROOM: JsonObject = {"roomId": "{admin.dm.id}"}
PLACE = "GET subscriptions.getOne"


@promises(
    "POST autotranslate.saveSettings#behaviour:translated.mine",
    "POST autotranslate.saveSettings#behaviour:translated.others",
)
@needs(AutoTranslate_Enabled=True)
def test_translation_is_switched_on_for_oneself(story: Story) -> None:
    """What somebody sets for a room MUST be kept with their own place in it, one setting beside the other.

    https://developer.rocket.chat/apidocs/save-autotranslate-settings
    """
    _sets(story, "autoTranslateLanguage", value="de")
    _sets(story, "autoTranslate", value=True)
    on: JsonObject = {"rid": "{admin.dm.id}", "autoTranslate": True, "autoTranslateLanguage": "de"}
    story.asks("admin", PLACE, ROOM).sees(on, at="/subscription")
    story.asks("admin", "GET subscriptions.get").sees(on, among="/update")
    _sets(story, "autoTranslateLanguage", value="fr")
    story.asks("admin", PLACE, ROOM).sees({**on, "autoTranslateLanguage": "fr"}, at="/subscription")
    _sets(story, "autoTranslate", value=False)
    story.asks("admin", PLACE, ROOM).sees({"autoTranslate": False}, at="/subscription")
    other = "translated.others"
    story.asks("alice", PLACE, ROOM, proves=other).misses({"autoTranslateLanguage": "fr"}, at="/subscription")
    story.asks("alice", PLACE, ROOM, proves=other).misses({"autoTranslate": True}, at="/subscription")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises("POST autotranslate.translateMessage#behaviour:translated.message")
@needs(AutoTranslate_Enabled=True)
def test_a_translation_leaves_the_message_as_it_was(story: Story) -> None:
    """A message that is translated MUST keep its text, its author and its time.

    https://developer.rocket.chat/apidocs/translate-message
    """
    message = story.posts("bob", "{alice.channel.id}", "{case.token} translated")["_id"]
    asked: JsonObject = {"msgId": message}
    before = story.reads("bob", "GET chat.getMessage", asked)
    story.does("alice", "POST autotranslate.translateMessage", {"messageId": message, "targetLanguage": "en"})
    after = story.reads("bob", "GET chat.getMessage", asked)
    story.compares(before, after, at="/message", but=("translations", "translationProvider", "_updatedAt"))
    story.keeps("behaviour.unchanged")


def _sets(story: Story, field: str, *, value: str | bool) -> None:
    story.does("admin", "POST autotranslate.saveSettings", {**ROOM, "field": field, "value": value})
