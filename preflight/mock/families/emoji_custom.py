"""emoji-custom.*: the emoji that a workspace adds to the stock."""

from preflight.mock.call import Call
from preflight.mock.refusals import MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.trash import tombstone
from preflight.mock.validation import parse_date

ROUTES = Routes()


@ROUTES.route("GET", "emoji-custom.list")
def list_(call: Call) -> Body:
    """Lists the workspace's own emoji; with a date, those that changed and those that went since."""
    ws = call.workspace
    given = call.query.get("updatedSince")
    if not given:
        return {"emojis": {"update": list(ws.emoji.values()), "remove": []}}
    since = parse_date(given) if isinstance(given, str) else None
    if since is None:
        reason = 'The "updatedSince" query parameter must be a valid date.'
        raise MeteorError("error-roomId-param-invalid", reason)
    changed = [each for each in ws.emoji.values() if each["_updatedAt"] > since]
    removed = [tombstone(each) for each in ws.trash.since("custom_emoji", since)]
    return {"emojis": {"update": changed, "remove": removed}}
