// dialogues
