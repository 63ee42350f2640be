"""users.*, personal tokens and the second factor: accounts, by whom they are changed, and what proves who one is."""

from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock.release import Regime
from preflight.mock.users import digest
from tests.mock.world import PASSWORD, World, told, world

TOKENS = "users.{}PersonalAccessToken"


@pytest.fixture(scope="module", params=Regime.known())
def at(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as served:
        yield served


class TestRegistration:
    def test_anybody_may_register_and_log_in(self, at: World) -> None:
        made = at.nobody.does("users.register", username="erin", email="erin@example.com", **{"pass": PASSWORD})
        assert made["user"]["emails"] == [{"address": "erin@example.com", "verified": False}]
        assert at.state.subscriptions.get("GENERAL", made["user"]["_id"]) is not None
        assert at.logged_in("erin", PASSWORD).reads("me")["username"] == "erin"

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"username": "alice"}, "Username is already in use"),
            ({"username": "ALICE"}, "Username is already in use"),
            ({"username": "no spaces"}, "The username provided is not valid"),
            ({"email": "alice@example.com"}, "Email already exists. [403]"),
            ({"email": "nowhere"}, "Invalid email nowhere [error-invalid-email]"),
        ],
    )
    def test_what_is_taken_or_unfit_is_refused(self, at: World, changes: dict[str, str], error: str) -> None:
        sent = {"username": "frank", "email": "frank@example.com", "pass": PASSWORD, **changes}
        refused = at.nobody.post("users.register", **sent)
        assert (refused.status_code, refused.json()["error"]) == (400, error)

    def test_who_is_logged_in_may_not_register_again(self, at: World) -> None:
        sent = {"username": "gina", "email": "gina@example.com", "pass": PASSWORD}
        assert told(at.alice.post("users.register", **sent))[2] == "Logged in users can not register again."

    def test_a_workspace_may_be_closed_to_strangers(self, at: World) -> None:
        with at.setting("Accounts_RegistrationForm", "Disabled"):
            sent = {"username": "gina", "email": "gina@example.com", "pass": PASSWORD}
            assert told(at.nobody.post("users.register", **sent))[1] == "error-user-registration-disabled"

    def test_a_missing_key_is_refused(self, at: World) -> None:
        assert told(at.nobody.post("users.register", username="gina"))[1] == "invalid-params"


class TestCreation:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": " "}, "error-the-field-is-required"),
            ({"username": "a b"}, "error-input-is-not-a-valid-field"),
            ({"username": "Alice"}, "error-field-unavailable"),
            ({"email": "bob@example.com"}, "error-field-unavailable"),
            ({"roles": ["no-such-role"]}, "error-action-not-allowed"),
            ({"email": None, "username": {}}, "invalid-params"),
        ],
    )
    def test_what_is_unfit_is_refused(self, at: World, changes: dict[str, Any], code: str) -> None:
        sent = {"username": "henry", "name": "Henry", "email": "henry@example.com", "password": "x", **changes}
        assert told(at.admin.post("users.create", **sent))[:2] == (400, code)

    def test_details_are_kept(self, at: World) -> None:
        sent = {"username": "ivy", "name": "Ivy", "email": "ivy@example.com", "password": "x"}
        made = at.admin.does("users.create", **sent, statusText="away", bio="b", nickname="i", verified=True)["user"]
        shown = at.alice.reads("users.info", userId=made["_id"])["user"]
        assert (shown["statusText"], shown["bio"], shown["nickname"]) == ("away", "b", "i")
        assert shown["canViewAllInfo"] is False

    def test_the_last_administrator_stays(self, at: World) -> None:
        refused = at.admin.post("users.delete", userId=at.admin.id)
        assert told(refused)[1] == "error-action-not-allowed"

    def test_an_unknown_user_cannot_be_deleted(self, at: World) -> None:
        assert told(at.admin.post("users.delete", userId="x"))[1] == "error-invalid-user"
        assert told(at.admin.post("users.delete"))[1] == "error-user-param-not-provided"
        assert told(at.alice.post("users.delete", userId="x"))[0] == 403


class TestInfo:
    def test_nobody_named_and_nobody_found_are_refused(self, at: World) -> None:
        code = "error-invalid-params" if at.state.regime.at_least("8.3") else "invalid-params"
        assert told(at.alice.get("users.info"))[1] == code
        assert told(at.alice.get("users.info", username="nobody")) == (400, None, "User not found.")

    def test_a_name_is_found_whatever_its_case(self, at: World) -> None:
        assert at.alice.reads("users.info", username="BOB")["user"]["_id"] == at.bob.id


