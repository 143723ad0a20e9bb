"""The rows of a file of any size: each with its number, or the reason why it cannot be used."""

import json
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

TEXTS = ["Der Hund schläft.", "The dog, asleep.", "狗在睡觉。"]


@pytest.fixture
def rows(tmp_path: Path):
    """Write a file and read its rows."""

    def read(data: bytes | str, name: str, column: str = "") -> list[tuple[int, str, str]]:
        from dlfa.data.row_streams import open_rows

        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return [tuple(row) for row in open_rows(tmp_path / name, column)]

    return read


def packed(folder: Path, **columns) -> bytes:
    parquet.write_table(pa.table(columns), folder / "made")
    return (folder / "made").read_bytes()


WANTED = [(number, text, "") for number, text in enumerate(TEXTS, start=1)]


class TestFormats:
    def test_a_line_is_a_sentence(self, rows):
        assert rows("\n".join(TEXTS), "a.txt") == WANTED
        assert rows("\r\n".join(TEXTS) + "\r\n", "a") == WANTED

    def test_blank_lines_keep_the_numbers_of_the_others(self, rows):
        assert rows("a\n\n  \nb\n", "a.txt") == [(1, "a", ""), (4, "b", "")]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_marks_of_an_encoding_are_understood(self, rows, encoding):
        assert rows("\n".join(TEXTS).encode(encoding), "a.txt") == WANTED

    def test_a_table_with_names_and_one_without(self, rows):
        quoted = [f'{number},"{text}"' for number, text, _ in WANTED]
        assert rows("\n".join(["id,sentence", *quoted]), "a.csv") == WANTED
        assert rows("\n".join(quoted), "a.csv") == WANTED
        assert rows("\n".join(quoted).replace(",", ";", 1), "a.csv", "2")[0] == WANTED[0]

    def test_tabs_part_the_cells_of_tsv(self, rows):
        lines = [f"{text}\t{number}" for number, text, _ in WANTED]
        assert rows("\n".join(lines), "a.tsv") == WANTED

    @pytest.mark.parametrize("splitter", ["\t", ","])
    @pytest.mark.parametrize("where", [0, 3_000])
    def test_marks_that_do_not_match_swallow_no_rows(self, rows, splitter, where):
        """As for a file that is uploaded, and also where they stand far from the beginning."""
        texts = [f"sentence {number}" for number in range(4_000)]
        texts[where] = '"Hello'
        table = "\n".join([f"text{splitter}id", *(f"{text}{splitter}{text}" for text in texts)])
        found = rows(table, "a.tsv" if splitter == "\t" else "a.csv")
        assert [text for _, text, _ in found] == texts

    def test_a_cell_may_hold_line_breaks(self, rows):
        assert rows('text,id\n"a\nb",1\nc,2\n', "a.csv") == [(1, "a\nb", ""), (2, "c", "")]

    def test_json_lines(self, rows):
        lines = [json.dumps({"id": number, "text": text}) for number, text, _ in WANTED]
        assert rows("\n".join(lines), "a.jsonl") == WANTED

    def test_parquet(self, rows, tmp_path):
        assert rows(packed(tmp_path, id=[1, 2, 3], text=TEXTS), "a.parquet") == WANTED

    @pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
    def test_any_column_may_be_named_and_a_missing_one_is(self, rows, tmp_path, name):
        from dlfa.errors import TextError

        data = {
            "a.csv": "text,other\nx,y\n",
            "a.jsonl": '{"text": "x", "other": "y"}\n',
            "a.parquet": packed(tmp_path, text=["x"], other=["y"]),
        }[name]
        assert rows(data, name, "other") == [(1, "y", "")]
        with pytest.raises(TextError, match=r"nothing.+other"):
            rows(data, name, "nothing")

    @pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
    @pytest.mark.parametrize("title", ["x" * 70, "two  blanks", ""])
    def test_a_name_that_is_shown_otherwise_is_found(self, rows, tmp_path, name, title):
        line = json.dumps({title: "Hello."}) + "\n"
        data = line if name == "a.jsonl" else packed(tmp_path, **{title: ["Hello."]})
        assert rows(data, name) == [(1, "Hello.", "")]

    def test_of_parquet_columns_of_one_name_the_chosen_one_is_read(self, rows, tmp_path):
        table = pa.Table.from_arrays([pa.array(["x"]), pa.array(["Hello."])], names=["a", "a"])
        parquet.write_table(table, tmp_path / "made")
        assert rows((tmp_path / "made").read_bytes(), "a.parquet") == [(1, "Hello.", "")]


class TestWhatIsRefused:
    def test_what_is_no_character(self, rows):
        found = rows("Grüße\n".encode() + "Größe\n".encode("cp1252") + b"fine\n", "a.txt")
        assert [refused for _, _, refused in found] == ["", "bytes", ""]

    def test_a_line_that_is_no_object_and_one_without_the_text(self, rows):
        found = rows('{"text": "a"}\n[1]\n{"text": "b"\n{"x": 1}\n{"text": "c"}\n', "a.jsonl")
        assert found[1:] == [(2, "", "broken"), (3, "", "broken"), (4, "", "empty"), (5, "c", "")]

    def test_more_cells_than_columns(self, rows):
        assert rows("text,id\na,1\nb,c,2\n", "a.csv")[1][2] == "cells"

    def test_a_line_longer_than_any_sentence_is_told_once(self, rows, monkeypatch):
        from dlfa.data import row_streams

        monkeypatch.setattr(row_streams, "LARGEST", 100)
        found = rows("a\n" + "x" * 1_000 + "\nb\n", "a.txt")
        assert found == [(1, "a", ""), (2, "", "long"), (3, "b", "")]

    @pytest.mark.parametrize(
        ("data", "name", "key"),
        [
            (b"PK\x03\x04 and more", "a.txt", "error.own.spreadsheet"),
            (b"\x1f\x8b\x08\x00", "a.txt", "error.own.binary"),
            ("text".encode("utf-32"), "a.txt", "error.own.binary"),
            (b"PAR1 nothing", "a.parquet", "error.own.parquet"),
            (b"not json\n", "a.jsonl", "error.own.json.sentences"),
            (b"", "a.csv", "error.own.empty"),
        ],
    )
    def test_a_file_that_is_none_gets_its_own_sentence(self, rows, data, name, key):
        from dlfa.errors import TextError

        with pytest.raises(TextError) as caught:
            rows(data, name)
        assert caught.value.key == key

    def test_a_file_that_is_not_there(self, tmp_path):
        from dlfa.data.row_streams import open_rows
        from dlfa.errors import TextError

        for path in (tmp_path / "nothing.txt", tmp_path):
            with pytest.raises(TextError):
                open_rows(path)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_memory_does_not_grow_with_the_file(tmp_path, name):
    from dlfa.data.row_streams import open_rows

    text = "a sentence " * 200
    line = {"a.txt": text, "a.csv": f"{text},1", "a.jsonl": json.dumps({"text": text})}
    path = tmp_path / name
    path.write_text("\n".join([line[name]] * 2_000))
    tracemalloc.start()
    stream = open_rows(path)
    count = sum(1 for _ in stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_000
    assert stream.share == pytest.approx(1)
    assert peak < path.stat().st_size / 2
