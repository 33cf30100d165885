"""Makes docs/promises.md from what the tests of the promises give: `python -m scripts.promises`.

Tests are found by their names: `test_p13_p30_…` belongs to P13 and P30. With `--long` the slow ones run in
full (20 kills on 200,000 rows, 1,000 flipped bits, 5,000 texts, 20 people, 100,000 rows
through the cluster), as the table then says.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "promises.md"
LONG = {"STANCE_KILLS": "20", "STANCE_KILLED_ROWS": "200000", "STANCE_FLIPS": "1000", "STANCE_FUZZ": "5000",
        "STANCE_USERS": "20", "STANCE_USERS_COMMENTS": "2000",
        "STANCE_ENGINE_ROWS": "100000"}
NUMBER = re.compile(r"(?<=_)p([0-9]+)(?=_)")

PROMISES = {
    1: "A run that was killed at any moment is completed by the same command: no row lost, none twice.",
    2: "A run is not gone on with after its input, model or settings changed.",
    3: "A full disk ends in one line and leaves no half file; with room again the same command goes on.",
    4: "Only the folder of the output needs to be writable.",
    5: "An output appears whole or not at all, and never without its manifest.",
    6: "Every row of the input is scored, unscored with a reason, or rejected with line and reason.",
    7: "A distributed engine gives what the command line gives.",
    8: "Memory does not grow with the file.",
    9: "A cap on memory ends in one line, and the run can be gone on with.",
    10: "One comment takes bounded time, whatever it is.",
    11: "Archives are counted while they are unpacked.",
    12: "The limits on uploads hold in our own code too.",
    13: "A bad file is told in words, with the line and what to do.",
    14: "Texts meant to break programs are comments like any other.",
    15: "Whatever bytes a file holds, only our own error comes out.",
    16: "A bad model folder is refused in one line, and none of its code runs.",
    17: "A changed bit of the shipped weights is noticed.",
    18: "With the shipped model no network is needed; a model's name is not fetched unasked.",
    19: "An output says which model and settings made it.",
    20: "A score does not depend on batch, order, neighbours, threads, or the way it is asked for.",
    21: "The same command gives the same bytes.",
    22: "Ids are the file's own, or derived from the row, and stay when rows are added.",
    23: "Text comes out as it went in.",
    24: "Disguised letters score alike.",
    25: "Harmless changes change no label; a negation does.",
    26: "A comment without words has no opinion.",
    27: "Unsure is honest: probabilities are calibrated, and sure labels are wrong less often.",
    28: "The page asks nothing of any host but its own.",
    29: "It listens on loopback only, without statistics, wherever it is started from.",
    30: "Messages and logs hold no comment, author or content of a file.",
    31: "No temporary file is left behind.",
    32: "Two people with twin files get their own scores and downloads.",
    33: "No session sees another's comments.",
    34: "Twenty people can score at once.",
    35: "A tab that is closed stops its job.",
    36: "No cell of the CSV is run by a spreadsheet.",
    37: "The way back from an export is exact.",
    38: "Scores kept from run to run are the same to the last bit, hold no text, and are never needed.",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="the slow tests in full")
    long = parser.parse_args().long
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        named = " or ".join(f"_p{number}_" for number in PROMISES)
        command = [sys.executable, "-m", "pytest", "tests", "-k", named, f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **(LONG if long else {})}, check=False)
        cases = ET.parse(report).iter("testcase")
    outcomes, names = defaultdict(Counter), defaultdict(dict)
    notes = defaultdict(list)
    for case in cases:
        name = case.get("name").split("[")[0]
        for number in map(int, NUMBER.findall(name)):
            outcome, note = outcome_of(case)
            outcomes[number][outcome] += 1
            names[number][name] = case.get("classname").split(".")[1]
            if note and note not in notes[number]:
                notes[number].append(note)
    PAGE.write_text(page(outcomes, names, notes, long))
    print(f"wrote {PAGE.relative_to(ROOT)}")


def outcome_of(case):
    """What came out of a test, and why where it did not pass."""
    for kind in ("failure", "error", "skipped"):
        found = case.find(kind)
        if found is not None:
            missed = kind == "skipped" and found.get("type") == "pytest.xfail"
            outcome = "missed" if missed else "skipped" if kind == "skipped" else "failed"
            reason = found.get("message", "").splitlines()
            return outcome, reason[0] if outcome != "failed" and reason else ""
    return "passed", ""


def page(outcomes, names, notes, long):
    done = ", the slow tests in full" if long else ", the slow tests in their short form"
    lines = [
        "# Promises",
        "",
        "What the desk promises, what was tried, and what came out. Made by `python -m scripts.promises"
        f"{' --long' if long else ''}` on {date.today()}{done}; not written by hand. "
        "*Missed* means that a figure is below its bar, and by how much.",
        "",
        "| | promise | tried by | came out |",
        "| --- | --- | --- | --- |",
    ]
    for number, promise in PROMISES.items():
        files = defaultdict(list)
        for name, file in names[number].items():
            files[file].append(re.sub(r"^test_(p[0-9]+_)+", "", name).replace("_", " "))
        tried = "; ".join(f"{', '.join(what)} (`{file}`)" for file, what in files.items())
        counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes[number].most_common())
        result = f"{counts}{': ' + '; '.join(notes[number]) if notes[number] else ''}"
        lines.append(f"| P{number} | {promise} | {tried or '–'} | {result or 'no test'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
