"""Reading calendar files: the YAML's shape, and every problem with its place."""
