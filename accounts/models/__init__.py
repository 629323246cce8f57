"""Who reads, and what they chose."""

from accounts.models.exclusions import BlockedKeyword, Exclusions, HiddenSource
from accounts.models.users import User, UserManager, display_name_of

__all__ = ["BlockedKeyword", "Exclusions", "HiddenSource", "User", "UserManager", "display_name_of"]
