"""Language tags as a person writes them."""

import pytest

from feeds.language_codes import language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"), ("EN-us", "en-US"), (" pt_BR ", "pt-BR"), ("zh-hant", "zh-Hant"), ("zh-Hant-TW", "zh-Hant-TW"),
        ("es-419", "es-419"), ("hyw", "hyw"), ("ckb", "ckb"), ("sr-latn-rs", "sr-Latn-RS"), ("de-1996", "de-1996"),
        ("und", "und"), ("mul", "mul"),
    ],
)  # fmt: skip
def test_a_tag_is_given_back_in_its_usual_spelling(text, tag):
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    "text", ["", "e", "english", "en us", "en-", "en--GB", "<b>", "qq", "en-QZ", "en-Abcd", "en-UK"]
)
def test_what_is_no_tag_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"(is no language tag|There is no (language|script|region))"):
        language_tag(text)
