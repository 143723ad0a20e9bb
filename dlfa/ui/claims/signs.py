"""A sign for each verdict, beside its word."""

from dlfa.results.claims import Verdict

__all__ = ["ICONS", "sign"]

SIGNS: dict[Verdict, str] = {
    "supported": "✓",
    "contradicted": "✗",
    "undecided": "?",
    "structural": "⚙",
    "not_run": "…",
}
ICONS: dict[Verdict, str] = {
    "supported": ":material/check_circle:",
    "contradicted": ":material/cancel:",
    "undecided": ":material/help:",
    "structural": ":material/settings:",
    "not_run": ":material/hourglass_empty:",
}


def sign(verdict: Verdict) -> str:
    """Return one character."""
    return SIGNS[verdict]
