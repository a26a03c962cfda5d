"""Files of tokens: what they may say, and that no message about them says a token."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.errors import FileError
from performer.show.tokens import LONGEST, SHORTEST, load_tokens, too_open

FIRST, SECOND, THIRD = "first-token-of-an-event", "second-token-of-one", "third-token-of-one"
TOKENS = st.text(
    st.characters(min_codepoint=32, max_codepoint=126), min_size=SHORTEST, max_size=LONGEST
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tokens.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_names_architects_and_participants(tmp_path: Path) -> None:
    text = f'architect = ["{FIRST}", "{SECOND}"]\n[participant]\nada = "{THIRD}"\n'
    tokens = load_tokens(written(tmp_path, text))
    assert tokens.owners == ((FIRST, ""), (SECOND, ""), (THIRD, "ada"))


@pytest.mark.parametrize("text", [f'architect = ["{FIRST}"]', f'[participant]\nada = "{FIRST}"'])
def test_one_of_both_is_enough(tmp_path: Path, text: str) -> None:
    assert len(load_tokens(written(tmp_path, text)).owners) == 1


def test_nothing_that_is_printed_shows_a_token(tmp_path: Path) -> None:
    tokens = load_tokens(
        written(tmp_path, f'architect = ["{FIRST}"]\n[participant]\nada = "{SECOND}"')
    )
    assert "token-of" not in f"{tokens!r} {tokens}"


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ('architect = ["short-secret"]', "architect[0]", "16 to 64 printable ASCII characters"),
        ('architect = ["short-secret"]', "architect[0]", "found 12"),
        (f'architect = ["{FIRST}", "{"secret" * 11}"]', "architect[1]", "found 66"),
        ('architect = ["sécret-sécret-sécret"]', "architect[0]", "found others in it"),
        ('architect = ["secret-secret\\nsecret"]', "architect[0]", "found others in it"),
        ("architect = [1234567890123456]", "architect[0]", "in quotes"),
        ('architect = "secret-secret-secret"', "architect", "must be a list"),
        (f'architect = ["{FIRST}", "{FIRST}"]', "architect[1]", "that of architect[0]"),
        (f'architect = ["{FIRST}"]\nparticipant.ada = "{FIRST}"', "participant.ada",
         "that of architect[0]"),
        (f'[participant]\nada = "{FIRST}"\nben = "{FIRST}"', "participant.ben",
         "that of participant.ada"),
        ('[participant]\nada = "short-secret"', "participant.ada", "found 12"),
        ("[participant]\nada = [1]", "participant.ada", "in quotes"),
        (f'[participant]\nben = "{FIRST}"\n"Secret Secret Secret" = "ada"', "participant",
         "key 2 must be an id"),
        (f'participant = ["{FIRST}"]', "participant", "must be a table"),
        ("", "", "names nobody"),
        ("[participant]", "", "names nobody"),
        (f'architects = ["{FIRST}"]', "architects", "did you mean architect?"),
        ('architect = ["secret', ":1", "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_without_the_token(
    tmp_path: Path, text: str, where: str, said: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FileError) as caught:
        load_tokens(path)
    assert str(caught.value).startswith(f"{path}{where if where[:1] == ':' else ': ' + where}")
    assert said in str(caught.value)
    for part in ("secret", "Secret", "sécret", "token-of", "1234567890"):
        assert part not in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = 'architect = ["a", "b"]\nwrong = 1\n[participant]\nada = "c"\n"B B" = "d"'
    with pytest.raises(FileError) as caught:
        load_tokens(written(tmp_path, text))
    assert {p.key for p in caught.value.problems} == {
        "architect[0]", "architect[1]", "wrong", "participant", "participant.ada",
    }  # fmt: skip


def test_more_than_a_thousand_are_refused(tmp_path: Path) -> None:
    many = "\n".join(f'p{k} = "{k:020d}"' for k in range(1000))
    whole = load_tokens(written(tmp_path, f"[participant]\n{many}"))
    assert len(whole.owners) == 1000
    with pytest.raises(FileError, match="at most 1000 tokens, found 1001"):
        load_tokens(written(tmp_path, f'architect = ["{FIRST}"]\n[participant]\n{many}'))


@given(tokens=st.lists(TOKENS, min_size=1, max_size=6, unique=True), architects=st.integers(0, 6))
def test_any_tokens_of_that_kind_are_read_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, tokens: list[str], architects: int
) -> None:
    def quoted(token: str) -> str:
        return '"' + token.replace("\\", "\\\\").replace('"', '\\"') + '"'

    text = f"architect = [{', '.join(map(quoted, tokens[:architects]))}]\n[participant]\n"
    people = tokens[architects:]
    text += "\n".join(f"p{k} = {quoted(token)}" for k, token in enumerate(people))
    path = written(tmp_path_factory.getbasetemp(), text)
    owners = [(t, "") for t in tokens[:architects]] + [(t, f"p{k}") for k, t in enumerate(people)]
    assert load_tokens(path).owners == tuple(owners)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    path = written(tmp_path, f'architect = ["{FIRST}"]')
    for mode, warned in ((0o600, False), (0o700, False), (0o640, True), (0o604, True)):
        path.chmod(mode)
        assert ("chmod 600" in too_open(path)) == warned, oct(mode)
    assert too_open(tmp_path / "none.toml") == ""
