"""Small tables in, Plotly figures out, one module for each kind of chart. Computes no share."""
