"""The matrix: the same contract, judged in one environment for each Keras version and each backend."""

__all__ = ["main"]


def main(arguments: list[str], language: str = "en") -> int:
    """Run the command `matrix`; return its exit code.

    Args:
        arguments: what follows `matrix` on the command line.
        language: of everything that is printed: en, it, zh or ko.
    """
    from .command import run

    return run(arguments, language)
