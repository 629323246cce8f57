"""Addresses that stand several times for each comment on a page (see aggregator.addresses)."""

from functools import cache

from django.urls import get_script_prefix, reverse


def comment_address(pk: int, then: str = "") -> str:
    """The permanent address of a comment; then: one of the ways behind it, as "vote/"."""
    return f"{_before('comment', '0/', get_script_prefix())}{pk}/{then}"


def reaction_address(article: int) -> str:
    """Where an article is liked."""
    return f"{_before('reaction', '0/reaction/', get_script_prefix())}{article}/reaction/"


def posting_address(article: int) -> str:
    """Where a comment on an article is sent."""
    return f"{_before('post_comment', '0/comments/', get_script_prefix())}{article}/comments/"


def block_address(reader: int) -> str:
    """Where a reader, by key, is blocked."""
    return f"{_before('block_reader', '0/block/', get_script_prefix())}{reader}/block/"


@cache
def _before(route: str, arguments: str, script_prefix: str) -> str:
    """What stands before a route's arguments. script_prefix: only so that each keeps its own."""
    return reverse(route, args=[0]).removesuffix(arguments)
