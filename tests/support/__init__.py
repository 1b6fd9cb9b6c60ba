"""What several test folders share; nothing in here is a test."""
