"""What bodies must look like (contract sections 1 to 4). Imported by write operations only."""
