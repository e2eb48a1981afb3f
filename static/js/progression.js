// progression
