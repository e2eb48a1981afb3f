"""Import of the list of residents: reading, mapping and judging a file, without ORM nor clock."""
