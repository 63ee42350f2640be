"""Clients that others wrote use the mock workspace over its REST API."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from rocketchat_API.APIExceptions.RocketExceptions import RocketApiException, RocketBadStatusCodeException
from rocketchat_API.rocketchat import RocketChat

from preflight.mock.release import Regime
from tests.mock.world import PASSWORD, World, world

HERE = Path(__file__).parent
LONGEST_S = 120
# What the two packages need to run; the Realtime client that one of them wants besides is in no registry.
NODE_CLIENTS = ("@rocket.chat/sdk@0.2.9", "@rocket.chat/api-client@0.2.57")
NODE_NEEDS = ("node-rest-client@3.1.1", "query-string@7.1.3")


@pytest.fixture(scope="module", params=Regime.known())
def at(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as served:
        yield served


@pytest.fixture
def name(at: World) -> str:
    """A name that no room has yet."""
    return f"client-{at.state.ids.digits(8)}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages and what they need."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node is not installed")
    folder = tmp_path_factory.mktemp("rest-clients")
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    _run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *NODE_NEEDS], folder)
    for package in NODE_CLIENTS:
        (packed,) = _run([npm, "pack", "--silent", package], folder).split()
        unpacked = folder / "node_modules" / package.rpartition("@")[0]
        unpacked.mkdir(parents=True)
        _run(["tar", "-xzf", str(folder / packed), "-C", str(unpacked), "--strip-components=1"], folder)
    shutil.copy(HERE / "rest_client.cjs", folder)
    return folder


class TestThePythonClient:
    """The package rocketchat-api."""

    @pytest.fixture
    def alice(self, at: World) -> Iterator[RocketChat]:
        with requests.Session() as session:
            yield RocketChat("alice", PASSWORD, server_url=at.server.url, session=session)

    def test_it_logs_in_and_out(self, at: World) -> None:
        with requests.Session() as session:
            client = RocketChat("bob", PASSWORD, server_url=at.server.url, session=session)
            assert client.me()["username"] == "bob"
            assert client.info()["version"] == at.state.regime.release
            client.logout()
            with pytest.raises((RocketApiException, RocketBadStatusCodeException), match="logged in"):
                client.me()

    def test_it_makes_rooms_and_changes_them(self, at: World, alice: RocketChat, name: str) -> None:
        room_id = alice.channels_create(name, members=["bob"])["channel"]["_id"]
        assert name in {room["name"] for room in alice.channels_list()}
        alice.channels_set_topic(room_id, topic="clients")
        alice.channels_set_announcement(room_id, announcement="hear")
        alice.channels_set_description(room_id, description="described")
        alice.channels_rename(room_id, f"{name}-b")
        alice.channels_invite(room_id, at.carol.id)
        alice.channels_add_moderator(room_id, at.bob.id)
        alice.channels_kick(room_id, at.carol.id)
        alice.channels_set_read_only(room_id, read_only=True)
        shown = alice.channels_info(room_id=room_id)["channel"]
        assert (shown["topic"], shown["announcement"], shown["ro"]) == ("clients", "hear", True)
        assert {person["username"] for person in alice.channels_members(room_id=room_id)} == {"alice", "bob"}
        alice.channels_close(room_id)
        alice.channels_open(room_id)
        alice.channels_archive(room_id)
        alice.channels_delete(room_id=room_id)
        with pytest.raises(RocketApiException, match="error-room-not-found"):
            alice.rooms_info(room_id=room_id)

    def test_it_makes_groups(self, at: World, alice: RocketChat, name: str) -> None:
        room_id = alice.groups_create(name)["group"]["_id"]
        alice.groups_invite(room_id, at.bob.id)
        alice.groups_add_owner(room_id, at.bob.id)
        assert list(alice.groups_moderators(room_id=room_id)["moderators"]) == []
        assert len(list(alice.groups_history(room_id))) == 2
        alice.groups_leave(room_id)
        assert at.bob.reads("groups.info", roomId=room_id)["group"]["usersCount"] == 1

    def test_it_posts_edits_reacts_and_answers(self, alice: RocketChat, name: str) -> None:
        room_id = alice.channels_create(name)["channel"]["_id"]
        posted = alice.chat_post_message("hello there", channel=f"#{name}", alias="")["message"]
        message_id = posted["_id"]
        alice.chat_update(room_id, message_id, "hello again")
        alice.chat_react(message_id, emoji="tada")
        alice.chat_send_message({"rid": room_id, "msg": "an answer", "tmid": message_id})
        shown = alice.chat_get_message(message_id)["message"]
        assert (shown["msg"], shown["tcount"], list(shown["reactions"])) == ("hello again", 1, [":tada:"])
        assert [each["msg"] for each in alice.chat_get_thread_messages(message_id)] == ["an answer"]
        assert [each["_id"] for each in alice.chat_get_threads_list(room_id)] == [message_id]
        alice.chat_delete(room_id, message_id)

    def test_it_pins_stars_and_finds(self, alice: RocketChat, name: str) -> None:
        room_id = alice.channels_create(name)["channel"]["_id"]
        message_id = alice.chat_post_message("a needle in hay", room_id=room_id)["message"]["_id"]
        alice.chat_pin_message(message_id)
        alice.chat_star_message(message_id)
        for found in (
            alice.chat_get_pinned_messages(room_id),
            alice.chat_get_starred_messages(room_id),
            alice.chat_search(room_id, "needle"),
        ):
            assert message_id in {each["_id"] for each in found}
        alice.chat_unpin_message(message_id)
        alice.chat_unstar_message(message_id)
        assert list(alice.chat_get_pinned_messages(room_id)) == []

    def test_it_writes_directly(self, at: World, alice: RocketChat) -> None:
        room_id = alice.dm_create("bob")["room"]["_id"]
        alice.chat_post_message("between us", room_id=room_id)
        assert next(iter(alice.dm_history(room_id)))["msg"] == "between us"
        assert room_id in {room["_id"] for room in alice.dm_list()}
        assert alice.dm_counters(room_id)["msgs"] >= 1
        assert {person["username"] for person in alice.dm_members(room_id)} == {"alice", "bob"}
        alice.dm_close(room_id)
        alice.dm_open(room_id)
        alice.subscriptions_read(room_id)
        assert at.bob.reads("subscriptions.getOne", roomId=room_id)["subscription"]["unread"] >= 1

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_it_sends_files(self, alice: RocketChat, name: str, tmp_path: Path) -> None:
        room_id = alice.channels_create(name)["channel"]["_id"]
        path = tmp_path / "note.txt"
        path.write_text("noted", encoding="utf-8")
        sent = alice.rooms_media(room_id, str(path))["file"]["_id"]
        alice.rooms_media_confirm(room_id, sent, msg="look")
        assert [each["name"] for each in alice.channels_files(room_id=room_id)] == ["note.txt"]

    def test_it_administrates(self, at: World, name: str) -> None:
        with requests.Session() as session:
            password = at.server.admin_password
            admin = RocketChat("admin", password, server_url=at.server.url, session=session)
            user_id = admin.users_create(f"{name}@example.com", name, PASSWORD, name)["user"]["_id"]
            admin.users_update(user_id, name="Renamed")
            assert admin.users_info(user_id=user_id)["user"]["name"] == "Renamed"
            assert "admin" in {role["_id"] for role in admin.roles_list()["roles"]}
            assert admin.settings_get("Threads_enabled")["value"] is True
            admin.settings_update("Threads_enabled", value=True)
            admin.permissions_list_all()
            team = admin.teams_create(f"team-{name}", 0)["team"]
            admin.teams_add_members(team_id=team["_id"], members=[{"userId": user_id}])
            assert len(list(admin.teams_members(team_id=team["_id"]))) == 2
            admin.teams_delete(team_id=team["_id"])
            admin.users_delete(user_id)


class TestTheNodeClients:
    """The packages @rocket.chat/sdk, as far as it is a REST client, and @rocket.chat/api-client."""

    def says(self, folder: Path, at: World, package: str, room_id: str) -> dict[str, Any]:
        command = ["node", "rest_client.cjs", package, at.server.url, "alice", PASSWORD, room_id]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    def test_the_sdk_logs_in_writes_and_lists(self, at: World, folder: Path, name: str) -> None:
        room_id = at.alice.channel(name)["_id"]
        said = self.says(folder, at, "sdk", room_id)
        assert said == {"user": at.alice.id, "sent": "from the sdk", "users": said["users"], "out": True}
        assert {"admin", "alice", "bob"} <= set(said["users"])
        assert at.alice.reads("channels.messages", roomId=room_id)["messages"][0]["msg"] == "from the sdk"

    def test_the_client_logs_in_writes_finds_and_is_refused(self, at: World, folder: Path, name: str) -> None:
        room_id = at.alice.channel(name)["_id"]
        said = self.says(folder, at, "api-client", room_id)
        assert said["user"] == at.alice.id
        assert (said["sent"], said["found"]) == ("from the client", ["from the client"])
        assert room_id in said["rooms"]
        assert (said["refused"], said["out"]) == ("error-room-not-found", True)


def _run(command: Sequence[str], folder: Path) -> str:
    """Run a command that needs a registry; skip where that cannot be reached."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != 0:
        pytest.skip(f"{command[0]} could not install the client: {(done.stderr or done.stdout).strip()[-200:]}")
    return done.stdout
