"""The views of the page Gates, from one layer of one pair to many pairs."""
