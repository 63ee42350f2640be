"""Tokens: who has logged out, was deactivated or deleted is let in no more, over REST or over an open connection.

https://developer.rocket.chat/apidocs/logout
"""

from preflight.session.promised import promises
from preflight.session.trespass import Former


@promises("*#security:tokens.refused", "ddp:*#security:tokens.refused")
def test_the_token_of_who_is_let_in_no_more_is_worth_nothing(former: Former) -> None:
    """The token of a logged-out, deactivated or deleted user MUST be refused at once by every operation.

    A connection that was opened with it before MUST be closed, or go on as one without a login.
    """
    former.ask().keeps("authorization.token-dead")
