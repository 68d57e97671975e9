"""Files that the site gives away: what is in them, and how they are sent."""
