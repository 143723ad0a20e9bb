"""What leaves the app: tables, figures, commands."""

import csv
import io
import shutil
import subprocess

import pytest

from tests.pages.visitor import Open, figures, word

CODE = r"\input{/etc/passwd} 50% of $x_1$ & #2 {a} ~b^c \\"


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


class TestCsv:
    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_text_becomes_a_formula(self, cell):
        from dlfa.ui.formats import safe_csv

        assert read(safe_csv([{"token": cell}]))[1][0].startswith("'")

    def test_numbers_stay_numbers_and_commas_stay_inside(self):
        from dlfa.ui.formats import safe_csv

        rows = read(safe_csv([{"a": -0.5, "b": 'x, "y"\nz', "c": True, "d": "▁the"}]))
        assert rows == [["a", "b", "c", "d"], ["-0.5", 'x, "y"\nz', "True", "▁the"]]

    def test_an_empty_table_is_an_empty_file(self):
        from dlfa.ui.formats import latex, safe_csv

        assert safe_csv([]).decode("utf-8-sig") == ""
        assert latex([]) == b""


class TestLatex:
    def test_has_the_rules_of_booktabs_and_every_cell(self):
        from dlfa.ui.formats import latex

        rows = [{"head": "D_8", "share": 0.25}, {"head": "D_9", "share": -1.5}]
        table = latex(rows).decode()
        assert [table.count(rule) for rule in ("\\toprule", "\\midrule", "\\bottomrule")] == [1] * 3
        assert "D\\_8 & 0.2500 \\\\" in table
        assert "D\\_9 & -1.5000 \\\\" in table

    def test_no_text_is_a_command(self):
        from dlfa.ui.formats import latex

        body = latex([{"token_%": CODE, "n": 1}, {"token_%": "b", "n": 2}]).decode()
        lines = [line for line in body.splitlines() if not line.startswith("%")]
        assert "\\input" not in "\n".join(lines)
        (row,) = [line for line in lines if "passwd" in line]
        for plain in "%$_&#{}":
            assert f"\\{plain}" in row
        assert row.count("&") - row.count("\\&") == 1  # one column ends, as it should

    def test_says_once_where_its_numbers_come_from(self):
        from dlfa.ui.formats import latex

        rows = [{"head": head, "backbone": "e5-small", "state": "raw"} for head in ("a", "b")]
        table = latex(rows, {"seed": 7, "device": "two\nlines\\end{document}", "command": ""})
        comment = [line for line in table.decode().splitlines() if line.startswith("%")]
        assert "% backbone: e5-small" in comment
        assert "% seed: 7" in comment
        assert "% device: two lines\\end{document}" in comment
        assert table.decode().count("e5-small") == 1
        assert "command" not in table.decode()

    def test_a_column_that_differs_stays_in_the_table(self):
        from dlfa.ui.formats import latex

        rows = [{"head": "a", "backbone": name} for name in ("e5-small", "mbert")]
        assert "a & mbert" in latex(rows).decode()

    def test_a_long_table_breaks_over_pages(self):
        from dlfa.ui.formats import latex

        assert b"\\begin{longtable}" in latex([{"n": at} for at in range(100)])
        assert b"\\begin{tabular}" in latex([{"n": at} for at in range(10)])

    def test_latex_reads_it(self, tmp_path):
        if (engine := shutil.which("xelatex") or shutil.which("lualatex")) is None:
            pytest.skip("no XeLaTeX or LuaLaTeX here")
        from dlfa.ui.formats import latex

        rows = [{"token_%": CODE, "n": at} for at in range(50)]
        text = "\\documentclass{article}\\usepackage{booktabs,longtable}\\begin{document}\n"
        (tmp_path / "a.tex").write_text(f"{text}{latex(rows).decode()}\\end{{document}}")
        run = [engine, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
        assert subprocess.run(run, cwd=tmp_path, capture_output=True).returncode == 0


class TestFigures:
    def test_a_saved_page_needs_no_network_and_runs_no_text(self):
        import plotly.graph_objects as go

        from dlfa.ui.formats import safe_html

        evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
        drawn = go.Figure(go.Bar(x=[1], y=[1], text=[evil]))
        page = safe_html(drawn, evil, ground="#FFFFFF").decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert 'src="http' not in page
        assert "Plotly.newPlot" in page

    def test_a_saved_page_names_its_language_and_its_figure(self):
        import plotly.graph_objects as go

        from dlfa.ui.formats import safe_html

        page = safe_html(go.Figure(), "Words & signs", ground="#12151B", language="de").decode()
        assert '<html lang="de">' in page
        assert 'aria-label="Words &amp; signs"' in page
        assert "<title>Words &amp; signs</title>" in page
        assert "background:#12151B" in page


class TestOnThePage:
    @pytest.mark.parametrize("page", ["predict", "gates"])
    def test_every_figure_has_every_kind_of_file(self, open_app: Open, page):
        app = open_app(page)
        keys = {button.key for button in app.get("download_button")}
        pictures = {one.key for one in app.get("bidi_component")}
        for name in figures(app):
            assert {f"{name}-html", f"{name}-csv", f"{name}-tex"} <= keys
            assert f"{name}-pictures" in pictures

    def test_a_table_is_made_when_it_is_asked_for(self):
        from dlfa.ui.saving import _made

        rows = [{"a": 1}]
        assert _made(rows) is rows
        assert _made(lambda: rows) is rows


class TestReproduce:
    @pytest.mark.parametrize("page", ["predict", "gates"])
    def test_says_all_that_the_numbers_depend_on(self, open_app: Open, page):
        from dlfa import __version__

        app = open_app(page)
        assert app.code[0].value.strip()
        table = next(one.value for one in app.table if word("ui.reproduce.what") in one.value)
        facts = dict(
            zip(table[word("ui.reproduce.what")], table[word("ui.reproduce.value")], strict=True)
        )
        wanted = "backbone state checkpoint revision device dtype seed gate_init versions".split()
        assert set(facts) == {word(f"ui.fact.{name}") for name in wanted}
        assert all(str(value).strip() for value in facts.values())
        versions = facts[word("ui.fact.versions")].replace("\\", "")
        assert f"dlfa {__version__}" in versions
        for library in ("python", "torch", "transformers", "tokenizers", "numpy"):
            assert f"{library} " in versions


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


def test_markdown_prints_as_it_stands():
    from dlfa.ui.guard import literal

    shown = literal("![x](http://y) :red[z] $1$ <b> `c` *d*")
    assert shown.replace("\\", "") == "![x](http://y) :red[z] $1$ <b> `c` *d*"
    assert "](" not in shown
    assert ":red[" not in shown
