"""One module per operation of the NAV dataproduct API."""
