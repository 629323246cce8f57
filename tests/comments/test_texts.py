"""What was typed to what is stored and shown: marks, honest links, nothing that runs, in little time."""

from time import process_time

import pytest
from django.core.management import call_command

from comments.errors import CommentError
from comments.markup import html_of
from comments.mentions import names_in
from comments.models import Comment
from comments.texts import MAX_CHARACTERS, hash_of, tidied
from tests.factories import make_comment

REL = 'rel="noopener noreferrer nofollow ugc"'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\n<i>\n```", "<pre><code>&lt;i&gt;\n</code></pre>"),
        ("[here](https://a.example/x)", f'<p><a href="https://a.example/x" {REL}>here</a></p>'),
        ("see https://a.example/b.", f'<p>see <a href="https://a.example/b" {REL}>https://a.example/b</a>.</p>'),
        ("# no heading", "<p># no heading</p>"),
        ("| no | table |", "<p>| no | table |</p>"),
        ("<b>no HTML</b>", "<p>&lt;b&gt;no HTML&lt;/b&gt;</p>"),
        ("＜script＞", "<p>＜script＞</p>"),
        (">>>>" * 9, "<p>" + "&gt;" * 36 + "</p>"),
    ],
)
def test_a_subset_of_markdown_is_shown_and_all_else_as_it_was_typed(typed, shown):
    assert html_of(typed) == shown


def test_a_picture_is_a_link_at_most():
    assert "<img" not in html_of("![look](https://a.example/p.png)")


@pytest.mark.parametrize(
    "typed",
    ["[x](javascript:alert(1))", "[x](data:text/html,1)", "<javascript:alert(1)>", "[x](vbscript:x)", "[x](/local)"],
)
def test_a_link_leads_to_another_site_or_nowhere(typed):
    assert "href" not in html_of(typed)


@pytest.mark.parametrize(
    "words", ["https://bank.example/", "bank.example", "www.bank.example/login", " https://bank.example"]
)
def test_a_link_that_names_another_place_than_it_leads_to_says_where_it_leads(words):
    html = html_of(f"[{words}](https://evil.example/)")
    assert "bank.example" not in html and ">https://evil.example/</a>" in html


def test_a_host_that_mixes_alphabets_is_no_link_and_one_in_a_single_alphabet_is():
    assert "href" not in html_of("https://p\u0430ypal.example/ [pay](https://p\u0430ypal.example/)")
    assert "href" in html_of("https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/")


def test_nothing_turns_the_direction_of_a_text_or_hides_in_it():
    assert tidied("abc\u202edef\u2066g\u200b\ufeff\u0000h") == "abcdefgh"
    assert tidied("e\u0301") == "\u00e9"
    assert len(tidied("a" + "\u0336" * 400)) == 7


def test_joiners_stay_for_persian_and_emoji():
    for text in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f469\u200d\U0001f4bb"):
        assert tidied(text) == text


def test_a_comment_has_at_least_one_character_and_at_most_ten_thousand():
    assert len(tidied("a" * MAX_CHARACTERS + "  \n")) == MAX_CHARACTERS
    for text in ("", " \n\u200b", "a" * (MAX_CHARACTERS + 1), "a" * 1_000_000):
        with pytest.raises(CommentError):
            tidied(text)


def test_blank_lines_do_not_push_others_off_the_page():
    assert tidied("a\r\n\r\n\r\n   \n\nb") == "a\n\nb"


def test_texts_of_the_same_words_have_the_same_hash_and_so_have_the_same_signs():
    assert hash_of("Yes, indeed!") == hash_of("yes  INDEED")
    assert hash_of("\U0001f44d") != hash_of("\U0001f44e")


HOSTILE = {
    "quotes": "> " * 5000,
    "brackets": "[" * 10_000,
    "links that never end": "[a](" * 2500,
    "emphasis": "*a **a " * 1400,
    "backticks": "".join("`" * count + " " for count in range(1, 140)),
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(95)),
    "emphasis in brackets": "*[" * 5000,
    "addresses": "http://a " * 1100,
    "an address": "http://" + "a." * 4900,
    "brackets of an address": "http://a(" + ")" * 9900,
    "words like an address": "[" + "a." * 4900 + "](http://x.example/)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_no_longer_than_it_is_worth(text):
    html_of("warm")
    started = process_time()
    html = html_of(text[:MAX_CHARACTERS])
    assert process_time() - started < 1.0
    assert len(html) < 100_000


NAMES = ["Anna", "Anna Petrova", "Вера", "李雷", "O'Neil"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Anna, look", ["Anna"]),
        ("@anna petrova: yes", ["Anna Petrova"]),
        ("so says @Вера.", ["Вера"]),
        ("@李雷 好", ["李雷"]),
        ("(@O'Neil) and @Anna and @Anna again", ["O'Neil", "Anna"]),
        ("write to me@Anna.example", []),
        ("@Annabel", []),
        ("@ Anna", []),
        ("@Boris", []),
    ],
)
def test_a_mention_is_an_at_sign_and_a_name_of_the_discussion(text, named):
    assert names_in(text, NAMES) == named


def test_a_text_of_nothing_but_mentions_takes_no_longer_than_others():
    names = [f"{'x' * (length % 50)}{length}" for length in range(500)]
    started = process_time()
    names_in("@x" * 5000, names)
    assert process_time() - started < 0.5


@pytest.mark.django_db
def test_stored_comments_are_made_anew_from_what_was_typed(capsys):
    stale, wiped = make_comment(body="**Typed**"), make_comment(state="deleted")
    Comment.objects.filter(pk=stale.pk).update(html="<script>alert(1)</script>")
    Comment.objects.filter(pk=wiped.pk).update(body="", html="")

    call_command("render_comments")

    assert Comment.objects.get(pk=stale.pk).html == "<p><strong>Typed</strong></p>"
    assert capsys.readouterr().out == "1 comment made anew.\n"
