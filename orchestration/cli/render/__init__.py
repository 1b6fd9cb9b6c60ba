"""What the command line shows, a file a command; nothing here finds anything out."""
