"""How large what we take from others may be, once decoded."""

FEED_MAX_BYTES = 5 * 1024 * 1024
PAGE_MAX_BYTES = 10 * 1024 * 1024
PICTURE_MAX_BYTES = 8 * 1024 * 1024
POST_MAX_BYTES = 64 * 1024  # nobody has much to say about what we sent
