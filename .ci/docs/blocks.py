"""The blocks of a page of the book, as the scripts beside this file read them.

A comment of HTML on the line before a block says what is done with it:

    <!-- file: PATH -->                      the block is the whole file
    <!-- append: PATH -->                    it is added to the file's end
    <!-- in: PATH, after: LINE -->           it is put below the one line that reads so
    <!-- in: PATH, replaces: LINE -->        it takes that line's place
    <!-- not run: REASON -->                 a console block that is checked elsewhere

In a block `console` each line that begins with `$ ` is a command; what stands below it up to the next one is what it prints.
`[..]` is any text within a line, a line `...` any lines, a last line `? N` the exit code where it is not 0.
"""

import os
import re
import subprocess
from pathlib import Path

NOTE = re.compile(r"<!-- (file|append|in|not run|page): (.*) -->")


class Block:
    """A fenced block: its language, its lines, and what the comment before it says."""

    def __init__(self, language, lines, note, line):
        self.language, self.lines, self.note, self.line = language, lines, note, line

    def text(self):
        return "".join(line + "\n" for line in self.lines)


def blocks(page):
    """Every block of the page's text, and the page's own note."""
    found, own, note = [], None, None
    lines = page.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        said = NOTE.fullmatch(line)
        if said and said[1] == "page":
            own = said[2]
        elif said:
            note = (said[1], said[2])
        elif line.startswith("```"):
            end = next(i for i in range(at + 1, len(lines)) if lines[i] == "```")
            found.append(Block(line[3:].split(",")[0], lines[at + 1 : end], note, at + 1))
            note, at = None, end
        elif line.strip():
            note = None
        at += 1
    return found, own


def calls(block):
    """The commands of a console block, each with the lines that it prints and its exit code."""
    found = []
    for line in block.lines:
        if line.startswith("$ "):
            found.append([line[2:], [], 0])
        elif line.startswith("? "):
            found[-1][2] = int(line[2:])
        else:
            found[-1][1].append(line)
    for call in found:
        while call[1] and not call[1][-1]:
            call[1].pop()
    return found


def run(command, folder, path):
    """Runs a command in bash; gives its exit code and lines: standard output, and standard error where it failed."""
    # No colour, no width of a terminal.
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "NO_COLOR": "1"}
    # Into a pipe tables are as wide as they are, unless this says otherwise.
    environment.pop("COLUMNS", None)
    ended = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder, env=environment,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
    text = ended.stdout + (ended.stderr if ended.returncode else "")
    return ended.returncode, [line.rstrip() for line in text.rstrip("\n").split("\n")] if text else []


def fits(expected, got):
    """Whether what was printed is what the page shows."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(fits(expected[1:], got[start:]) for start in range(len(got) + 1))
    if not got:
        return False
    pattern = ".*".join(re.escape(part) for part in expected[0].rstrip().split("[..]"))
    return re.fullmatch(pattern, got[0]) is not None and fits(expected[1:], got[1:])


def edit(root, block):
    """Does to the files below `root` what the block's comment says."""
    kind, said = block.note
    if kind in ("file", "append"):
        path = Path(root, said)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if kind == "file" else "a") as file:
            file.write(block.text())
        return
    name, how, wanted = re.fullmatch(r"(\S+), (after|replaces): (.*)", said).groups()
    path = Path(root, name)
    lines = path.read_text().split("\n")
    places = [at for at, line in enumerate(lines) if line.strip() == wanted]
    if len(places) != 1:
        raise SystemExit(f"{name}: {len(places)} lines read {wanted!r}, must be one")
    lines[places[0] + (how == "after") : places[0] + 1] = block.lines
    path.write_text("\n".join(lines))
