"""Reading: every bad file is told apart. Writing: the old file survives every failure."""

import os
import resource
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from performer.errors import DeviceError, FileError, Problem
from performer.show.files import (
    FilesError,
    data_folder,
    find,
    names,
    read_text,
    read_toml,
    write_atomic,
)
from performer.show.presets import save_preset


def refused(path: Path) -> Problem:
    """The one problem that `read_toml` finds."""
    with pytest.raises(FileError) as caught:
        read_toml(path)
    assert caught.value.file == path
    (problem,) = caught.value.problems
    return problem


@contextmanager
def disk_full_after(size: int) -> Generator[None]:
    """A real limit of the system: no file of this process grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\n\n\nb 2", 4),
        ("a = 1\na = 2\n", 2),
        ('a = "open\n', 1),
        ("a = [1,\n2,\n", 3),
        ("\x00", 1),
    ],
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    """Lines are the author's, counted from 1, also at the end of the file."""
    path = tmp_path / "x.toml"
    path.write_text(text)
    problem = refused(path)
    assert problem.line == line
    assert "not valid TOML" in problem.message
    assert "(at " not in problem.message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a = 1\nb = '\xff\xfe'\n", "not UTF-8 text: byte 0xff"),
        (bytes(range(256)), "not UTF-8 text: byte 0x80"),
        (b"# " + b"x" * (1 << 20), "larger than 1 MiB"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"a = " + b"9" * 5000, "not valid TOML"),
    ],
)
def test_what_is_not_text_or_too_much_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    """Binary garbage, huge files, huge numbers and deep nests."""
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    assert says in refused(path).message


def test_binary_garbage_names_its_line(tmp_path: Path) -> None:
    """The line of the first byte that is not text."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"a = 1\n\nb = '\xff'\n")
    assert refused(path).line == 3


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Nothing there, a folder, a pipe that nobody writes to, an impossible name."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe", Path("a\0b")):
        assert "no such file" in refused(path).message


def test_the_largest_file_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """Exactly 1 MiB is not too much; Windows editors begin files with a mark."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"#" * (1 << 20))
    assert read_toml(path) == {}
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_toml(path) == {"a": 1, "b": 2}


def test_writing_keeps_one_backup(tmp_path: Path) -> None:
    """The file as it was before the last write is `name~`, and nothing else is left over."""
    path = tmp_path / "x.toml"
    for text in ("one", "two", "three ü"):
        write_atomic(path, text)
    assert path.read_text("utf-8") == "three ü"
    assert (tmp_path / "x.toml~").read_text() == "two"
    assert len(list(tmp_path.iterdir())) == 2


def test_writing_keeps_permissions_and_links(tmp_path: Path) -> None:
    """A file stays as private as it was; a link goes on pointing at the file."""
    path, link = tmp_path / "x.toml", tmp_path / "link.toml"
    write_atomic(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    link.symlink_to(path)
    write_atomic(link, b"two")
    assert link.is_symlink()
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("old", "new"), [(10, 2000), (2000, 10)])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, old: int, new: int) -> None:
    """Whether the new file or the backup does not fit."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"o" * old)
    (tmp_path / "x.toml~").write_bytes(b"before")
    with disk_full_after(500), pytest.raises(DeviceError, match="old file is untouched"):
        write_atomic(path, b"n" * new)
    assert path.read_bytes() == b"o" * old
    assert (tmp_path / "x.toml~").read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_full_disk_leaves_the_old_preset(tmp_path: Path) -> None:
    """The same promise for saving from the console."""
    path = tmp_path / "luna.toml"
    path.write_bytes(find("preset", "luna").read_bytes())
    with disk_full_after(100), pytest.raises(DeviceError):
        save_preset(path, {"/tempo": 60})
    assert path.read_bytes() == find("preset", "luna").read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_may_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    """Root may write everywhere, so a child process stops being root first."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"old")
    tmp_path.chmod(0o555)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setuid(65534)
            write_atomic(path, b"new")
        except DeviceError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_none_is_a_device_error(tmp_path: Path) -> None:
    """The message names the file and what to try."""
    (tmp_path / "file").write_text("")
    for folder in ("none", "file"):
        with pytest.raises(DeviceError, match=r"x\.toml could not be written .* another folder"):
            write_atomic(tmp_path / folder / "x.toml", b"")


def test_files_are_found_by_name() -> None:
    """The bundled ones, through the folder that a checkout and a wheel both have."""
    assert (data_folder() / "presets").is_dir()
    assert find("show", "luna-circle").is_file()
    assert find("preset", "luna").name == "luna.toml"
    assert {"luna", "ember"} <= set(names("preset"))
    assert find("generator", "moon").suffix == ".fs"


@pytest.mark.parametrize("name", ["", ".", "..", "../presets/luna", "/etc/passwd", "a\0", "luna\n"])
def test_a_name_is_never_a_path(name: str) -> None:
    """Names come from OSC: nothing outside the folder can be meant."""
    with pytest.raises(FileError, match=r"There are: .*luna"):
        find("preset", name)


def test_a_name_that_is_nearly_right_is_answered() -> None:
    """The nearest name and all there are."""
    with pytest.raises(
        FileError, match=r"no preset 'lunna', did you mean luna\? There are: daybreak"
    ):
        find("preset", "lunna")


def test_several_files_make_one_error(tmp_path: Path) -> None:
    """All lines of all files, each with its own file."""
    a = FileError(tmp_path / "a", [Problem("bad", line=3), Problem("worse", key="k[1]")])
    b = FileError(tmp_path / "b", [Problem("ugly")])
    both = FilesError([a, b])
    assert str(both).splitlines() == [
        f"{tmp_path}/a:3: bad",
        f"{tmp_path}/a: k[1]: worse",
        f"{tmp_path}/b: ugly",
    ]
    assert both.errors == (a, b)


def test_bundled_files_are_toml() -> None:
    """Whatever they mean, tomllib reads them without help."""
    for path in (data_folder() / "presets").rglob("*.toml"):
        assert read_toml(path) == tomllib.loads(read_text(path))
