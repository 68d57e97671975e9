"""The wage next door on the site: a published comparison of wages, its map, its municipalities."""
