"""The tests; a package only so that they and `docs/screenshots.py` can share `tests.serving`."""
