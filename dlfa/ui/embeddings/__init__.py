"""The parts of the page Embeddings: encoder, sentences, how they are drawn, and views of them."""
