"""What bodies must look like (contract section 3). Imported by write operations only."""
