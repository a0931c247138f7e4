"""`python -m reference_impl`, which says so if the packages that it needs are missing."""

from __future__ import annotations

import sys


def main() -> int:
    try:
        from reference_impl.cli import main as run
    except ModuleNotFoundError as error:
        if str(error.name).startswith(__package__):
            raise
        sys.stderr.write(
            f"reference_impl: the package {error.name} is not installed. Install what the reference needs: "
            'pip install "api-conformance[reference]"\n'
        )
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
