"""Every sentence a failure is kept as has its kind; so a change of words is met here, not by a curator."""

import ast
from pathlib import Path

import pytest

from feeds.faults import WHAT_NEXT, Fault, counted_by_fault, fault_of
from feeds.net.failures import SENTENCES, STATUS_SENTENCES, failure_of_status

FEEDS = Path(__file__).resolve().parent.parent.parent / "feeds"
RAISED = {"NotAFeed", "NotAPage", "AddressRefused"}


def raised_sentences() -> list[str]:
    """The sentences written where our errors are raised; what is filled in stands as “7”."""
    found = []
    for path in FEEDS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                sentence = node.args[-1]
                if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                    found.append(sentence.value)
                elif isinstance(sentence, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else "7" for part in sentence.values]
                    found.append("".join(map(str, parts)))
    return found


def test_every_sentence_we_write_has_its_kind():
    sentences = [*STATUS_SENTENCES.values(), *(text for _, text in SENTENCES), *raised_sentences()]
    assert len(sentences) > 50
    assert [sentence for sentence in sentences if fault_of(sentence) is Fault.OTHER] == []


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (404, Fault.GONE), (410, Fault.GONE), (401, Fault.CLOSED), (403, Fault.CLOSED), (451, Fault.CLOSED),
        (418, Fault.CLOSED), (429, Fault.BUSY), (503, Fault.BUSY), (500, Fault.BROKEN), (502, Fault.BROKEN),
        (522, Fault.UNREACHABLE), (204, Fault.UNREADABLE),
    ],
)  # fmt: skip
def test_a_status_says_whose_fault_it_is(status, fault):
    assert fault_of(failure_of_status("https://paper.example/feed", status).reason) is fault


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("No publisher answered: our own connection seems to be down. We ask again in a minute.", Fault.OURS),
        ("The server's certificate does not prove that it is who we asked for (expired)", Fault.INSECURE),
        ("The server's name was not found: mistyped, expired, or its name server is down", Fault.UNREACHABLE),
        ("The name intern.example leads inside: 10.0.0.1 belongs to a private network.", Fault.REFUSED),
        ("This is a web page, not a feed. It is called “Home”.", Fault.UNREADABLE),
        ("Reading it took longer than 15 seconds.", Fault.UNREADABLE),
        ("", Fault.OTHER),
    ],
)
def test_a_sentence_says_whose_fault_it_is(sentence, fault):
    assert fault_of(sentence) is fault


def test_counts_add_up_by_kind_and_every_kind_has_its_advice():
    counts = counted_by_fault([("There is nothing at this address (404).", 2), ("Taken down (410).", 3), ("?", 1)])
    assert (counts[Fault.GONE], counts[Fault.OTHER], counts[Fault.BUSY]) == (5, 1, 0)
    assert set(WHAT_NEXT) == set(Fault)
