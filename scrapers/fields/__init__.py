"""Fields of a row: filing numbers, notes, products, and the keys by which texts are compared."""
