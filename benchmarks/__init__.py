"""Each headline number as one command that prints a ratio measured in one run."""
