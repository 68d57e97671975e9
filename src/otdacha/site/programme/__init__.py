"""The programme on the site: published plans, their pages, and what would be with other money."""
