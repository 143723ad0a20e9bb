"""The parts of the page Tag: what is typed, the text with its tags, and views of them."""
