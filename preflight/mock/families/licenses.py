"""licenses.*: whether the workspace is of the enterprise edition."""

from preflight.mock.call import Call
from preflight.mock.routing import Body, Routes

ROUTES = Routes()

_MODULES = ("auditing", "canned-responses", "message-read-receipt", "oauth-enterprise", "push-privacy", "scalability")
_LIMITS = ("activeUsers", "guestUsers", "roomsPerGuest", "privateApps", "marketplaceApps", "monthlyActiveContacts")


@ROUTES.route("GET", "licenses.info")
def info(call: Call) -> Body:
    """Tells what the licence allows."""
    told = {
        "activeModules": list(_MODULES) if call.workspace.licensed else [],
        "externalModules": [],
        "preventedActions": {},
        "limits": {name: {"value": 0, "max": -1} for name in _LIMITS},
        "tags": [{"name": "Enterprise", "color": "#000000"}] if call.workspace.licensed else [],
        "trial": False,
    }
    return {"license": told}


@ROUTES.route("GET", "licenses.isEnterprise")
def is_enterprise(call: Call) -> Body:
    """Tells whether there is a licence."""
    return {"isEnterprise": call.workspace.licensed}
