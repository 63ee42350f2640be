"""Titles: how a page's title becomes its address."""

import re

PAGES = "https://developer.rocket.chat/apidocs/"


def slug(text: str) -> str:
    """Print a text as the portal spells it in addresses: lower case, words joined by hyphens."""
    kept = re.sub(r"[^a-z0-9\s_-]", "", text.lower())
    return re.sub(r"[\s_-]+", "-", kept).strip("-")


def page_address(title: str) -> str:
    """Give the address of the page with this title."""
    return PAGES + slug(title)
