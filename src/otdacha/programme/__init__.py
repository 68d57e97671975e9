"""The budgeted programme of training: who is taught what, where, when, and who pays."""
