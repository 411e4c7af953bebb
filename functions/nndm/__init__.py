"""The NNDM door: Data Mesh Manager's API, 37 operations."""
