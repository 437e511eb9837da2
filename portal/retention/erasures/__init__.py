"""Erasing what is over of a person: these categories, or all of her where nothing else is held; and what stayed."""
