"""Downloads are made when they are asked for, outside the page's run, but for the same visitor."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import TypeVar

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

__all__ = ["on_behalf"]

Made = TypeVar("Made")


def on_behalf(call: Callable[[], Made]) -> Callable[[], Made]:
    """Bind a call to the visitor whose page this is: their state, as it is then, their language.

    Streamlit runs the ``data`` of a download button in a thread that knows no visitor.

    Args:
        call: takes nothing; what it raises is raised.
    """
    visitor = get_script_run_ctx(suppress_warning=True)

    @wraps(call)
    def bound() -> Made:
        with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, visitor)) as one:
            return one.submit(call).result()

    return bound
