"""Asking for pages over a connection that stays open, as the benchmark of traffic does."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from zisnews.bench.asked import Asked
from zisnews.bench.client import ask

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000


def serve(door: socket.socket, *answers: bytes) -> None:
    """Answer as many requests of one connection, then close it; and so on."""
    while True:
        try:
            connection, _address = door.accept()
        except OSError:
            return
        with connection, suppress(ConnectionError):  # who asked has what they wanted
            for answer in answers:
                if not connection.recv(65_536):
                    break
                connection.sendall(answer)


@pytest.fixture
def server():
    doors = []

    def of(*answers: bytes) -> tuple[str, int]:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)
        threading.Thread(target=serve, args=(door, *answers), daemon=True).start()
        return door.getsockname()

    yield of
    for door in doors:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


def test_each_answer_is_read_to_its_end_and_a_closed_connection_opened_anew(server):
    answers = ask(server(PAGE, PAGE), Asked("page", "/"), time.perf_counter() + 90, most=5)

    assert len(answers.times) == 5
    assert answers.bytes == len(PAGE)


def test_what_is_no_page_ends_the_benchmark(server):
    answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(SystemExit, match="404"):
        ask(server(answer), Asked("page", "/"), time.perf_counter() + 90)


def test_many_ask_at_once_in_one_thread(server):
    answers = ask(server(*[PAGE] * 3), Asked("page", "/"), time.perf_counter() + 90, at_once=4, most=20)

    assert len(answers.times) >= 20


def test_an_answer_that_ends_early_counts_for_nothing_and_is_asked_for_again(server):
    answers = ask(server(PAGE, PAGE[:1000]), Asked("page", "/"), time.perf_counter() + 90, most=3)

    assert len(answers.times) == 3
