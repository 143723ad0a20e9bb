"""A visitor's own sentences: whatever the file, no row is lost in silence."""

import io
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

ROWS = [
    ("Der Hund schläft.", "de", "1", "a"),
    ("The dog sleeps.", "en", "1", "a"),
    ("Le chien dort.", "fr", "1", "b"),
]
HEADER = ("text", "language", "item", "topic")


def sheet(data: bytes | str, name: str = "a.csv"):
    from dlfa.data.sentence_files import read_sentences

    return read_sentences(data.encode() if isinstance(data, str) else data, name)


def own(data: bytes | str, name: str = "a.csv", **chosen):
    from dataclasses import replace

    from dlfa.data.sentence_files import guessed_columns, own_sentences

    found = sheet(data, name)
    return own_sentences(found, replace(guessed_columns(found), **chosen))


def csv(rows=ROWS, header=HEADER, splitter: str = ",") -> str:
    return "\n".join(splitter.join(row) for row in (header, *rows))


def packed(**columns) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def jsonl(rows=ROWS, header=HEADER) -> str:
    return "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows)


class TestColumns:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (csv(), "a.csv"),
            (csv(splitter="\t"), "a.tsv"),
            (jsonl(), "a.jsonl"),
            (
                packed(**dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))),
                "a.parquet",
            ),
        ],
        ids=["csv", "tsv", "jsonl", "parquet"],
    )
    def test_every_format_gives_the_same(self, data, name):
        found = own(data, name).sentences
        assert list(zip(found.texts, found.languages.tolist(), strict=True)) == [
            row[:2] for row in ROWS
        ]
        assert found.items.tolist() == ["1", "1", "1"]
        assert found.columns["topic"].tolist() == ["a", "a", "b"]
        assert not found.guessed.any()

    def test_a_text_file_has_a_sentence_a_line_commas_and_all(self):
        found = own("Ja, nein, vielleicht, wer weiß?\r\n\r\nNo, no, and no again.\n", "a.txt")
        assert found.sentences.texts == ("Ja, nein, vielleicht, wer weiß?", "No, no, and no again.")
        assert found.refused == {}

    def test_without_names_the_longest_cells_are_the_text(self):
        from dlfa.data.sentence_files import guessed_columns

        found = guessed_columns(sheet("7,This is the sentence.\n8,And this another one.\n"))
        assert (found.text, found.headed) == ("2", False)

    def test_any_column_may_be_chosen(self):
        found = own(csv(), text="topic", language="", code="sw", item="text", groups=("item",))
        assert found.sentences.texts == ("a", "b")
        assert found.sentences.languages.tolist() == ["sw", "sw"]
        assert found.sentences.copies.tolist() == [2, 1]
        assert found.merged == 1
        assert found.sentences.columns["item"].tolist() == ["1", "1"]

    def test_a_missing_column_is_named_with_those_there_are(self):
        from dlfa.errors import TextError

        with pytest.raises(TextError, match=r"nothing.+language"):
            own(csv(), text="nothing")

    def test_a_column_that_is_something_else_is_not_taken_for_the_sentences(self):
        from dlfa.errors import TextError

        assert own("lang,id\nen,1\nde,2").sentences.texts == ("1", "2")
        with pytest.raises(TextError) as refused:
            own("lang,id\nen,1\nde,2", text="lang")
        assert refused.value.key == "error.own.twice"

    def test_rows_of_the_same_item_are_translations_whatever_their_order(self):
        found = own(csv(ROWS[::-1])).sentences
        assert found.languages.tolist() == ["fr", "en", "de"]
        assert set(found.items.tolist()) == {"1"}


