"""Files are read within bounds, and written whole; what is no file is not replaced by one."""

import os
import stat
import threading
from pathlib import Path

import pytest

from helpers.exercises import files


@pytest.mark.skipif(os.name == "nt", reason="lets few people make links")
def test_a_file_is_written_whole_through_a_link_and_nothing_is_left_beside_it(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.txt", tmp_path / "link"
    link.symlink_to(target)
    for content in (b"1", b"22"):  # not there yet, then there
        files.write(link, content)
        assert link.is_symlink() and target.read_bytes() == content
    assert {path.name for path in tmp_path.rglob("*")} == {"there", "link", "a.txt"}
    other = tmp_path / "there" / "twin"
    os.link(target, other)
    files.write(target, b"333")  # at once: who reads the old file reads it to its end
    assert (target.read_bytes(), other.read_bytes()) == (b"333", b"22")


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
@pytest.mark.parametrize("through", ["fifo", "link"])
def test_a_pipe_gets_the_bytes_and_stays_one(tmp_path, through):
    fifo, got = tmp_path / "fifo", []
    os.mkfifo(fifo)
    (tmp_path / "link").symlink_to(fifo)
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()), daemon=True)
    reader.start()
    files.write(tmp_path / through, b"grades")
    reader.join(10)
    assert got == [b"grades"] and stat.S_ISFIFO(fifo.stat().st_mode)
    assert {path.name for path in tmp_path.iterdir()} == {"fifo", "link"}


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
def test_a_device_stays_one(tmp_path):
    null = tmp_path / "null"
    try:
        os.mknod(null, 0o666 | stat.S_IFCHR, os.makedev(1, 3))  # as /dev/null
        null.write_bytes(b"")
    except OSError:
        pytest.skip("only the administrator makes devices")
    (tmp_path / "link").symlink_to(null)
    for path in (null, tmp_path / "link"):
        files.write(path, b"x")
    assert stat.S_ISCHR(null.stat().st_mode) and (tmp_path / "link").is_symlink()
    with pytest.raises(OSError, match="not a regular file"):
        files.raw(null)
    assert {path.name for path in tmp_path.iterdir()} == {"null", "link"}


@pytest.mark.skipif(os.name == "nt", reason="lets few people make links")
@pytest.mark.parametrize("path", [".", "/", "folder", "loop", "not/there"])
def test_where_no_file_can_be_is_an_error_and_leaves_nothing(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    with pytest.raises(OSError):
        files.write(path, b"x")
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "loop"}
    assert Path("loop").is_symlink()


def test_a_write_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "replace", full)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="no space left"):
        files.write(tmp_path / "a", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@pytest.mark.skipif(os.name == "nt", reason="has other rights")
def test_who_may_read_what_is_written(tmp_path):
    before = os.umask(0o022)
    try:
        files.write(tmp_path / "table", b"")
        files.write(tmp_path / "own", b"", 0o600)
    finally:
        os.umask(before)
    assert (tmp_path / "table").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o600
