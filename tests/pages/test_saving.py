"""What leaves the app: tables, figures, commands."""

import csv
import io
import subprocess

import pytest


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


class TestTables:
    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_text_becomes_a_formula(self, cell):
        from dlfa.ui.saving import safe_csv

        assert read(safe_csv([{"token": cell}]))[1][0].startswith("'")

    def test_numbers_stay_numbers_and_commas_stay_inside(self):
        from dlfa.ui.saving import safe_csv

        rows = read(safe_csv([{"a": -0.5, "b": 'x, "y"\nz', "c": True, "d": "▁the"}]))
        assert rows == [["a", "b", "c", "d"], ["-0.5", 'x, "y"\nz', "True", "▁the"]]

    def test_an_empty_table_is_an_empty_file(self):
        from dlfa.ui.saving import safe_csv

        assert safe_csv([]).decode("utf-8-sig") == ""


class TestFigures:
    def test_a_saved_page_needs_no_network_and_runs_no_text(self):
        import plotly.graph_objects as go

        from dlfa.ui.saving import safe_html

        evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
        drawn = go.Figure(go.Bar(x=[1], y=[1], text=[evil]))
        page = safe_html(drawn, evil, dark=False).decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert 'src="http' not in page
        assert "Plotly.newPlot" in page


class TestCommands:
    @pytest.mark.parametrize(
        "text",
        [
            "plain",
            "it's",
            'a $(rm -rf /) `b` "c"',
            "new\nline",
            "back\\slash\n'",
            "🤷\u202e\x07é",
            "",
        ],
    )
    def test_the_shell_gives_back_the_text(self, text):
        from dlfa.ui.commands import quoted

        script = f"printf %s {quoted(text)}"
        run = subprocess.run(["bash", "-c", script], capture_output=True, env={"LC_ALL": "C.UTF-8"})
        assert run.stdout.decode() == text

    def test_what_cannot_be_seen_is_spelled_out(self):
        from dlfa.ui.commands import predict_command

        assert predict_command("m", ("a\u202eb", "c")).isprintable()

    def test_python_code_gives_back_the_texts(self):
        import ast

        from dlfa.ui.commands import gates_code

        pair = ("it's\n\u202e", '"quoted" \\')
        found = [
            node.value for node in ast.walk(ast.parse(gates_code("m", pair))) if constant(node)
        ]
        assert set(pair) < set(found)


def constant(node) -> bool:
    import ast

    return isinstance(node, ast.Constant)


def test_markdown_prints_as_it_stands():
    from dlfa.ui.guard import literal

    shown = literal("![x](http://y) :red[z] $1$ <b> `c` *d*")
    assert shown.replace("\\", "") == "![x](http://y) :red[z] $1$ <b> `c` *d*"
    assert "](" not in shown
    assert ":red[" not in shown
