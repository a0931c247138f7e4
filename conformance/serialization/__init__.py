"""How values are written in requests and read back: parameters in every style, bodies of every media type."""
