"""What the desk answers, one module for each view: scored tables in, small tables out. Draws nothing."""
