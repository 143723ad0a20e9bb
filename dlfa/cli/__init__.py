"""The commands of ``python -m dlfa``, one module each: options, then what is done with them."""
