"""`python -m scrapers.divisions`: write the seed again."""

from scrapers.divisions.seed import main

main()
