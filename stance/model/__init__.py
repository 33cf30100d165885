"""The classifier: texts and targets in, probabilities out. Knows no files of comments and no page."""
