"""One module = one operation = one function."""
