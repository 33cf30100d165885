"""Training: labelled and raw comments in, a checkpoint out. Nothing at run time imports from here."""
