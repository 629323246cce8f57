"""What readers answer to an article."""

from comments.models.comments import Comment, CommentVote
from comments.models.moderation import BlockedReader, Flag, ModerationAction, Purge
from comments.models.reactions import Reaction
from comments.models.visits import ThreadVisit

__all__ = ["BlockedReader", "Comment", "CommentVote", "Flag", "ModerationAction", "Purge", "Reaction", "ThreadVisit"]
