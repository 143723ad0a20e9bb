"""The command that makes a page's numbers again, safe to copy into a shell whatever the text."""

import shlex
from collections.abc import Sequence

__all__ = ["predict_command", "quoted", "table_command", "tag_command", "train_command"]


def predict_command(model: str, pair: tuple[str, str], heads: tuple[str, ...] = ("all",)) -> str:
    """Return the command line of a prediction."""
    premise, hypothesis = map(quoted, pair)
    return (
        f"python -m dlfa predict {premise} {hypothesis} "
        f"--model {quoted(model)} --heads {' '.join(heads)} --json"
    )


def table_command(model: str, heads: tuple[str, ...] = ("all",)) -> str:
    """Return the command line that answers a downloaded table of pairs."""
    named = " ".join(heads)
    return (
        f"python -m dlfa predict --pairs pairs.tsv --model {quoted(model)} --heads {named} --json"
    )


def tag_command(model: str, texts: Sequence[str]) -> str:
    """Return the command line that tags sentences."""
    said = " ".join(f"--text={quoted(text)}" for text in texts)
    return f"python -m dlfa predict {said} --model {quoted(model)} --json"


def train_command(backbone: str, task: str, tokens: int, *, forecast: bool = False) -> str:
    """Return the command line that trains an encoder's heads, or that says how long it takes."""
    ending = " --forecast" if forecast else ""
    return (
        f"python -m dlfa train --task {task} --backbone {quoted(backbone)} --recipe joint "
        f"--max-tokens {tokens}{ending}"
    )


def quoted(text: str) -> str:
    """Return a text as one word for bash or zsh; what cannot be seen is spelled out."""
    if text.isprintable():
        return shlex.quote(text)
    shown = (_spelled(character) for character in text)
    return f"$'{''.join(shown)}'"


def _spelled(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
