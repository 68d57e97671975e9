"""Why no plan can be made: the rules that clash, the missing sum, and the words for both."""
