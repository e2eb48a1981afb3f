"""The round: everyday acts planned for each person, validated together « sauf… »."""
