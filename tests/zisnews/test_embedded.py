"""The embedded servers, for real: made, used, killed, and started again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from environs import Env
from kombu import Connection

from zisnews import embedded
from zisnews.brokers import celery_broker
from zisnews.embedded import Servers, environment_of
from zisnews.locks import Lock
from zisnews.places import make, place_of
from zisnews.processes import is_alive, wait_until
from zisnews.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that every user may reach; pytest's own folders are closed, which root's servers notice."""
    with tempfile.TemporaryDirectory(prefix="zis-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"


def query(servers: Servers, sql: str) -> list[tuple]:
    connection = psycopg2.connect(host=str(servers.place.run), user="postgres", dbname="zisnews")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def redis_of(servers: Servers) -> redis.Redis:
    return redis.Redis.from_url(servers.environment["REDIS_URL"])


def test_what_was_stored_is_there_at_the_next_start(folder: Path) -> None:
    with Servers(folder) as servers:
        query(servers, "CREATE TABLE note AS SELECT 'kept' AS text")
        with redis_of(servers) as client:
            client.set("note", "kept")

    with Servers(folder) as servers:
        assert query(servers, "SELECT text FROM note") == [("kept",)]
        with redis_of(servers) as client:
            assert client.get("note") == b"kept"


def test_they_answer_on_sockets_only_and_sort_by_code_point(folder: Path) -> None:
    with Servers(folder, throw_away=True) as servers:
        assert query(servers, "SHOW listen_addresses") == [("",)]
        assert query(servers, "SHOW lc_messages") == [("C",)]
        assert query(servers, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'zisnews'") == [
            ("b", "C.UTF-8")
        ]
        assert servers.place.run.stat().st_mode & 0o777 == 0o700
        with redis_of(servers) as client:
            assert client.config_get("port") == {"port": "0"}


def test_after_stopping_no_process_and_no_socket_is_left(folder: Path) -> None:
    with Servers(folder) as servers:
        pids = [process.pid for process in servers.processes.values()]
    assert not any(map(is_alive, pids))
    assert not servers.place.postgres_socket.exists()
    assert not servers.place.valkey_socket.exists()


def test_two_data_folders_do_not_meet(folder: Path) -> None:
    with Servers(folder / "one", throw_away=True) as one, Servers(folder / "two", throw_away=True) as two:
        query(one, "CREATE TABLE only_here (id int)")
        assert query(two, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'") == [(0,)]


def test_a_killed_parent_takes_its_servers_along_and_the_next_start_goes_on(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from zisnews.embedded import Servers\n"
        "servers = Servers(Path(sys.argv[1])); servers.start()\n"
        "print(*(process.pid for process in servers.processes.values()), flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        query(Servers(folder), "CREATE TABLE note AS SELECT 'kept' AS text")
        parent.kill()

    with Servers(folder) as servers:
        assert query(servers, "SELECT text FROM note") == [("kept",)]
    assert len(pids) == 2
    assert wait_until(lambda: not any(map(is_alive, pids)), 30)


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_starts_again_with_its_data(folder: Path, name: str) -> None:
    with Servers(folder) as servers:
        query(servers, "CREATE TABLE note AS SELECT 'kept' AS text")
        servers.processes[name].send_signal(signal.SIGKILL)
        servers.processes[name].wait()

        servers.launch(name)
        servers.wait_for(name)

        assert query(servers, "SELECT text FROM note") == [("kept",)]


def test_a_stale_pid_file_that_names_somebody_else_does_not_keep_postgres_from_starting(folder: Path) -> None:
    with Servers(folder) as servers:
        query(servers, "SELECT 1")
    pid_file = folder / "postgres" / "postmaster.pid"
    with Servers(folder, postgres=False) as valkey:  # a living process of the same account
        pid_file.write_text(f"{valkey.processes['valkey'].pid}\n{folder}/postgres\n1\n5432\n\n\n\n")
        account = valkey.place.account
        if account:
            os.chown(pid_file, account.uid, account.gid)
        pid_file.chmod(0o600)
        with Servers(folder, valkey=False) as servers:
            assert query(servers, "SELECT 1") == [(1,)]


def test_half_made_files_of_an_interrupted_first_start_are_not_taken_for_whole(folder: Path) -> None:
    make(place_of(folder))
    half = folder / ".postgres-interrupted"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Servers(folder, throw_away=True) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_valkey_starts_afresh_when_its_files_can_not_be_read(folder: Path) -> None:
    with Servers(folder, postgres=False) as servers, redis_of(servers) as client:
        client.set("note", "lost")
    (journal,) = (folder / "valkey" / "appendonlydir").glob("*.incr.aof")
    journal.write_bytes(b"*broken\r\n" * 50)

    with Servers(folder, postgres=False) as servers, redis_of(servers) as client:
        assert client.get("note") is None
        client.set("note", "kept")
        assert client.get("note") == b"kept"


def test_long_and_strange_paths_get_a_short_socket_of_their_own(folder: Path) -> None:
    strange = folder / "a folder with ünusual letters, 100% of them" / ("x" * 80)
    with Servers(strange, throw_away=True) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
        run = servers.place.run
        assert len(str(servers.place.postgres_socket)) < 90
        assert run.stat().st_mode & 0o777 == 0o700
    assert not run.exists()
    assert place_of(strange).run != place_of(strange.parent).run


def test_a_socket_folder_that_somebody_put_there_before_us_is_refused(folder: Path) -> None:
    place = place_of(folder / ("x" * 100))
    place.run.symlink_to("/etc")
    try:
        with pytest.raises(Trouble, match="not ours"):
            make(place)
    finally:
        place.run.unlink()


def test_addresses_mean_the_same_to_every_library(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    with Servers(folder, throw_away=True) as servers:
        addresses = environment_of(servers.place)
        monkeypatch.setenv("ZIS_SOME_URL", addresses["DATABASE_URL"])
        database = Env().dj_db_url("ZIS_SOME_URL")
        assert (database["HOST"], database["PORT"], database["NAME"]) == (str(servers.place.run), 5432, "zisnews")
        with Connection(celery_broker(addresses["REDIS_URL"])) as broker:
            broker.ensure_connection(max_retries=1)
            broker.SimpleQueue("probe").put("hello")
        with redis_of(servers) as client:
            assert client.llen("probe") == 1


def test_trouble_says_what_is_in_the_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write_text("a file where the data folder should be")
    with pytest.raises(Trouble, match=r"can not be used: .*exists"):
        Servers(folder).start()
    folder.unlink()

    monkeypatch.setattr(embedded, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(Trouble, match="is full"):
        Servers(folder).start()


def test_files_of_another_postgres_version_are_not_touched(folder: Path) -> None:
    with Servers(folder, throw_away=True):
        pass
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match="made by Postgres 17"):
        Servers(folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root starts its servers as another user.")
def test_as_root_a_closed_folder_stays_closed_and_the_servers_live_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    with Servers(closed / "data", throw_away=True) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
        owner = Path(f"/proc/{servers.processes['postgres'].pid}").stat().st_uid
    shutil.rmtree(servers.place.home)
    assert owner != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not servers.place.home.is_relative_to(closed)


def test_a_lock_has_one_holder_and_tells_others_who_it_is(folder: Path) -> None:
    folder.mkdir()
    mine, other = Lock(folder / "lock"), Lock(folder / "lock")
    assert mine.take()
    mine.note(address="http://127.0.0.1:8000/")
    assert not other.take()
    assert other.facts() == {"pid": os.getpid(), "address": "http://127.0.0.1:8000/"}
    mine.release()
    assert other.take()
    assert other.facts() == {}
    other.release()
