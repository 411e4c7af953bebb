"""The DPX door: clients of the Data Product Exchange (Data Product Hub) API and the catalog calls that belong to it."""
