"""What a reader is told when a comment can not be taken, changed or voted on."""


class CommentError(Exception):
    """Nothing was changed; the sentence tells the reader why, and what they wrote goes back to them."""


class CannotModerate(Exception):
    """A moderator can not do this, or not any more; the sentence says why."""
