"""What a reader is told when a comment can not be taken, changed or voted on."""


class CommentError(Exception):
    """Nothing was changed; the sentence tells the reader why, and what they wrote goes back to them."""
