"""Several small pictures in one figure: where they stand, and their axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dlfa.figures.frame import Pixels, Settings, heading
from dlfa.figures.palette import Look

__all__ = ["Panels"]


@dataclass(frozen=True, kw_only=True)
class Panels:
    """A grid of pictures, filled line by line from the top; they are zoomed together."""

    count: int
    columns: int
    across: float = 0.0
    """Gap between two columns, as a share of the figure's width."""
    down: float = 0.0
    """Gap between two lines, as a share of the figure's height."""
    widths: Sequence[Pixels] = ()
    """Relative widths of the columns; empty: all alike."""
    heights: Sequence[Pixels] = ()
    """Relative heights of the lines; empty: all alike."""

    @property
    def lines(self) -> int:
        """How many lines of pictures there are."""
        return ceil(self.count / self.columns)

    def on(self, at: int) -> Settings:
        """Return what places a trace on picture ``at``, counted from 0."""
        return {"xaxis": f"x{_number(at)}", "yaxis": f"y{_number(at)}"}

    def axes(self, across: Settings, down: Settings) -> dict[str, Settings]:
        """Return the axes of all pictures, alike; token labels stand in the first column."""
        axes: dict[str, Settings] = {}
        for at in range(self.count):
            x, y = self._domains(at)
            first = at % self.columns == 0
            follows = {"matches": "y"} if at else {}
            axes[f"xaxis{_number(at)}"] = across | {"domain": x, "anchor": f"y{_number(at)}"}
            axes[f"yaxis{_number(at)}"] = (
                down
                | {"domain": y, "anchor": f"x{_number(at)}", **follows}
                | ({} if first else {"showticklabels": False})
            )
        return axes

    def _domains(self, at: int) -> tuple[list[float], list[float]]:
        """Return the part of the figure's width and height that a picture covers."""
        line, column = divmod(at, self.columns)
        shares = self.widths or [1.0] * self.columns
        room = (1 - self.across * (self.columns - 1)) / sum(shares)
        left = room * sum(shares[:column]) + self.across * column
        parts = self.heights or [1.0] * self.lines
        unit = (1 - self.down * (self.lines - 1)) / sum(parts)
        top = 1 - unit * sum(parts[:line]) - self.down * line
        bottom = max(0.0, top - unit * parts[line])
        return [left, min(1.0, left + room * shares[column])], [bottom, min(1.0, top)]

    def title_below(self, look: Look, text: str, *, ticks: bool) -> Settings:
        """Return one title for all x axes, in the middle below them.

        Args:
            look: desk or projector.
            text: its words; on a phone two panels have no room for two of them.
            ticks: whether the axes have labels, which need room above it.
        """
        place = {"x": 0.5, "xref": "paper", "y": 0, "yref": "paper", "yanchor": "top"}
        font = {"size": look.small, "color": look.text}
        shift = -(1.6 if ticks else 0.4) * look.small
        return {"text": text, "showarrow": False, "font": font, "yshift": shift} | place

    def heading(self, at: int, look: Look, text: str) -> Settings:
        """Return a heading above a picture, at its left edge."""
        place = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
        return heading(look, text, **place, **_domain(at))


def _domain(at: int) -> Settings:
    return {"xref": f"x{_number(at)} domain", "yref": f"y{_number(at)} domain"}


def _number(at: int) -> str:
    return "" if at == 0 else str(at + 1)
