"""The site of the documentation: the pages of docs/ with a reference generated from the code."""
