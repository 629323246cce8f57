"""What a page says of its article in JSON-LD."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from feeds.extraction import extract
from tests.documents import page

NOW = datetime(2026, 1, 14, tzinfo=UTC)
FORBIDDEN = "\0\ud800"


def test_escapes_of_what_no_text_may_hold_are_left_out_of_every_field():
    said = {
        "@type": "NewsArticle",
        "headline": f"Lock {FORBIDDEN}closes",
        "author": {"name": f"Ada{FORBIDDEN} Quill"},
        "image": {
            "url": f"/lock{FORBIDDEN}.png",
            "caption": f"The{FORBIDDEN} lock",
            "creditText": f"B.{FORBIDDEN} Lens",
        },
        "keywords": [f"har{FORBIDDEN}bour", FORBIDDEN],
        "inLanguage": f"en{FORBIDDEN}",
    }
    script = f'<script type="application/ld+json">{json.dumps(said)}</script>'

    found = extract(page("", head=script, author=""), url="https://paper.example/news/1", now=NOW)

    told = json.dumps(asdict(found), default=str, ensure_ascii=True)
    assert "\\u0000" not in told
    assert "\\ud800" not in told
    assert (found.title, found.author, found.tags) == ("Lock closes", "Ada Quill", ("harbour",))
    assert found.image
    assert found.image.url == "https://paper.example/lock.png"
    assert (found.image.caption, found.image.credit) == ("The lock", "B. Lens")
