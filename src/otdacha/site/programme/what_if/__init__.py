"""What if there were other money: questions, their queue, the process that answers, the answers."""