class TestLanguages:
    def test_where_no_column_says_it_is_guessed_and_the_guess_told(self):
        found = own(csv(), language="").sentences
        assert found.languages.tolist() == ["de", "en", "fr"]
        assert found.guessed.all()

    def test_a_file_s_common_languages_are_expected_of_its_other_rows(self):
        """One by one these are Bulgarian, Macedonian and Dutch."""
        from dlfa.data.guessing import guessed_languages
        from dlfa.data.sentence_sets import built_in
        from dlfa.data.sentences import in_languages

        odd = ["Дети лепят снеговика.", "Звезда падает над морем.", "Niemand ging ans Telefon."]
        usual = in_languages(built_in(), ("de", "ru")).texts
        found = own("\n".join([*odd, *usual]), "a.txt").sentences
        assert found.languages[:3].tolist() == ["ru", "ru", "de"]
        assert guessed_languages(odd) == ["bg", "mk", "nl"]

    def test_only_empty_cells_are_guessed(self):
        rows = [("Le chien dort sur le canapé.", "", "1", ""), ("dog", "German", "2", "")]
        found = own(csv(rows)).sentences
        assert found.languages.tolist() == ["fr", "de"]
        assert found.guessed.tolist() == [True, False]

    def test_what_is_no_language_is_told(self):
        found = own(csv([("a b", "Klingonese", "1", ""), ("c d", "en", "1", "")]))
        assert found.strange == {"Klingonese": 1}
        assert found.sentences.languages.tolist() == ["und", "en"]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            (("x" * 5001, "en", "1", ""), "long"),
            (("x" * 1_000_000, "en", "1", ""), "long"),
            (("fine", "en", "1" * 201, ""), "long"),
            (("", "en", "1", ""), "empty"),
            (("\u200b", "en", "1", ""), "empty"),
            (("one", "en", "1", "", "two"), "cells"),
        ],
    )
    def test_a_row_is_told_with_its_number_and_why(self, cells, reason):
        found = own(csv([ROWS[0], cells, ROWS[1]]))
        assert found.refused == {reason: (2,)}
        assert len(found.sentences.texts) == 2

    def test_a_line_that_is_no_object(self):
        found = own(jsonl() + "\n[1, 2\n", "a.jsonl")
        assert found.refused == {"broken": (4,)}
        assert len(found.sentences.texts) == 3

    def test_lines_in_two_encodings(self):
        data = csv(ROWS[1:]).encode() + "\nGrüße aus Köln,de,2,\n".encode("cp1252")
        data += "Größe,de,3,\n".encode()
        found = own(data)
        assert found.refused == {"bytes": (3,)}
        assert len(found.sentences.texts) == 3

    def test_a_formula_is_the_characters_that_it_is(self):
        found = own(csv([("=1+1", "en", "1", ""), ('"=cmd|a!b"', "en", "2", "")]))
        assert found.sentences.texts == ("=1+1", "=cmd|a!b")

    def test_rows_beyond_the_limit_are_counted(self):
        rows = [(f"sentence {number}", "en", str(number), "") for number in range(30_000)]
        for data, name in ((csv(rows), "a.csv"), (jsonl(rows), "a.jsonl")):
            found = own(data, name)
            assert len(found.sentences.texts) == 20_000
            assert found.left_out == 10_000
        texts = "\n".join(row[0] for row in rows)
        assert own(texts, "a.txt").left_out == 10_000

    def test_a_public_instance_takes_fewer(self, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        rows = [(f"sentence {number}", "en", str(number), "") for number in range(6_000)]
        assert own(csv(rows)).left_out == 1_000

    @pytest.mark.parametrize(
        ("data", "name", "key"),
        [
            (b"x" * 20_000_001, "a.csv", "error.own.large"),
            (b"", "a.csv", "error.own.empty"),
            (b"\n\n", "a.txt", "error.own.empty"),
            (b"{not json", "a.jsonl", "error.own.json.sentences"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.csv", "error.own.binary"),
            (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "a.csv.gz", "error.own.binary"),
            (b"PAR1 nothing", "a.parquet", "error.own.parquet"),
            (",".join(map(str, range(200))).encode(), "a.csv", "error.own.columns"),
        ],
    )
    def test_a_file_that_is_none_gets_its_own_sentence(self, data, name, key):
        from dlfa.errors import TextError

        with pytest.raises(TextError) as caught:
            sheet(data, name)
        assert caught.value.key == key

    def test_an_archive_is_not_unpacked(self):
        from dlfa.errors import TextError

        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("a.csv", b"0" * 50_000_000)
        with pytest.raises(TextError) as caught:
            sheet(file.getvalue(), "a.csv")
        assert caught.value.key == "error.own.spreadsheet"

    def test_a_file_without_a_usable_row_says_so(self):
        from dlfa.errors import TextError

        with pytest.raises(TextError, match="text"):
            own(csv([("", "en", "1", "")] * 3))


class TestParquet:
    def test_a_public_instance_reads_none(self, monkeypatch):
        from dlfa.errors import PolicyError

        monkeypatch.setenv("DLFA_PUBLIC", "1")
        with pytest.raises(PolicyError, match="CSV"):
            sheet(packed(text=["a"]), "a.parquet")

    def test_values_of_other_types_are_written_out(self):
        data = packed(text=["a b", None, "c d"], item=[1.0, 2.5, None], deep=[[1], [2], [3]])
        found = sheet(data, "a.parquet")
        assert found.keys == ("text", "item", "deep")
        assert found.rows == (("a b", "1", ""), ("", "2.5", ""), ("c d", "", ""))
        assert own(data, "a.parquet").refused == {"empty": (2,)}

    def test_rows_beyond_the_limit_are_counted_and_not_read(self):
        found = sheet(packed(text=[f"s {number}" for number in range(30_000)]), "a.parquet")
        assert len(found.rows) == 20_000
        assert found.left_out == 10_000

    def test_what_would_unpack_to_too_much_is_refused_before_it_is(self, monkeypatch):
        from dlfa.errors import TextError

        file = io.BytesIO()
        table = pa.table({"text": ["x" * 1_000_000 + str(number) for number in range(250)]})
        parquet.write_table(table, file, compression="zstd", use_dictionary=False)
        assert len(file.getvalue()) < 1_000_000
        monkeypatch.setattr(parquet, "ParquetFile", None)  # what unpacks
        with pytest.raises(TextError, match="250") as caught:
            sheet(file.getvalue(), "bomb.parquet")
        assert caught.value.key == "error.own.unpacked"

    @pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
    def test_a_text_that_is_repeated_is_in_memory_once(self, kind):
        """2,000 times a megabyte is a small file."""
        file = io.BytesIO()
        schema = pa.schema([("text", kind)])
        chunk = pa.table({"text": pa.array(["x" * 1_000_000] * 100, kind)}, schema=schema)
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for _ in range(20):
                writer.write_table(chunk)
        assert len(file.getvalue()) < 1_000_000
        found = sheet(file.getvalue(), "bomb.parquet")
        assert len(found.rows) == 2_000
        assert len({id(row[0]) for row in found.rows if row}) <= 20

    @pytest.mark.parametrize(
        "kind", [pa.binary(), pa.list_(pa.int64()), pa.dictionary(pa.int32(), pa.binary())], ids=str
    )
    def test_a_column_that_is_no_text_stays_packed(self, kind, monkeypatch):
        """1,000 times ten megabytes are a small file, too."""
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        wide = pa.array([b"x" if pa.types.is_binary(plain) else [1]] * 3, plain)
        wide = wide.dictionary_encode() if pa.types.is_dictionary(kind) else wide
        read, first = [], parquet.ParquetFile.iter_batches

        def told(file, size, columns=None, **options):
            read.append(columns)
            return first(file, size, columns=columns, **options)

        monkeypatch.setattr(parquet.ParquetFile, "iter_batches", told)
        found = sheet(packed(text=["a", "b", "c"], wide=wide), "a.parquet")
        assert found.rows == (("a", ""), ("b", ""), ("c", ""))
        assert read == [["text"]]

    def test_bytes_that_are_no_text_refuse_their_row_alone(self):
        western, unicode = "Grüße".encode("cp1252"), "Grüße".encode()
        letters = western + unicode
        ends = np.array([0, len(western), len(letters)], np.int32)
        texts = pa.Array.from_buffers(
            pa.string(), 2, [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(letters)]
        )
        found = own(packed(text=texts), "a.parquet")
        assert found.refused == {"bytes": (1,)}
        assert found.sentences.texts == ("Grüße",)

    def test_a_time_that_no_calendar_has_loses_no_row(self):
        far = pa.array([2**60, 0], pa.timestamp("ms"))
        found = sheet(packed(text=["a", "b"], seen=far), "a.parquet")
        assert [row[0] for row in found.rows if row] == ["a", "b"]

    def test_too_many_columns_are_refused(self):
        from dlfa.errors import TextError

        with pytest.raises(TextError, match="150"):
            sheet(packed(**{f"c{number}": ["a"] for number in range(150)}), "a.parquet")
