"""The reference implementation, seen from outside: real HTTP over sockets, real databases."""
