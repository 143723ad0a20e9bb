"""How far a run is, in words."""

from dlfa.messages import _, of_task
from dlfa.ui.jobs import Job
from dlfa.ui.task import kind_of

__all__ = ["progress_words"]

MINUTE = 60.0  # seconds
FAST = 10.0  # pairs per second from which on decimals say nothing


def progress_words(job: Job) -> str:
    """Say how far a run is, how fast, and how long it will take."""
    step = job.progress
    if step is None:
        return _("evaluate.progress.preparing")
    counts = {"answered": f"{step.answered:,}", "total": f"{step.total:,}"}
    parts = [of_task("evaluate.progress", kind_of(job.model), **counts)]
    if step.answered >= step.total:
        parts.append(_("evaluate.progress.finishing"))
    elif step.rate > 0:
        parts.append(
            _("evaluate.progress.rate", rate=f"{step.rate:,.{0 if step.rate >= FAST else 1}f}")
        )
        parts.append(_left((step.total - step.answered) / step.rate))
    if job.ahead:
        parts.append(_("ui.queue.place", ahead=job.ahead))
    return " · ".join(parts)


def _left(seconds: float) -> str:
    if seconds >= 2 * MINUTE:
        return _("evaluate.progress.minutes", minutes=f"{seconds / MINUTE:,.0f}")
    return _("evaluate.progress.seconds", seconds=f"{seconds:.0f}")
