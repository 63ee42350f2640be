"""Ids: the kinds of identifier that the server makes, from one source of randomness."""

from base64 import urlsafe_b64encode
from random import Random, SystemRandom

# No 0, 1, I, O and l: they are easily taken for one another.
_SHORT = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
_HEX = "0123456789abcdef"


class Ids:
    """Makes identifiers and tokens."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()

    def short(self) -> str:
        """Gives 17 characters: users, messages, subscriptions of direct rooms."""
        return "".join(self._random.choices(_SHORT, k=17))

    def hex(self) -> str:
        """Gives 24 hexadecimal digits: rooms, system messages, uploads, teams."""
        return "".join(self._random.choices(_HEX, k=24))

    def token(self) -> str:
        """Gives 43 characters: an authentication token."""
        return urlsafe_b64encode(self._random.getrandbits(256).to_bytes(32, "big")).decode().rstrip("=")

    def digits(self, count: int) -> str:
        """Gives so many hexadecimal digits."""
        return "".join(self._random.choices(_HEX, k=count))
