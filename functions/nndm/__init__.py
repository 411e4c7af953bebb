"""The NNDM door: Data Mesh Manager's API, 37 operations, and what its later clients need."""
