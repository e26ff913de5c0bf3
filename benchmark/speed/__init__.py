"""Speed: each stage of the product against what a user would pick instead, as ratios of one run."""
