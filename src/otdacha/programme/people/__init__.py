"""Who works where, and what each department and person does: the roster as plans see it."""
