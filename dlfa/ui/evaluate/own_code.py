"""How to make the numbers of a visitor's own file again: a few lines of Python."""

from collections.abc import Mapping

from dlfa.data.columns import Columns

__all__ = ["own_code"]


def own_code(
    model: str, file: str, columns: Columns, means: Mapping[str, str], heads: tuple[str, ...]
) -> str:
    """Return the lines; they need nothing but the file.

    Args:
        model: a checkpoint's name or folder.
        file: its name.
        columns: which of its columns is what.
        means: which of the model's labels the file's labels mean.
        heads: names, or ``("all",)``.
    """
    chosen = repr("all") if heads == ("all",) else repr(heads)
    return (
        "from pathlib import Path\n\n"
        "import dlfa\n"
        "from dlfa.analysis.evaluation import begin\n"
        "from dlfa.analysis.reports import report\n"
        "from dlfa.data.columns import Columns\n"
        "from dlfa.data.own import labelled\n"
        "from dlfa.data.sheets import read\n\n"
        f"model = dlfa.load({model!a})\n"
        f"file = Path({file!a})\n"
        "sheet = read(file.read_bytes(), file.name)\n"
        f"columns = {columns!r}\n"
        f"own = labelled(sheet, columns, model.labels, {dict(means)!a})\n"
        f'run = begin(model, split="own", examples=own.rows, heads={chosen}, store=False)\n'
        "for progress in run.go():\n"
        "    pass\n"
        "found = report(run.evaluation())\n"
        "found.accuracies.average"
    )
