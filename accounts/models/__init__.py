"""Who reads, and what they chose."""

from accounts.models.ads import Ad, AdDay, Slot
from accounts.models.exclusions import BlockedKeyword, Exclusions, HiddenSource
from accounts.models.following import Follow, SavedSearch
from accounts.models.notifications import Notification
from accounts.models.private_feeds import PrivateFeed
from accounts.models.users import User, UserManager, display_name_of

__all__ = [
    "Ad",
    "AdDay",
    "BlockedKeyword",
    "Exclusions",
    "Follow",
    "HiddenSource",
    "Notification",
    "PrivateFeed",
    "SavedSearch",
    "Slot",
    "User",
    "UserManager",
    "display_name_of",
]
