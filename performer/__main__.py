"""`python -m performer` is the same program as `performer`."""

from performer.cli import main

if __name__ == "__main__":
    main()
