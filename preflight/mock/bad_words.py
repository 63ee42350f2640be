"""Bad words: the words that a workspace does not want to read, and what stands in their place.

The mock knows the words that the settings list and no others.
"""

import re

from preflight.mock.workspace import Workspace


def cleaned(ws: Workspace, text: str) -> str:
    """Gives a text with an asterisk for each letter of a word that the workspace filters."""
    settings = ws.settings
    if not settings["Message_AllowBadWordsFilter"]:
        return text
    unwanted = _words(settings["Message_BadWordsFilterList"]) - _words(settings["Message_BadWordsWhitelist"])
    if not unwanted:
        return text
    pattern = "|".join(re.escape(word) for word in sorted(unwanted))
    return re.sub(rf"\b(?:{pattern})\b", lambda match: "*" * len(match.group()), text, flags=re.IGNORECASE)


def _words(listed: object) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in str(listed or "").split(",") if word.strip())
