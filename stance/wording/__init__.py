"""Small tables in, plain sentences out, one module for each view. Computes no share, draws nothing."""
