"""What bodies must look like."""
