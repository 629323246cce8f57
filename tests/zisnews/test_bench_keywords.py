"""./zis bench keywords: readers who block so much are made up, and their lists measured."""

import pytest
from django.core.management import call_command

from zisnews.bench import keywords

pytestmark = pytest.mark.django_db


def test_each_number_of_keywords_and_share_gives_a_line(monkeypatch):
    for name, value in (("NUMBERS", (5, 20)), ("SHARES", (0.1, 0.5, 0.6, 0.9)), ("LOOKS", 2), ("SAVES", 2)):
        monkeypatch.setattr(keywords, name, value)
    monkeypatch.setattr(keywords, "SAMPLE", 400)
    call_command("fill", articles=400, sources=60, days=2, processes=1)

    lines = {line.name: line for line in keywords.measure()}

    assert {"keywords.5.10.0%", "keywords.20.90.0%", "keywords.even.20.90.0%", "keywords.save"} <= lines.keys()
    half = lines["keywords.20.50.0%"]
    assert half.value > 0 and half.detail["articles"] == 400 and half.detail["bar"] == 5
    assert 0.3 < half.detail["hidden_share"] < 0.7