class TestChanges:
    def test_an_administrator_changes_an_account(self, at: World) -> None:
        person = at.person("jack")
        data = {"name": "Jack Two", "username": "jack.two", "email": "two@example.com", "password": "new", "bio": "x"}
        changed = at.admin.does("users.update", userId=person.id, data=data)["user"]
        assert (changed["name"], changed["username"], changed["bio"]) == ("Jack Two", "jack.two", "x")
        assert changed["emails"] == [{"address": "two@example.com", "verified": False}]
        assert at.logged_in("jack.two", "new").id == person.id

    def test_others_may_not(self, at: World) -> None:
        refused = at.alice.post("users.update", userId=at.bob.id, data={"name": "x"})
        assert told(refused)[1] == "error-action-not-allowed"
        taken = at.admin.post("users.update", userId=at.bob.id, data={"username": "alice"})
        assert told(taken)[1] == "error-field-unavailable"

    def test_a_deactivated_account_is_shut_out_at_once(self, at: World) -> None:
        person = at.person("kate")
        assert at.admin.does("users.setActiveStatus", userId=person.id, activeStatus=False)["user"]["active"] is False
        assert person.get("me").status_code == 401
        login = at.nobody.post("login", user="kate", password=PASSWORD)
        assert login.json()["error"] == "error-user-is-not-activated"
        assert at.alice.post("users.setActiveStatus", userId=at.bob.id, activeStatus=False).status_code == 403


class TestPresence:
    def test_a_status_shows_and_touches_the_user(self, at: World) -> None:
        before = at.state.users.get(at.alice.id)
        assert before is not None
        touched = before["_updatedAt"]
        at.alice.does("users.setStatus", message="busy writing", status="busy")
        shown = at.bob.reads("users.info", userId=at.alice.id)["user"]
        assert (shown["status"], shown["statusText"]) == ("busy", "busy writing")
        assert before["_updatedAt"] > touched
        assert at.alice.reads("users.getStatus")["status"] == "busy"
        assert at.bob.reads("users.getStatus", username="alice")["status"] == "busy"
        at.alice.does("users.setStatus", message="", status="offline")

    @pytest.mark.parametrize(
        ("body", "code"),
        [({}, None), ({"message": 5}, None), ({"status": "asleep"}, "error-invalid-status")],
    )
    def test_what_is_no_status_is_refused(self, at: World, body: dict[str, Any], code: str | None) -> None:
        assert told(at.alice.post("users.setStatus", **body))[:2] == (400, code)

    def test_only_some_may_set_that_of_others(self, at: World) -> None:
        assert at.alice.post("users.setStatus", userId=at.bob.id, message="x").status_code == 403
        at.admin.does("users.setStatus", userId=at.bob.id, message="x")
        assert at.bob.reads("users.info", userId=at.bob.id)["user"]["statusText"] == "x"

    def test_settings_may_forbid_it(self, at: World) -> None:
        with at.setting("Accounts_AllowUserStatusMessageChange", value=False):
            assert told(at.alice.post("users.setStatus", message="x"))[1] == "error-not-allowed"
        with at.setting("Accounts_AllowInvisibleStatusOption", value=False):
            assert told(at.alice.post("users.setStatus", status="offline"))[1] == "error-status-not-allowed"


class TestPreferences:
    def test_what_is_set_is_kept_and_shown(self, at: World) -> None:
        answer = at.alice.does("users.setPreferences", data={"hideRoles": True})
        assert answer["user"]["settings"]["preferences"] == {"hideRoles": True}
        assert at.alice.reads("users.getPreferences")["preferences"] == {"hideRoles": True}
        assert at.alice.reads("me")["settings"]["preferences"]["hideRoles"] is True

    def test_those_of_others_need_a_permission(self, at: World) -> None:
        refused = at.alice.post("users.setPreferences", userId=at.bob.id, data={})
        assert told(refused)[1] == "error-action-not-allowed"
        assert told(at.admin.post("users.setPreferences", userId="x", data={}))[1] == "error-invalid-user"
        at.admin.does("users.setPreferences", userId=at.bob.id, data={"useEmojis": False})


