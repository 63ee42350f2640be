"""Settings: the workspace's settings with the server's defaults, and the values they have now."""

from datetime import datetime
from typing import Any

Document = dict[str, Any]  # a setting as the server stores it

# Value and whether everybody may read it.
_DEFAULTS: dict[str, tuple[Any, bool]] = {
    "API_CORS_Origin": ("*", False),
    "API_Allow_Infinite_Count": (True, False),
    "API_Default_Count": (50, False),
    "API_EmbedIgnoredHosts": ("localhost, 127.0.0.1, 192.168.0.0/16, 10.0.0.0/8, 172.16.0.0/12", False),
    "API_Enable_CORS": (False, False),
    "API_Enable_Direct_Message_History_EndPoint": (False, False),
    "API_Enable_Rate_Limiter": (True, False),
    "API_Enable_Rate_Limiter_Dev": (True, False),
    "API_Enable_Rate_Limiter_Limit_Calls_Default": (10, False),
    "API_Enable_Rate_Limiter_Limit_Time_Default": (60000, False),
    "API_Upper_Count_Limit": (100, False),
    "API_Use_REST_For_DDP_Calls": (True, True),
    "Accounts_AllowInvisibleStatusOption": (True, True),
    "Accounts_AllowUserStatusMessageChange": (True, True),
    "Accounts_AllowAnonymousRead": (False, True),
    "Accounts_AllowAnonymousWrite": (False, True),
    "Accounts_LoginExpiration": (90, True),
    "Accounts_RegistrationForm": ("Public", True),
    "Accounts_TwoFactorAuthentication_Enabled": (True, True),
    "Accounts_TwoFactorAuthentication_Enforce_Password_Fallback": (True, True),
    "Accounts_TwoFactorAuthentication_RememberFor": (1800, False),
    "AutoTranslate_Enabled": (False, True),
    "AutoTranslate_ServiceProvider": ("google-translate", True),
    "Block_Multiple_Failed_Logins_Attempts_Until_Block_By_Ip": (50, False),
    "Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User": (10, False),
    "Block_Multiple_Failed_Logins_By_Ip": (True, False),
    "Block_Multiple_Failed_Logins_By_User": (True, False),
    "Block_Multiple_Failed_Logins_Enabled": (True, False),
    "Block_Multiple_Failed_Logins_Ip_Whitelist": ("", False),
    "Block_Multiple_Failed_Logins_Time_To_Unblock_By_Ip_In_Minutes": (5, False),
    "Block_Multiple_Failed_Logins_Time_To_Unblock_By_User_In_Minutes": (5, False),
    "DirectMesssage_maxUsers": (8, True),
    "Discussion_enabled": (True, True),
    "E2E_Enable": (False, True),
    "E2E_Enabled_Default_DirectRooms": (False, True),
    "E2E_Enabled_Default_PrivateRooms": (False, True),
    "Hide_System_Messages": ([], True),
    "Message_AllowBadWordsFilter": (False, False),
    "Message_AllowConvertLongMessagesToAttachment": (True, True),
    "Message_AllowDeleting": (True, True),
    "Message_AllowDeleting_BlockDeleteInMinutes": (0, True),
    "Message_AllowDirectMessagesToYourself": (True, True),
    "Message_AllowEditing": (True, True),
    "Message_AllowEditing_BlockEditInMinutes": (0, True),
    "Message_AllowPinning": (True, True),
    "Message_AllowStarring": (True, True),
    "Message_BadWordsFilterList": ("", False),
    "Message_BadWordsWhitelist": ("", False),
    "Message_CustomFields": ("", False),
    "Message_CustomFields_Enabled": (False, False),
    "Message_KeepHistory": (False, True),
    "Message_MaxAllowedSize": (5000, True),
    "Message_Read_Receipt_Enabled": (False, True),
    "Message_Read_Receipt_Store_Users": (False, True),
    "Message_ShowDeletedStatus": (False, True),
    "Site_Url": ("http://127.0.0.1", True),
    "Store_Last_Message": (True, True),
    "Threads_enabled": (True, True),
    "UI_Allow_room_names_with_special_chars": (False, True),
    "UI_Use_Real_Name": (False, True),
    "Unread_Count": ("user_and_group_mentions_only", True),
    "Unread_Count_DM": ("all_messages", True),
}
_OF_THE_ENTERPRISE = frozenset({"Message_Read_Receipt_Enabled", "Message_Read_Receipt_Store_Users"})


class Settings:
    """The settings of one workspace; asking for one that no server has is a mistake in the mock and raises KeyError."""

    def __init__(self, founded: datetime) -> None:
        self._by_id: dict[str, Document] = {
            key: {
                "_id": key,
                "value": value,
                "public": public,
                "enterprise": key in _OF_THE_ENTERPRISE,
                "_updatedAt": founded,
            }
            for key, (value, public) in _DEFAULTS.items()
        }

    def __contains__(self, key: object) -> bool:
        return key in self._by_id

    def __getitem__(self, key: str) -> Any:
        return self._by_id[key]["value"]

    def __setitem__(self, key: str, value: Any) -> None:
        self._by_id[key]["value"] = value

    def document(self, key: str) -> Document | None:
        """Gives a setting as stored, or None."""
        return self._by_id.get(key)

    def all(self) -> list[Document]:
        """Lists all settings, by id."""
        return [document for _, document in sorted(self._by_id.items())]

    def public(self) -> list[Document]:
        """Lists the settings that everybody may read, by id."""
        return [document for _, document in sorted(self._by_id.items()) if document["public"]]
