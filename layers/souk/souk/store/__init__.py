"""The store port and its adapters. Nothing above the port knows which adapter serves it."""