class TestTokens:
    def test_a_personal_token_works_until_it_is_removed(self, at: World) -> None:
        token = at.alice.does(TOKENS.format("generate"), tokenName="robot")["token"]
        headers = {"X-Auth-Token": token, "X-User-Id": at.alice.id}
        assert at.nobody.send("GET", "me", headers=headers).status_code == 200
        listed = at.alice.reads("users.getPersonalAccessTokens")["tokens"]
        assert [(each["name"], each["lastTokenPart"], each["bypassTwoFactor"]) for each in listed] == [
            ("robot", token[-6:], False)
        ]
        again = at.alice.does(TOKENS.format("regenerate"), tokenName="robot")["token"]
        assert at.nobody.send("GET", "me", headers=headers).status_code == 401
        at.alice.does(TOKENS.format("remove"), tokenName="robot")
        headers = {"X-Auth-Token": again, "X-User-Id": at.alice.id}
        assert at.nobody.send("GET", "me", headers=headers).status_code == 401
        assert at.alice.reads("users.getPersonalAccessTokens")["tokens"] == []

    @pytest.mark.parametrize("action", ["generate", "regenerate", "remove"])
    def test_a_token_needs_a_name(self, at: World, action: str) -> None:
        refused = told(at.alice.post(TOKENS.format(action)))
        assert refused == (400, None, "The 'tokenName' param is required")

    def test_a_name_is_given_once(self, at: World) -> None:
        at.bob.does(TOKENS.format("generate"), tokenName="one")
        assert told(at.bob.post(TOKENS.format("generate"), tokenName="one"))[1] == "error-token-already-exists"
        for action in ("regenerate", "remove"):
            refused = at.bob.post(TOKENS.format(action), tokenName="other")
            assert told(refused)[1] == "error-token-does-not-exists"
            assert refused.json()["details"] == {"method": f"personalAccessTokens:{action}Token"}

    def test_the_permission_may_be_taken(self, at: World) -> None:
        at.state.permissions.assign("create-personal-access-tokens", ["admin"], at.state.clock.now())
        assert told(at.carol.post(TOKENS.format("generate"), tokenName="x"))[1] == "not-authorized"
        assert at.carol.get("users.getPersonalAccessTokens").status_code == 403
        at.state.permissions.assign("create-personal-access-tokens", ["admin", "user"], at.state.clock.now())

    def test_nobody_is_logged_in_for_another(self, at: World) -> None:
        assert told(at.admin.post("users.createToken", userId=at.bob.id))[1] == "error-not-authorized"
        assert told(at.admin.post("users.createToken", userId="x"))[1] == "error-invalid-user"

    def test_a_token_logs_in_again(self, at: World) -> None:
        data = at.nobody.does("login", user="carol", password=PASSWORD)["data"]
        resumed = at.nobody.does("login", resume=data["authToken"])["data"]
        assert (resumed["authToken"], resumed["userId"]) == (data["authToken"], at.carol.id)
        assert at.nobody.post("login", resume="never").status_code == 401


class TestTwoFactors:
    """An account that is not brand-new is asked once more who it is."""

    @pytest.fixture
    def grown(self, at: World) -> Iterator[World]:
        with at.setting("Accounts_TwoFactorAuthentication_RememberFor", 0):
            yield at
            at.state.settings["Accounts_TwoFactorAuthentication_RememberFor"] = 1800

    def test_the_password_is_asked_for(self, grown: World) -> None:
        refused = grown.carol.post(TOKENS.format("generate"), tokenName="x")
        assert told(refused) == (400, "totp-required", "TOTP Required [totp-required]")
        assert refused.json()["details"] == {"method": "password", "codeGenerated": False, "availableMethods": []}

    def test_a_wrong_one_is_refused_and_the_right_one_lets_in(self, grown: World) -> None:
        def ask(code: str) -> Any:
            headers = {"x-2fa-code": code, "x-2fa-method": "password"}
            body = {"tokenName": "confirmed"}
            return grown.carol.send("POST", TOKENS.format("generate"), json=body, headers=headers)

        assert told(ask("wrong")) == (400, "totp-invalid", "TOTP Invalid [totp-invalid]")
        assert ask(digest(PASSWORD)).status_code == 200

    def test_what_was_confirmed_is_remembered_for_a_while(self, at: World) -> None:
        person = at.person("lena")
        account = at.state.users.get(person.id)
        assert account is not None
        account["createdAt"] = account["createdAt"].replace(year=2020)
        assert told(person.post(TOKENS.format("generate"), tokenName="x"))[1] == "totp-required"
        headers = {"x-2fa-code": digest(PASSWORD)}
        assert person.send("POST", TOKENS.format("generate"), json={"tokenName": "x"}, headers=headers).ok
        person.does(TOKENS.format("generate"), tokenName="y", bypassTwoFactor=True)
        person.session.close()

    def test_a_token_that_bypasses_is_never_asked(self, at: World) -> None:
        token = at.bob.does(TOKENS.format("generate"), tokenName="free", bypassTwoFactor=True)["token"]
        headers = {"X-Auth-Token": token, "X-User-Id": at.bob.id}
        with at.setting("Accounts_TwoFactorAuthentication_RememberFor", 0):
            body = {"tokenName": "made by a program"}
            assert at.nobody.send("POST", TOKENS.format("generate"), json=body, headers=headers).ok
            at.state.settings["Accounts_TwoFactorAuthentication_RememberFor"] = 1800

    def test_a_workspace_may_do_without(self, grown: World) -> None:
        grown.state.settings["Accounts_TwoFactorAuthentication_Enabled"] = False
        grown.carol.does(TOKENS.format("generate"), tokenName="no second factor")
        grown.state.settings["Accounts_TwoFactorAuthentication_Enabled"] = True
