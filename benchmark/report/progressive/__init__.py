"""The report of the study of Algorithm 1: tables, a figure and the findings in words, from cells alone."""
