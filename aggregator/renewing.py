"""How an article changes when its source changes the item or the page it was made from."""

from datetime import datetime

from aggregator import headlines
from aggregator.content import Content
from aggregator.kept_comparisons import forget
from aggregator.models import Article
from feeds.models import Display, Entry

# A page read again that has less than this of what we had is a notice in its place: a barrier, an error.
LEAST_OF_TEXT = 0.4


def is_renewed_by(article: Article, entry: Entry, content: Content) -> bool:
    """Say whether this entry may change the article: it made it, or its feed announces the page anew, and later.

    Another feed of the source never does, nor does another item of the same document: two that name one page
    differently would change it in turn. Where the entry the article was made from is no more, the next one of its
    source takes its place.
    """
    if article.entry_id == entry.pk:
        return True
    if article.entry is None:
        return article.source_id == entry.feed.source_id
    is_later = article.entry.feed_id == entry.feed_id and article.entry.seen_at < entry.seen_at
    return is_later and article.title != content.title


def renew(article: Article, entry: Entry, content: Content, sketch: list[int], now: datetime) -> bool:
    """Let a changed item change its article, whose tokens the caller has set; returns whether its text is another.

    Its address, its time, its picture and its place in lists and stories stay. What readers' keywords and search go by
    are the words it has now: an article hidden for its headline is shown once the headline no longer says so, and one
    that was shown goes. The headline it had is kept, unless only a slip of the pen was mended.

    The article counts as updated when its headline says something else or its text clearly changed; the time a feed
    gives for that is not asked, since many give one for every comment. Where the page was not read again, what it
    allowed before still holds; where it now allows less, the rest of its text goes.
    """
    is_page_read = entry.page is not None
    display = content.page_display if is_page_read else article.page_display
    if not is_page_read:
        content = content.within(display, article.max_snippet)
    is_news = headlines.is_reworded(article.title, content.title)
    if is_news:
        headlines.keep(article, now)
    fields = ["title", "slug", "description", "tokens"]
    if article.entry_id != entry.pk:
        article.entry = entry
        fields.append("entry")
    article.title, article.slug, article.description = content.title, content.slug, content.description
    is_whole = display == Display.FULL_TEXT
    is_other_text = takes_text(article, entry, content) and article.text != content.text
    if is_other_text or (is_page_read and not is_whole):
        is_news = is_news or (is_whole and headlines.is_rewritten(article.text, content.text))
        article.html, article.text, article.word_count = content.html, content.text, content.word_count
        article.sanitiser_version, article.sketch = content.sanitiser_version, sketch if is_whole else []
        fields += ["html", "text", "word_count", "sanitiser_version", "sketch"]
    if is_page_read:
        allowed = article.page_display, article.max_snippet
        if (content.page_display, content.max_snippet) != allowed and article.story_id:
            forget([article.story_id])
        article.page_display, article.page_display_reason = content.page_display, content.page_display_reason
        article.max_snippet = content.max_snippet
        fields += ["page_display", "page_display_reason", "max_snippet"]
    if content.picture_url and not article.picture_url:
        article.picture_url, article.picture_after = content.picture_url, now
        article.picture_caption, article.picture_credit = content.picture_caption, content.picture_credit
        fields += ["picture_url", "picture_after", "picture_caption", "picture_credit"]
    if is_news:
        article.updated_at = now
        fields.append("updated_at")
    article.save(update_fields=fields)
    return "text" in fields


def takes_text(article: Article, entry: Entry, content: Content) -> bool:
    """Say whether the text we have now is better than what we had: the page was read again, or there is more."""
    if entry.page and len(content.text) >= LEAST_OF_TEXT * len(article.text):
        return True
    return len(content.text) >= len(article.text)
