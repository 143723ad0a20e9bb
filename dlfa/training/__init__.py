"""Recipes that fine-tune an encoder and its heads."""
