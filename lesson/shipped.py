"""Files that the course ships beside its notebooks: texts, checkpoints, tables."""

from pathlib import Path

HOME = "content"


def find(name: str, start: str | Path | None = None) -> Path:
    """Find a shipped file, such as "checkpoints/reverse.npz", from any folder of the course.

    Looks in the working folder (or `start`), in its folder "content", and so in each folder above: notebooks find it
    in the repository, and in a browser's drive, where what is in "content" stands at the top.
    Raises ValueError when it is nowhere.
    """
    here = Path.cwd() if start is None else Path(start).resolve()
    for folder in (here, *here.parents):
        for path in (folder / name, folder / HOME / name):
            if path.is_file():
                return path
    raise ValueError(
        f"wanted the file {name}, which the course ships; it is neither in {here} nor in a folder above it"
    )
