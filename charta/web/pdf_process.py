# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The separate process in which typst sets one PDF: what runs wild is ended, and its memory goes with it.

Started by `charta.web.pdf` by its path, so that nothing of the application is loaded. A job comes as JSON on
standard input: `root` (folder of our typst files), `file` in it, `data` (JSON text), `memory_bytes`,
`seconds`. The answer on standard output is one line of JSON (`tagged`: the standard reached; `unprintable`:
the characters no font has) and then the PDF.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

REPLACEMENT = "□"
_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}")
# Latin, Greek, Cyrillic, punctuation, arrows, mathematics and boxes.
_UNCOMMON = re.compile("[^\x00-\u02ff\u0370-\u052f\u1e00-\u1fff\u2010-\u25ff]")
_ROUNDS = 4  # an error names all glyphs missing; each replacement can show at most a few more


def main() -> None:
    """Do one job."""
    job = json.load(sys.stdin.buffer)
    _limit(job["memory_bytes"], job["seconds"])
    root, file, data = Path(job["root"]), job["file"], job["data"]
    try:
        tagged, unprintable, pdf = _set(root, file, data)
    except Exception as error:  # noqa: BLE001 -- typst's errors have no common class
        # The sentence only: a source line of ours says where, and people's texts stay out of the log.
        sys.exit(f"{type(error).__name__}: {str(error)[:300]}")
    except BaseException:  # noqa: BLE001 -- a panic of typst's Rust code is no Exception
        # Known of typst 0.15: long lines from right to left in which glyphs are missing.
        tagged, unprintable, pdf = _set(root, file, _UNCOMMON.sub(REPLACEMENT, data))
    head = {"tagged": tagged, "unprintable": sorted(unprintable)}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + pdf)


def _limit(memory_bytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows; the caller's timeout stays
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _set(root: Path, file: str, data: str) -> tuple[str, set[str], bytes]:
    """Return (standard, characters replaced, PDF): PDF/UA-1 where it can be had, else plain tagged."""
    import typst

    unprintable: set[str] = set()
    for _round in range(_ROUNDS):
        try:
            return "ua-1", unprintable, _compile(typst, root, file, data, ["ua-1"])
        except typst.TypstError as error:
            found = missing_characters(error.diagnostic) - unprintable
        if not found:
            break  # something else than a glyph: a plain file may still be possible
        unprintable |= found
        data = data.translate({ord(char): REPLACEMENT for char in found})
    return "plain", unprintable, _compile(typst, root, file, data, [])


def _compile(typst: Any, root: Path, file: str, data: str, standards: list[str]) -> bytes:
    pdf: bytes = typst.compile(
        root / file,
        root=root,
        format="pdf",
        ignore_system_fonts=True,  # the same file on every machine
        sys_inputs={"data": data},
        pdf_standards=standards,
    )
    return pdf


def missing_characters(diagnostic: str) -> set[str]:
    """Return the characters that typst's error says no font has."""
    texts = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _MISSING.findall(diagnostic))
    return {char for text in texts for char in text if ord(char) > 127}


if __name__ == "__main__":
    main()
