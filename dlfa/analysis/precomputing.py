"""Computes what the page Embeddings shows of the built-in sentences at once, and writes it down."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, get_args

from dlfa.analysis.embedding import Embedder, embed, load_encoder
from dlfa.analysis.families import Level, language_tree
from dlfa.analysis.layer_maps import pca_map, umap_map, with_stability
from dlfa.analysis.layer_measures import MEASURES, measure
from dlfa.analysis.neighbours import nearest
from dlfa.analysis.pos_probe import pos_probe
from dlfa.analysis.precomputed import stamp, write
from dlfa.analysis.probes import language_probe
from dlfa.analysis.silhouettes import silhouette
from dlfa.data.sentence_sets import built_in
from dlfa.errors import MissingDataError, OfflineError
from dlfa.results import LayerMap, LayerVectors, Probe, SentenceSet, head_gate

__all__ = ["DEFAULTS", "precompute"]

DEFAULTS = ("e5-small-xnli", "e5-small")
NEAR, TOLD = 15, 5  # neighbours that a map's quality counts, and that are named
READINGS = {"raw": False, "centred": True}
LABELLINGS = ("language", "label", "topic")
LEVELS: tuple[Level, ...] = get_args(Level)

Named = tuple[str, Any]
Tell = Callable[[str], object]


def precompute(name: str, tell: Tell = lambda what: None) -> Path:
    """Compute everything for one encoder and write it into the repository.

    Args:
        name: a trained model's, or an encoder's; see `dlfa.analysis.embedder.load_encoder`.
        tell: called with the name of each result before it is computed.

    Returns:
        the file.

    Raises:
        DlfaError: the encoder cannot be loaded.
    """
    embedder, sentences = load_encoder(name), built_in()
    spaces = (*embedder.layers, *(head for head in embedder.heads if head_gate(head) != "aff"))
    vectors = embed(embedder, sentences.texts, spaces)
    found: dict[str, Any] = {}
    for parts in (_maps, _measures):
        for title, make in parts(vectors, sentences):
            tell(title)
            found[title] = make()
    tell("probe/pos")
    probe = _words(embedder, spaces)
    if probe is not None:
        found["probe/pos"] = probe
    return write(Path(name).name, stamp(embedder.digest, sentences), found)


def _maps(vectors: LayerVectors, sentences: SentenceSet) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield maps and neighbours, named, each to be made."""
    for reading, centred in READINGS.items():
        centre = sentences.languages if centred else None
        yield f"neighbours/{reading}", partial(nearest, vectors, TOLD, centre)
        for dims in (2, 3):
            about: dict[str, Any] = {"centred": centred, "dims": dims, "k": NEAR}
            yield f"map/pca/{dims}/{reading}", partial(pca_map, vectors, sentences, **about)
            yield f"map/umap/{dims}/{reading}", partial(_umap, vectors, sentences, **about)


def _umap(vectors: LayerVectors, sentences: SentenceSet, **about: Any) -> LayerMap | None:
    found = umap_map(vectors, sentences, **about)
    return found and with_stability(found, vectors, sentences)


def _measures(
    vectors: LayerVectors, sentences: SentenceSet
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield measures, the probe of language and the trees, named, each to be made."""
    both = vectors, sentences
    for name, (reading, centred) in product(MEASURES, READINGS.items()):
        title = f"measure/{name}/english/{reading}"
        yield title, partial(measure, name, *both, centred=centred)
    for by, (reading, centred) in product(LABELLINGS, READINGS.items()):
        title = f"measure/silhouette-{by}/english/{reading}"
        yield title, partial(silhouette, *both, by, centred=centred)
    yield "probe/language", partial(language_probe, *both)
    for level in LEVELS:
        yield f"tree/{level}", partial(language_tree, *both, level=level)


def _words(embedder: Embedder, spaces: tuple[str, ...]) -> Probe | None:
    """Return the probe of parts of speech; None where the treebanks are not at hand."""
    try:
        return pos_probe(embedder, spaces=spaces)
    except (MissingDataError, OfflineError):
        return None
