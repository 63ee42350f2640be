"""Refusals: what a handler raises instead of answering, and the status and body that each becomes.

A rule raises ``MeteorError`` where the server throws one with a code, ``Failure`` where it throws a plain error. Which
of the two it is decides whether the answer has an ``errorType``.
"""

from typing import Any

Body = dict[str, Any]  # the JSON object of an answer

_PERMISSION_SENTENCE = "User does not have the permissions required for this action [error-unauthorized]"


class Refusal(Exception):  # noqa: N818 - a refusal is no error of the mock
    """A request that is answered with something else than success."""

    status = 400

    def body(self) -> Body:
        """Gives the JSON object of the answer."""
        raise NotImplementedError


class MeteorError(Refusal):
    """An error with a code: ``reason [code]`` and the code as errorType; a few codes have a status of their own."""

    _STATUS = {"error-unauthorized": 403, "unauthorized": 403, "error-too-many-requests": 429}  # noqa: RUF012

    def __init__(self, code: str, reason: str | None = None, details: Body | None = None) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason
        self.details = details
        self.status = self._STATUS.get(code, 400)

    @property
    def text(self) -> str:
        """The reason with the code in brackets."""
        return f"{self.reason} [{self.code}]" if self.reason else f"[{self.code}]"

    def body(self) -> Body:
        """Gives the refusal; those with a status of their own lose their errorType."""
        if self.status != 400:  # noqa: PLR2004
            return {"success": False, "error": self.text}
        body: Body = {"success": False, "error": self.text, "errorType": self.code}
        return {**body, "details": self.details} if self.details is not None else body


class Failure(Refusal):
    """A plain error: its text, and no errorType."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def body(self) -> Body:
        """Gives the text alone."""
        return {"success": False, "error": self.text}


class TypedFailure(Refusal):
    """An error text and an error type that do not match each other, as validation and some handlers give them."""

    def __init__(self, text: str, error_type: str) -> None:
        super().__init__(text, error_type)
        self.text = text
        self.error_type = error_type

    def body(self) -> Body:
        """Gives text and type as they are."""
        return {"success": False, "error": self.text, "errorType": self.error_type}


class BareFailure(Refusal):
    """A refusal that says nothing."""

    def body(self) -> Body:
        """Gives ``success`` alone."""
        return {"success": False}


class Forbidden(Refusal):
    """A handler's own refusal of a user: 403 ``unauthorized``."""

    status = 403

    def body(self) -> Body:
        """Gives the word that handlers use."""
        return {"success": False, "error": "unauthorized"}


class PermissionRefused(Refusal):
    """The route demands a permission which the user lacks: 403 with a sentence."""

    status = 403

    def body(self) -> Body:
        """Gives the sentence of the dispatcher, without errorType."""
        return {"success": False, "error": _PERMISSION_SENTENCE}


class NotFound(Refusal):
    """A handler's 404."""

    status = 404

    def body(self) -> Body:
        """Gives the handler's sentence."""
        return {"success": False, "error": "Resource not found"}
