"""The views of the page Attribution, from one head's words to translations."""
