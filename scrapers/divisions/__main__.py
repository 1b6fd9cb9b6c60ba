"""`python -m scrapers.divisions` generates the seed."""

from scrapers.divisions.seed import main

main()
