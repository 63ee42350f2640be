"""Secrets: what is for a person themselves, or for administrators, is told to nobody else.

https://developer.rocket.chat/apidocs
"""

from preflight.session.answers import Answers
from preflight.session.promised import promises


@promises("*#security:secrets.kept", "ddp:*#security:secrets.kept")
def test_no_answer_of_the_run_tells_the_secrets_of_others(answers: Answers) -> None:
    """An answer to an ordinary user MUST NOT hold addresses, services or keys of others, or a join code."""
    answers.to_others().keeps("authorization.no-secrets")
