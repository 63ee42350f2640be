"""``python -m preflight`` is the console command."""

from preflight.cli import main

if __name__ == "__main__":
    main()
