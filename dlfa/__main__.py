"""The command line: ``python -m dlfa predict | attribute | train | sweep | evaluate | intervene |
robustness | embed | layers | claims | publish | precompute``.
"""

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence

from dlfa.cli import (
    attribute,
    claims,
    embed,
    evaluate,
    intervene,
    layers,
    precompute,
    predict,
    publish,
    robustness,
    sweep,
    train,
)
from dlfa.errors import DlfaError
from dlfa.messages import _

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    root = argparse.ArgumentParser(prog="python -m dlfa", description=_("cli.description"))
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    predict.add(commands.add_parser("predict", help=_("cli.predict.help")))
    attribute.add(commands.add_parser("attribute", help=_("cli.attribute.help")))
    train.add(commands.add_parser("train", help=_("cli.train.help")))
    sweep.add(commands.add_parser("sweep", help=_("cli.sweep.help")))
    evaluate.add(commands.add_parser("evaluate", help=_("cli.evaluate.help")))
    intervene.add(commands.add_parser("intervene", help=_("cli.intervene.help")))
    robustness.add(commands.add_parser("robustness", help=_("cli.robustness.help")))
    embed.add(commands.add_parser("embed", help=_("cli.embed.help")))
    layers.add(commands.add_parser("layers", help=_("cli.layers.help.measures")))
    claims.add(commands.add_parser("claims", help=_("cli.claims.help")))
    publish.add(commands.add_parser("publish", help=_("cli.publish.help")))
    precompute.add(commands.add_parser("precompute", help=_("cli.precompute.help")))
    return root


def quieten() -> None:
    """Leave standard error to our own words: no library's reports and progress bars."""
    for name in ("HF_HUB_DISABLE_PROGRESS_BARS", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    warnings.filterwarnings("ignore", module="transformers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; expected failures end with one sentence and status 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "transformers", "datasets", "accelerate"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    options = parser().parse_args(arguments)
    try:
        quieten()
        options.run(options)
    except DlfaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(_("cli.interrupted") + "\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
