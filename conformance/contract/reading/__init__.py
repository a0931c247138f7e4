"""Reading documents: YAML or JSON at a path or a URL, with the files they refer to gathered into one value."""
