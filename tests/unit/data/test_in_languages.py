"""A set's sentences in some of its languages."""


def test_a_part_of_a_set_keeps_all_that_is_known_of_its_sentences() -> None:
    from dlfa.data.sentence_sets import built_in
    from dlfa.data.sentences import in_languages

    whole = built_in()
    part = in_languages(whole, ("de", "th"))
    rows = [at for at, code in enumerate(whole.languages) if code in ("de", "th")]
    assert part.texts == tuple(whole.texts[at] for at in rows)
    assert part.items.tolist() == whole.items[rows].tolist()
    assert part.columns["topic"].tolist() == whole.columns["topic"][rows].tolist()
    assert part.digest != whole.digest
    assert in_languages(whole, tuple(set(whole.languages.tolist()))).digest == whole.digest
