"""`python -m ccm`."""

from ccm.cli.app import main

if __name__ == "__main__":
    main()
