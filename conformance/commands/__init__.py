"""What each command of the command line does: a module for each, imported when it is called for."""
