"""Write the reference of ``egovdocs.signing`` from its docstrings, by pdoc.

python tools/signing_reference.py [OUT]     # build/docs/signing when left out
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pdoc
import pdoc.docstrings
import pdoc.render

ATTRIBUTE = re.compile(r"^:ivar (\w+):((?:.*\n?)(?:[ \t]+\S.*\n?)*)", re.MULTILINE)

to_markdown = pdoc.docstrings.rst


def with_attributes(contents: str, source_file: Path | None) -> str:
    """Turn the ``:ivar:`` fields, which pdoc does not know, into a list; leave the rest to pdoc."""
    rows = [f"- **{name}**: {' '.join(text.split())}" for name, text in ATTRIBUTE.findall(contents)]
    text = to_markdown(ATTRIBUTE.sub("", contents), source_file)
    return text + ("\n\n###### Attributes\n\n" + "\n".join(rows) if rows else "")


def main(out: Path) -> None:
    pdoc.docstrings.rst = with_attributes
    pdoc.render.configure(docformat="restructuredtext", show_source=False)
    pdoc.pdoc("egovdocs.signing", output_directory=out)
    print(f"egovdocs.signing: {out / 'index.html'}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs/signing"))
