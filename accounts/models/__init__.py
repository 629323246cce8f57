"""Who reads, and what they chose."""

from accounts.models.ads import Ad, AdDay, Slot
from accounts.models.exclusions import BlockedKeyword, Exclusions, HiddenSource
from accounts.models.following import Follow, SavedSearch
from accounts.models.users import User, UserManager, display_name_of

__all__ = [
    "Ad",
    "AdDay",
    "BlockedKeyword",
    "Exclusions",
    "Follow",
    "HiddenSource",
    "SavedSearch",
    "Slot",
    "User",
    "UserManager",
    "display_name_of",
]
