"""Asking for pages over a connection that stays open, as the benchmark of traffic does."""

import socket
import threading
import time

import pytest

from zisnews.bench.asked import Asked
from zisnews.bench.traffic import Answers, ask, whole_answer

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000


def serve(door: socket.socket, *answers: bytes) -> None:
    """Answer as many requests of one connection, then close it; and so on."""
    while True:
        try:
            connection, _address = door.accept()
        except OSError:
            return
        with connection:
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
    answers = Answers()
    ask(server(PAGE, PAGE), Asked("page", "/"), answers, time.perf_counter() + 20, most=5)

    assert len(answers.times) == 5
    assert answers.bytes == len(PAGE)


def test_what_is_no_page_ends_the_benchmark(server):
    with pytest.raises(SystemExit, match="404"):
        ask(
            server(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            Asked("page", "/"),
            Answers(),
            time.perf_counter() + 20,
        )


def test_an_answer_that_ends_early_is_an_error():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(PAGE[:1000])
        theirs.close()
        with pytest.raises(ConnectionError):
            whole_answer(ours)
