"""The NAV door: self-service grants on data products (contract of the dataproduct API, prefix /api/v1)."""
