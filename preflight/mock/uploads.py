"""Uploads: files that are sent into rooms, and the message that shows each."""

from typing import Any

from preflight.mock import message_parser, messages, users
from preflight.mock.call import Upload
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room, upload or message

_STORE = "GridFS:Uploads"
_SHOWN_AS = ("image", "audio", "video")


def keep(ws: Workspace, room: Document, user: Document, sent: Upload) -> Document:
    """Keeps a file, as what is known of it; its content is not kept."""
    upload_id = ws.ids.hex()
    path = f"/ufs/{_STORE}/{upload_id}/{sent.name}"
    upload: Document = {
        "_id": upload_id,
        "name": sent.name,
        "size": len(sent.content),
        "type": sent.media_type,
        "rid": room["_id"],
        "userId": user["_id"],
        "store": _STORE,
        "_updatedAt": ws.clock.now(),
        "complete": True,
        "etag": ws.ids.short(),
        "path": path,
        "progress": 1,
        "token": ws.ids.digits(10),
        "uploading": False,
        "uploadedAt": ws.clock.now(),
        "url": f"{ws.settings['Site_Url']}{path}",
        "typeGroup": sent.media_type.partition("/")[0],
    }
    ws.uploads[upload_id] = upload
    return upload


def show(ws: Workspace, room: Document, user: Document, upload: Document, told: Document) -> Document:
    """Posts the message that shows a file; ``told`` may have msg, description and tmid."""
    description = told.get("description")
    if description is not None:
        upload["description"] = description
    brief = {
        "_id": upload["_id"],
        "name": upload["name"],
        "type": upload["type"],
        "size": upload["size"],
        "format": "",
    }
    fields: Document = {
        "msg": told.get("msg") or "",
        "groupable": False,
        "file": brief,
        "files": [dict(brief)],
        "attachments": [_attachment(upload)],
    }
    if told.get("tmid"):
        fields["tmid"] = told["tmid"]
    return messages.post(ws, user, room, fields)


def _attachment(upload: Document) -> Document:
    link = f"/file-upload/{upload['_id']}/{upload['name']}"
    attachment: Document = {
        "title": upload["name"],
        "title_link": link,
        "title_link_download": True,
        "type": "file",
    }
    if upload.get("description"):
        attachment["description"] = upload["description"]
        attachment["descriptionMd"] = message_parser.parse(upload["description"])
    group = upload["typeGroup"]
    if group in _SHOWN_AS:
        return {**attachment, f"{group}_url": link, f"{group}_type": upload["type"], f"{group}_size": upload["size"]}
    extension = upload["name"].rpartition(".")[2].upper()
    return {**attachment, "format": extension, "size": upload["size"]}


def of_room(ws: Workspace, room: Document, name: Any = None, type_group: Any = None) -> list[Document]:
    """Lists the files of a room, each with who sent it, perhaps those of a name or kind alone."""
    wanted = str(name or "").lower()
    return [
        {**upload, "user": _sender(ws, upload)}
        for upload in ws.uploads.values()
        if upload["rid"] == room["_id"]
        and wanted in upload["name"].lower()
        and (not type_group or upload["typeGroup"] == type_group)
    ]


def _sender(ws: Workspace, upload: Document) -> Document:
    user = ws.users.get(upload["userId"])
    return users.reference(user) if user is not None else {"_id": upload["userId"]}
