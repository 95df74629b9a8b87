"""Floor 1: layers, each a function forward and a function backward, with no state of their own."""
