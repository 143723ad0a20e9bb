"""A run's numbers as files: the summary as CSV and JSON, every example as parquet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report
from dlfa.ui.deferred import on_behalf
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.formats import safe_csv

__all__ = ["record_file", "take_along"]

MIME = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def take_along(shown: Shown, report: Report) -> None:
    """Show the downloads; no file is made before it is asked for."""
    from dlfa.analysis.records import EXAMPLES, RUN

    makes: dict[str, Callable[[], bytes]] = {
        "csv": lambda: safe_csv(figures.accuracy_table(report.accuracies, report.provenance)),
        "json": partial(record_file, shown, RUN),
        "parquet": partial(record_file, shown, EXAMPLES),
    }
    with st.container(horizontal=True, gap="small"):
        for kind, make in makes.items():
            st.download_button(
                _(f"evaluate.take.{kind}"),
                data=on_behalf(make),
                file_name=f"evaluation.{kind}",
                mime=MIME[kind],
                key=f"take-{kind}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def record_file(shown: Shown, name: str) -> bytes:
    """Return a file of the run's record, as it lies on the disk or as it would.

    Args:
        shown: the run.
        name: the file's, in the record's folder.

    Raises:
        RunError: it cannot be written.
    """
    from dlfa.analysis.records import write

    if shown.folder is not None and (shown.folder / name).is_file():
        return (shown.folder / name).read_bytes()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "record"
        write(shown.evaluation, folder)
        return (folder / name).read_bytes()
