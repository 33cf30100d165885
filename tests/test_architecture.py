import re
import subprocess
import sys

from tests.conftest import ROOT


def test_imports_go_one_way():
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_importing_the_package_loads_neither_torch_nor_streamlit():
    code = (
        "import sys, stance; stance.read_comments, stance.score_comments, stance.write_scores;"
        "print(sorted({'torch', 'transformers', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_label_colours_stand_in_one_file():
    colour = re.compile(r"#[0-9a-fA-F]{6}")
    style_files = {"labels.py", "looks.py", "shares.py"}  # charts have their greys
    owners = {path.name for path in (ROOT / "stance").rglob("*.py") if colour.search(path.read_text())}
    assert owners <= style_files


def test_no_file_outside_the_page_imports_streamlit():
    users = {
        path.relative_to(ROOT).parts[1]
        for path in (ROOT / "stance").rglob("*.py")
        if re.search(r"^import streamlit|^from streamlit", path.read_text(), re.MULTILINE)
    }
    assert users == {"page"}
