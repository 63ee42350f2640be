"""Allure: a run as its results, what it shows around them, and the pages that it makes of them."""
